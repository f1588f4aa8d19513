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
NO_SERVERS = "DRS job completed but no participating servers"
NO_INSTANCES = "DRS job completed but no recovery instances created"
SERVERS_FAILED = "servers failed to launch"
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
    # An end that was refused may have left its own traces.
    execution_state.reopen(state)
    if waves:
        _restore_waves(state, waves)
    failed = sum(wave["status"] == "FAILED" for wave in waves)
    # A wave that failed to start left no record of itself.
    by_start = status == "FAILED" and bool(state["waves"])
    state["failed_waves"] = max(failed, int(by_start))
    if status in REASON_OF_END:
        state["all_waves_completed"] = True
        state["status_reason"] = REASON_OF_END[status]
    else:
        error = record.get("errorMessage") or status
        state["error"] = error
        _explain(state, error, waves)
    if status == "COMPLETED":
        state["completed_waves"] = len(state["waves"])
        state["failed_waves"] = 0
    execution_state.end(state, STATUS_OF_END[status], record.get("endTime"))


def _restore_waves(state: State, waves: "list[WaveResult]") -> None:
    completed = [wave for wave in waves if wave["status"] == "COMPLETED"]
    servers = [
        server
        for wave in completed
        for server in wave.get("serverStatuses") or []
    ]
    last = waves[-1]
    state["current_wave_total_wait_time"] = _waited(state, last)
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


def _waited(state: State, last: "WaveResult") -> int:
    """Tell how long the last wave had been waited for when it ended.

    The poll that ended it had added its own time; a later wave began anew.
    """
    waited = state["current_wave_total_wait_time"]
    job_id = state["job_id"]
    if state["current_wave_number"] != last["waveNumber"]:
        return 0
    if job_id is None or job_id != last.get("jobId"):
        return waited
    by_poll = last["status"] in ("COMPLETED", "FAILED", "TIMEOUT")
    return waited + state["current_wave_update_time"] * by_poll


def _explain(state: State, error: str, waves: "list[WaveResult]") -> None:
    """Say again why it failed, as the step that recorded the end did."""
    last = waves[-1]["status"] if waves else "COMPLETED"
    number = state["current_wave_number"]
    if last == "COMPLETED" and len(waves) < len(state["waves"]):
        number = len(waves)
        execution_state.prepare_wave(state, number)
        state["error_code"] = "WAVE_START_FAILED"
        state["status_reason"] = f"Wave {number} failed to start: {error}"
    elif last == "FAILED":
        state["error_code"] = _poll_error_code(error)
        state["status_reason"] = f"Wave {number} failed: {error}"
    elif last == "TIMEOUT":
        state["error_code"] = "WAVE_TIMEOUT"
        state["status_reason"] = error


def _poll_error_code(error: str) -> str:
    by_launch = error in (NO_SERVERS, NO_INSTANCES)
    if by_launch or error.endswith(SERVERS_FAILED):
        return "WAVE_LAUNCH_FAILED"
    return "WAVE_POLL_FAILED"
