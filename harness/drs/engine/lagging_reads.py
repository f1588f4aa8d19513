"""What a Region held a while ago, for reads that lag behind writes.

States are kept only while a fault asks for it: each is a copy of the
records, valid from its time until that of the next one.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import Eventual

if TYPE_CHECKING:
    from harness.drs.engine.region import Region

RECORDS = (
    "source_servers",
    "jobs",
    "recovery_instances",
    "launch_templates",
    "recovery_plans",
)
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass
class History:
    """The states of one Region, oldest first, each with its first moment."""

    states: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)


def remember(region: Region, since: datetime = BEGINNING) -> None:
    """Keep the present state if a fault may ask for it later.

    Args:
        region: Whose state.
        since: When it began to hold.
    """
    states = region.history.states
    if fault_reading.latest(region, Eventual) is None:
        states.clear()
    elif not states or since > BEGINNING:
        states.append((since, _copy(region)))


def seen_by(region: Region, operation: str) -> Region:
    """Find the Region as an operation sees it: now, or a while ago."""
    delay = None
    for fault in fault_reading.active(region, Eventual):
        if fault.operation == operation:
            delay = fault.delay
    if delay is None or not region.history.states:
        return region
    moment = region.now() - delay
    past = copy.copy(region)
    for since, records in region.history.states:
        if since <= moment:
            vars(past).update(records)
    return past


def _copy(region: Region) -> dict[str, Any]:
    # One copy for all of them: records name one another.
    records = {name: getattr(region, name) for name in RECORDS}
    # What follows a job is no record: it goes on in the present only.
    left_out: dict[int, Any] = {
        id(job.followers): [] for job in region.jobs.values()
    }
    return copy.deepcopy(records, left_out)
