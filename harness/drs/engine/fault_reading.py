"""Reading the faults that are set, where they matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harness.drs.engine.faults import (
    Injection,
    Kind,
    RateLimit,
    ReplicationState,
)

if TYPE_CHECKING:
    from harness.drs.engine.region import Region


def active(region: Region, kind: type[Kind]) -> Iterator[Kind]:
    """Go through the faults of one kind that hold in a Region."""
    for fault in region.faults:
        if isinstance(fault, kind) and fault.holds_in(
            region.account_id, region.name
        ):
            yield fault


def latest(region: Region, kind: type[Kind]) -> Kind | None:
    """Find the fault of a kind that was set last, if one is."""
    found = None
    for found in active(region, kind):
        pass
    return found


def of_server(region: Region, kind: type[Kind], server_id: str) -> Kind | None:
    """Find the last fault of a kind that concerns a server.

    A fault whose ``server_id`` is None concerns every server.
    """
    found = None
    for fault in active(region, kind):
        if getattr(fault, "server_id", None) in (None, server_id):
            found = fault
    return found


def strike(region: Region, kind: type[Kind], operation: str) -> Kind | None:
    """Find a fault of an operation that still strikes, and count it.

    A fault with ``times`` strikes as often, one without strikes always.
    """
    for injection in region.faults.injections:
        fault = injection.fault
        if not isinstance(fault, kind) or injection.until is not None:
            continue
        if _strikes(region, injection, operation):
            injection.struck += 1
            return fault
    return None


def over_rate(region: Region, operation: str) -> timedelta | None:
    """Count a call against the rate limits of its operation.

    Returns:
        How long the caller must wait, None if the call may pass.
    """
    now = region.now()
    for each in region.faults.injections:
        fault = each.fault
        if not isinstance(fault, RateLimit):
            continue
        if each.until is not None or not _strikes(region, each, operation):
            continue
        place = (region.account_id, region.name)
        since = now - fault.within
        recent = [at for at in each.calls.get(place, []) if at > since]
        if len(recent) >= fault.calls:
            return min(recent, default=now) - since
        each.calls[place] = [*recent, now]
    return None


def disturbed(region: Region, server_id: str, at: datetime) -> str | None:
    """Tell which replication state a fault gave a server at a time.

    Faults that were taken away since count for the time they were set.
    """
    state = None
    for each in region.faults.injections:
        fault = each.fault
        if not isinstance(fault, ReplicationState):
            continue
        if fault.server_id != server_id or not fault.holds_in(
            region.account_id, region.name
        ):
            continue
        if each.at <= at and (each.until is None or at < each.until):
            state = fault.state
    return state


def _strikes(region: Region, injection: Injection, operation: str) -> bool:
    fault = injection.fault
    times = getattr(fault, "times", None)
    return (
        getattr(fault, "operation", None) == operation
        and fault.holds_in(region.account_id, region.name)
        and (times is None or injection.struck < times)
    )
