"""The state of an execution that has ended, rebuilt from its record.

A step that is run again after it had recorded the end must return what it
returned before: the waves, instances and reasons that the end left.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import execution_state, wave_results
from shared.execution_state import State

if TYPE_CHECKING:
    from shared.contract_types import ExecutionStateStatus, WaveResult

STATUS_OF_END: dict[str, "ExecutionStateStatus"] = {
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "TIMEOUT": "timeout",
    "FAILED": "failed",
    "PARTIAL": "failed",
}
REASON_OF_END = {
    "COMPLETED": execution_state.COMPLETED_REASON,
    "CANCELLED": execution_state.CANCELLED_REASON,
}


def mark(state: State, record: Mapping[str, Any]) -> None:
    """Mark the state with the end that the history already shows.

    Args:
        state: Changed in place.
        record: The execution's history item, its status terminal.
    """
    status = record["status"]
    waves = [wave for wave in record.get("waves") or [] if "status" in wave]
    if waves:
        _restore_waves(state, waves)
    if status in REASON_OF_END:
        state["all_waves_completed"] = True
        state["status_reason"] = REASON_OF_END[status]
    else:
        state["error"] = record.get("errorMessage") or status
        failed = sum(wave["status"] == "FAILED" for wave in waves)
        # A wave that failed to start left no record of itself.
        state["failed_waves"] = max(failed, int(status == "FAILED"))
    execution_state.end(state, STATUS_OF_END[status], record.get("endTime"))


def _restore_waves(state: State, waves: "list[WaveResult]") -> None:
    completed = [wave for wave in waves if wave["status"] == "COMPLETED"]
    servers = [
        server
        for wave in completed
        for server in wave.get("serverStatuses") or []
    ]
    last = waves[-1]
    state["wave_results"] = waves
    state["completed_waves"] = len(completed)
    state["recovery_instance_ids"] = wave_results.details(
        servers, "instanceId"
    )
    state["recovery_instance_ips"] = wave_results.details(servers, "privateIp")
    state["current_wave_number"] = last["waveNumber"]
    state["job_id"] = last.get("jobId")
    state["region"] = last.get("region")
    state["server_ids"] = list(last.get("serverIds") or [])
