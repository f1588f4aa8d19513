"""The two ways in which tests reach the emulator.

In process, moto answers boto3 by itself. Over HTTP, a server of its own
process does, which is told everything else by control requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from moto.moto_api._internal.models import moto_api_backend

from harness import drs
from harness.drs.engine import fault_documents
from tests.unit.harness.drs.conformance.tally import IN_PROCESS, OVER_HTTP

if TYPE_CHECKING:
    import time_machine

    from tests.local_server import Server

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """An account and a Region."""

    account_id: str
    region_name: str

    def document(self) -> dict[str, str]:
        return {"account_id": self.account_id, "region": self.region_name}


class World(Protocol):
    """An emulator, whichever way it is reached, and its time.

    Attributes:
        mode: Name of the way.
        clock: The time of this process, which is that of the emulator.
        endpoint: URL for clients, None if moto answers them itself.
    """

    mode: ClassVar[str]
    clock: time_machine.Traveller

    @property
    def endpoint(self) -> str | None: ...

    def restart(
        self, seed: int, profile: drs.Profile, options: drs.EmulatorOptions
    ) -> None:
        """Forget everything and go back to the first moment."""

    def advance(self, seconds: float) -> None: ...

    def add(self, place: Place, seed: drs.SourceServerSeed) -> str: ...

    def trust(self, place: Place, *account_ids: str) -> None:
        """Say which accounts may extend the servers of a place."""

    def inject(self, fault: drs.Fault) -> None: ...

    def withdraw(self, fault: drs.Fault) -> None: ...

    def faults(self) -> list[drs.Fault]: ...

    def next_event_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class InProcess:
    """The emulator of this process, which goes by this process's time."""

    clock: time_machine.Traveller
    mode: ClassVar[str] = IN_PROCESS
    endpoint: None = None

    def restart(
        self, seed: int, profile: drs.Profile, options: drs.EmulatorOptions
    ) -> None:
        moto_api_backend.reset()
        drs.reset(seed, profile, options)
        self.clock.move_to(START)

    def advance(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def add(self, place: Place, seed: drs.SourceServerSeed) -> str:
        return self.region(place).add_source_server(seed)

    def trust(self, place: Place, *account_ids: str) -> None:
        trusted = self.region(place).trusted_accounts
        trusted.clear()
        trusted.update(account_ids)

    def inject(self, fault: drs.Fault) -> None:
        drs.inject(fault)

    def withdraw(self, fault: drs.Fault) -> None:
        drs.withdraw(fault)

    def faults(self) -> list[drs.Fault]:
        return list(drs.faults)

    def next_event_at(self) -> datetime | None:
        return drs.next_event_at()

    def region(self, place: Place) -> drs.Region:
        return drs.region(place.account_id, place.region_name)


@dataclass(frozen=True)
class OverHttp:
    """The emulator of a server whose time only these tests advance."""

    clock: time_machine.Traveller
    server: Server
    mode: ClassVar[str] = OVER_HTTP

    @property
    def endpoint(self) -> str:
        return self.server.url

    def restart(
        self, seed: int, profile: drs.Profile, options: drs.EmulatorOptions
    ) -> None:
        choices = drs.document_of(options), drs.document_of(profile)
        document = dict(zip(("options", "profile"), choices, strict=True))
        self._post("reset", {"seed": seed, **document})
        self.clock.move_to(START)

    def advance(self, seconds: float) -> None:
        self._post("clock/advance", {"seconds": seconds})
        self.clock.shift(timedelta(seconds=seconds))

    def add(self, place: Place, seed: drs.SourceServerSeed) -> str:
        document = {**drs.document_of(seed), **place.document()}
        made = self._post("source-servers", document)
        return str(made["sourceServerId"])

    def trust(self, place: Place, *account_ids: str) -> None:
        document = {**place.document(), "trusted": list(account_ids)}
        self._post("trusted-accounts", document)

    def inject(self, fault: drs.Fault) -> None:
        self._post("faults", fault_documents.document_of(fault))

    def withdraw(self, fault: drs.Fault) -> None:
        self.server.controls.delete(
            "faults", fault_documents.document_of(fault)
        )

    def faults(self) -> list[drs.Fault]:
        found = self.server.controls.get("faults")["faults"]
        return [drs.fault_from(each) for each in found]

    def next_event_at(self) -> datetime | None:
        moment = self.server.controls.get("clock")["nextEventAt"]
        return moment and datetime.fromisoformat(moment)

    def _post(self, control: str, document: dict[str, Any]) -> Any:
        return self.server.controls.post(control, document)
