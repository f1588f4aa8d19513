"""DescribeRecoverySnapshots."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import recovery_snapshots, resources
from harness.drs.engine.operations.filters import Dates
from harness.drs.engine.paging import Listing
from harness.drs.engine.recovery_snapshots import RecoverySnapshot
from harness.drs.engine.region import Region

OLDEST_FIRST = Listing[RecoverySnapshot]("DescribeRecoverySnapshots")
NEWEST_FIRST = Listing[RecoverySnapshot](
    "DescribeRecoverySnapshots", newest_first=True
)


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the snapshots of a server within two times, both included."""
    server = resources.listed_server(region, parameters["sourceServerID"])
    filters = parameters.get("filters", {})
    dates = Dates.of(region, filters, "fromDateTime", "toDateTime")
    found = [
        snapshot
        for snapshot in recovery_snapshots.ladder(region, server)
        if dates.include(snapshot.at)
    ]
    order = parameters.get("order", region.options.snapshot_order)
    listing = OLDEST_FIRST if order == "ASC" else NEWEST_FIRST
    return listing.page(region, parameters, found).answer(_view)


def _view(snapshot: RecoverySnapshot) -> dict[str, Any]:
    return {
        "snapshotID": snapshot.snapshot_id,
        "sourceServerID": snapshot.server_id,
        "expectedTimestamp": snapshot.expected_at,
        "timestamp": snapshot.at,
        "ebsSnapshots": [snapshot.volume_snapshot_id],
    }
