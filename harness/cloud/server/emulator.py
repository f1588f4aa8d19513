"""What control requests may ask of the DRS emulator, read from JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from harness import drs
from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.server.requests import ControlError

T = TypeVar("T")


@dataclass(frozen=True)
class Choices:
    """What DRS is like in a new world, None for the server's settings."""

    profile: drs.Profile | None = None
    options: drs.EmulatorOptions | None = None


@dataclass(frozen=True)
class _Place:
    account_id: str = HUB_ACCOUNT
    region: str = DEFAULT_REGION


@dataclass(frozen=True)
class _Trust:
    trusted: tuple[str, ...]


def choices(document: dict[str, Any]) -> Choices:
    """Read the `profile` and the `options` of a new world.

    A profile is the name of one, or its spans.

    Raises:
        ControlError: A value does not fit.
    """
    given = {key: document[key] for key in document if key != "seed"}
    profile = given.get("profile")
    if isinstance(profile, str):
        if profile not in drs.PROFILES:
            known = ", ".join(drs.PROFILES)
            raise ControlError(
                400, f"No profile {profile!r}; there are {known}"
            )
        given.pop("profile")
    found = _read(lambda: drs.record_from(Choices, given, "a reset"))
    named = drs.PROFILES[profile] if isinstance(profile, str) else None
    return Choices(named or found.profile, found.options)


def add_source_server(document: dict[str, Any]) -> dict[str, Any]:
    """Add a source server, as its agent would.

    Args:
        document: Fields of `drs.SourceServerSeed`, and where it is:
            `account_id` and `region`, the hub's by default.

    Raises:
        ControlError: A value does not fit, or the id is in use.
    """
    place, rest = _placed(document)
    seed = _read(
        lambda: drs.record_from(drs.SourceServerSeed, rest, "a source server")
    )
    server_id = _read(lambda: _region(place).add_source_server(seed))
    return {
        "sourceServerId": server_id,
        "hostname": seed.hostname,
        "accountId": place.account_id,
        "region": place.region,
    }


def trust(document: dict[str, Any]) -> dict[str, Any]:
    """Say which accounts may extend the servers of an account.

    Args:
        document: `trusted`, a list of account ids, and where: `account_id`
            and `region`, the hub's by default.

    Raises:
        ControlError: A value does not fit.
    """
    place, rest = _placed(document)
    wanted = _read(lambda: drs.record_from(_Trust, rest, "a trust"))
    region = _region(place)
    region.trusted_accounts.clear()
    region.trusted_accounts.update(wanted.trusted)
    return {"trusted": sorted(region.trusted_accounts)}


def fault(document: dict[str, Any]) -> drs.Fault:
    """Read a fault.

    Raises:
        ControlError: It is none.
    """
    return _read(lambda: drs.fault_from(document))


def _placed(document: dict[str, Any]) -> tuple[_Place, dict[str, Any]]:
    names = ("account_id", "region")
    place: dict[str, Any] = {k: v for k, v in document.items() if k in names}
    rest = {k: v for k, v in document.items() if k not in names}
    return _read(lambda: drs.record_from(_Place, place, "a place")), rest


def _region(place: _Place) -> drs.Region:
    try:
        return drs.region(place.account_id, place.region)
    except KeyError as error:
        message = f"There is no DRS in {place.region!r}"
        raise ControlError(400, message) from error


def _read(reading: Callable[[], T]) -> T:
    try:
        return reading()
    # Of the emulator: each says in a sentence what does not fit.
    except ValueError as error:
        raise ControlError(400, str(error)) from error
