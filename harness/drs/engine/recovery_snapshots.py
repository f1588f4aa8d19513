"""The recovery snapshots of a source server: a ladder by the clock.

Nothing is stored: which snapshots exist follows from the time, from the
server's policy and from the states its replication was in.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.drs.engine import fault_reading, replication
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.replication_configuration import PitRule

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class RecoverySnapshot:
    """A recovery snapshot; ``number`` orders those of a server by time.

    ``at`` is when it was taken, ``expected_at`` when it should have been.
    """

    snapshot_id: str
    server_id: str
    at: datetime
    expected_at: datetime
    volume_snapshot_id: str

    @property
    def number(self) -> int:
        """The time in whole microseconds."""
        return int(self.at.timestamp() * 1_000_000)


def ladder(region: Region, server: SourceServer) -> list[RecoverySnapshot]:
    """List the snapshots of a server, oldest first.

    An extended server has the snapshots of its staging server, under ids
    of its own unless the options say otherwise.
    """
    delay = region.options.snapshots.delay
    home, source = region, server
    if server.staging_arn is not None:
        found = replication.staging(region, server)
        if found is None or replication.is_beginning(server):
            return []
        home, source = found
    taken = {
        at + delay: at
        for at in _expected(home, source)
        if _was_taken(home, source, at + delay)
    }
    on_demand = server.on_demand_at
    if on_demand and region.options.snapshots.lists_on_demand:
        taken[on_demand] = on_demand
    return [_snapshot(region, server, *each) for each in sorted(taken.items())]


def find(
    region: Region, server: SourceServer, snapshot_id: str
) -> RecoverySnapshot | None:
    """Find a snapshot that still exists by its id."""
    for snapshot in ladder(region, server):
        if snapshot.snapshot_id == snapshot_id:
            return snapshot
    return None


def _expected(region: Region, server: SourceServer) -> Iterator[datetime]:
    """Go through the times of the snapshots that are kept by now."""
    now = region.now() - region.options.snapshots.delay
    first = _first_point(server)
    if first is None or first > now:
        return
    kept_to_end = region.options.snapshots.retention_includes_end
    origin = first if region.options.snapshots.grid == "sync" else EPOCH
    for since, until, policy in _policies(region, server, first):
        for rule in policy:
            times = _times(rule, origin, now, kept_to_end)
            yield from (at for at in times if since <= at < until)


def _policies(
    region: Region, server: SourceServer, first: datetime
) -> Iterator[tuple[datetime, datetime, tuple[PitRule, ...]]]:
    """Go through the policies, each with the time in which it holds."""
    since = first
    if not region.options.snapshots.policy_changes_past:
        for until, policy in server.past_policies:
            yield since, until, policy
            since = max(first, until)
    yield since, END, server.replication_configuration.pit_policy


def _times(
    rule: PitRule, origin: datetime, now: datetime, kept_to_end: bool
) -> Iterator[datetime]:
    """Count back from now, as long as the snapshots are kept."""
    if not rule.enabled:
        return
    end = now - rule.kept
    at = origin + (now - origin) // rule.every * rule.every
    while at > end or (kept_to_end and at == end):
        yield at
        at -= rule.every


def _first_point(server: SourceServer) -> datetime | None:
    for at, state in server.state_changes:
        if state not in replication.BEGINNING_STATES:
            return None if state in replication.ENDED_STATES else at
    return None


def _was_taken(region: Region, server: SourceServer, at: datetime) -> bool:
    moments = [moment for moment, _ in server.state_changes]
    state = server.state_changes[bisect_right(moments, at) - 1][1]
    disturbed = fault_reading.disturbed(region, server.server_id, at)
    return (disturbed or state) in region.options.snapshot_states


def _snapshot(
    region: Region, server: SourceServer, at: datetime, expected_at: datetime
) -> RecoverySnapshot:
    moment = at.astimezone(UTC).isoformat()
    home, owner = region, server
    if not region.options.snapshots.own_ids_when_extended:
        home, owner = replication.staging(region, server) or (region, server)
    key = home.key(owner.server_id, "snapshot", moment)
    digest = hashlib.sha256(key.encode()).hexdigest()
    return RecoverySnapshot(
        snapshot_id=f"pit-{digest[:17]}",
        server_id=server.server_id,
        at=at,
        expected_at=expected_at,
        volume_snapshot_id=f"snap-{digest[17:34]}",
    )
