"""How far the servers of a wave have come (section 5, steps 6, 8 and 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared import log_lines, wave_results
from shared.log_lines import logger

if TYPE_CHECKING:
    from shared.contract_types import (
        ServerStatus,
        WaveResult,
        WaveResultStatus,
    )

LAUNCHED = "LAUNCHED"
LOST = ("FAILED", "TERMINATED")
UNDERWAY = ("PENDING", "IN_PROGRESS")


@dataclass(frozen=True)
class Progress:
    """How many servers of a DRS job have come how far.

    Attributes:
        total: The job's servers.
        launched: Those that run.
        failed: Those that will never run. A job that is COMPLETED does
            nothing more for a server that it left waiting.
    """

    total: int
    launched: int
    failed: int

    @property
    def all_launched(self) -> bool:
        """Whether every server runs."""
        return self.launched == self.total


def update_servers(result: "WaveResult", job: Mapping[str, Any]) -> Progress:
    """Take the launch statuses of a job over into the wave's result.

    Names and details that are known stay.

    Args:
        result: Changed in place.
        job: The DRS job.

    Returns:
        The job's progress. A launch status this code does not know counts as
        neither launched nor failed.
    """
    servers = job.get("participatingServers", [])
    statuses = [_update_server(result, server) for server in servers]
    launched = statuses.count(LAUNCHED)
    failed = sum(statuses.count(status) for status in LOST)
    if job.get("status") == "COMPLETED":
        failed = len(statuses) - launched
    return Progress(len(statuses), launched, failed)


def wave_status(events: set[str], progress: Progress) -> "WaveResultStatus":
    """Tell, for display, what the job is doing.

    Args:
        events: The kinds of events in the job's log.
        progress: The job's progress.
    """
    if 0 < progress.launched < progress.total:
        return "IN_PROGRESS"
    if any(event.startswith("LAUNCH_") for event in events):
        return "LAUNCHING"
    if any(event.startswith("CONVERSION_") for event in events):
        return "CONVERTING"
    return "STARTED"


def _update_server(result: "WaveResult", server: Mapping[str, Any]) -> str:
    entry = _entry(result, server["sourceServerID"])
    status: str = server.get("launchStatus", "PENDING")
    if status != entry["launchStatus"]:
        _report(entry["sourceServerId"], status)
    entry["launchStatus"] = status
    if server.get("recoveryInstanceID"):
        entry["recoveryInstanceId"] = server["recoveryInstanceID"]
    return status


def _entry(result: "WaveResult", server_id: str) -> "ServerStatus":
    for entry in result["serverStatuses"]:
        if entry["sourceServerId"] == server_id:
            return entry
    added = wave_results.pending(server_id)
    result["serverStatuses"].append(added)
    return added


def _report(server_id: str, status: str) -> None:
    if status in LOST:
        logger.error(log_lines.SERVER_FAILED, server_id, status)
    elif status != LAUNCHED and status not in UNDERWAY:
        logger.warning(log_lines.LAUNCH_STATUS_UNKNOWN, server_id, status)
