"""`mock_aws` with DRS in it, for a time that a test moves itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.config import DefaultConfig
from moto.core.models import DEFAULT_ACCOUNT_ID, MockAWS

from harness import drs

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class MockSettings:
    """What the emulator is like in a mock; see `drs.reset`."""

    seed: int = 0
    profile: drs.Profile = drs.LINUX
    options: drs.EmulatorOptions = field(default_factory=drs.EmulatorOptions)


class MockDrs(MockAWS):
    """moto's mock with DRS plugged in and empty.

    It decorates functions and test classes and serves in a `with`
    statement, as `mock_aws` does. Mocks may be nested in one another; the
    one entered last decides what DRS is like.
    """

    def __init__(
        self, settings: MockSettings, config: DefaultConfig | None = None
    ) -> None:
        """Prepare a mock.

        Args:
            settings: What the emulator is like.
            config: moto's own configuration.
        """
        super().__init__(config)
        self._settings = settings
        self._advanced = timedelta(0)

    def __enter__(self) -> MockDrs:
        """Begin, with nothing in any account."""
        super().__enter__()
        return self

    def start(self, reset: bool = True) -> None:
        """Begin; without a reset what is there stays, as moto has it."""
        drs.register()
        super().start(reset=reset)
        if reset:
            self._advanced = timedelta(0)
            settings = self._settings
            drs.reset(
                settings.seed, settings.profile, settings.options, self.now
            )

    def stop(self, remove_data: bool = True) -> None:
        """End; time is the process's own again."""
        super().stop(remove_data=remove_data)
        if remove_data:
            drs.reset()

    def now(self) -> datetime:
        """Tell DRS's time: the process's, and what a test let pass."""
        return datetime.now(UTC) + self._advanced

    def advance(self, seconds: float) -> None:
        """Let time pass in DRS, and what is due happen.

        Nothing else notices: to move the time of EC2 as well, or of the
        code under test, move that of the process (time-machine, freezegun).

        Args:
            seconds: None or fewer do nothing.
        """
        target = self.now() + timedelta(seconds=max(seconds, 0))
        while (moment := drs.next_event_at()) and moment <= target:
            drs.advance_to(moment)
        self._advanced += timedelta(seconds=max(seconds, 0))

    def region(
        self,
        region_name: str = DEFAULT_REGION,
        account_id: str = DEFAULT_ACCOUNT_ID,
    ) -> drs.Region:
        """Find DRS of an account in a Region."""
        return drs.region(account_id, region_name)

    def add_source_server(self, hostname: str, **properties: Any) -> str:
        """Add a server to the default account and Region.

        Args:
            hostname: Its name.
            properties: Those of `SourceServerSeed`, such as `tags`.

        Returns:
            Id of the source server.
        """
        seed = drs.SourceServerSeed(hostname, **properties)
        return self.region().add_source_server(seed)


def mock(
    decorated: Callable[..., Any] | None,
    settings: MockSettings,
    config: DefaultConfig | None,
) -> Any:
    """Make a mock, or decorate with one."""
    made = MockDrs(settings, config)
    return made if decorated is None else made(decorated)
