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


@dataclass(frozen=True)
class RecoverySnapshot:
    """A recovery snapshot; ``number`` orders those of a server by time."""

    snapshot_id: str
    server_id: str
    at: datetime
    volume_snapshot_id: str

    @property
    def number(self) -> int:
        """The time in whole microseconds."""
        return int(self.at.timestamp() * 1_000_000)


def ladder(region: Region, server: SourceServer) -> list[RecoverySnapshot]:
    """List the snapshots of a server, oldest first.

    An extended server has the snapshots of its staging server under ids of
    its own.
    """
    now = region.now()
    home, source = region, server
    if server.staging_arn is not None:
        found = replication.staging(region, server)
        if found is None or server.replication_state == "INITIATING":
            return []
        home, source = found
    times = {
        at
        for rule in source.replication_configuration.pit_policy
        if rule.enabled
        for at in _times(source, rule, now)
        if _was_taken(home, source, at)
    }
    return [_snapshot(region, server, at) for at in sorted(times)]


def find(
    region: Region, server: SourceServer, snapshot_id: str
) -> RecoverySnapshot | None:
    """Find a snapshot that still exists by its id."""
    for snapshot in ladder(region, server):
        if snapshot.snapshot_id == snapshot_id:
            return snapshot
    return None


def _times(
    server: SourceServer, rule: PitRule, now: datetime
) -> Iterator[datetime]:
    first = _first_point(server)
    if first is None or first > now:
        return
    at = first + (now - first) // rule.every * rule.every
    while at >= first and at > now - rule.kept:
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
    region: Region, server: SourceServer, at: datetime
) -> RecoverySnapshot:
    moment = at.astimezone(UTC).isoformat()
    key = region.key(server.server_id, "snapshot", moment)
    digest = hashlib.sha256(key.encode()).hexdigest()
    return RecoverySnapshot(
        snapshot_id=f"pit-{digest[:17]}",
        server_id=server.server_id,
        at=at,
        volume_snapshot_id=f"snap-{digest[17:34]}",
    )
