"""The state of an execution: the only thing that travels between steps.

One flat dict, described in ``contracts/v1/common/execution-state`` and in
BEHAVIOUR.md section 2. Keys this code does not know pass through untouched.
"""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from shared.account_context import get_account_context
from shared.clock import epoch_seconds

if TYPE_CHECKING:
    # Not at run time: it would take milliseconds of each cold start.
    from shared.contract_types import ExecutionState, ExecutionStateStatus

State: TypeAlias = "ExecutionState"

POLL_SECONDS = 30
LONGEST_WAVE_SECONDS = 31_536_000
CANCELLED_REASON = "Execution cancelled by user"
COMPLETED_REASON = "All waves completed successfully"


class WaveNotInPlanError(ValueError):
    """A step names a wave that the plan does not have."""

    def __init__(self, wave_number: int, waves: int) -> None:
        super().__init__(
            f"Wave {wave_number} is beyond the plan's {waves} waves, "
            "which count from 0"
        )


def create(event: Mapping[str, Any]) -> State:
    """Build the first state of an execution from its ``begin`` event."""
    plan = event["plan"]
    waves = copy.deepcopy(plan.get("waves") or [])
    return {
        "plan_id": plan["planId"],
        "plan_name": plan.get("planName") or "",
        "execution_id": event["execution"],
        "is_drill": event.get("isDrill", True),
        "accountContext": get_account_context(event),
        "waves": waves,
        "total_waves": len(waves),
        "current_wave_number": 0,
        "completed_waves": 0,
        "failed_waves": 0,
        "all_waves_completed": False,
        "wave_completed": False,
        "current_wave_update_time": POLL_SECONDS,
        "current_wave_total_wait_time": 0,
        "current_wave_max_wait_time": LONGEST_WAVE_SECONDS,
        "status": "running",
        "status_reason": None,
        "wave_results": [],
        "recovery_instance_ids": [],
        "recovery_instance_ips": [],
        "job_id": None,
        "region": None,
        "server_ids": [],
        "error": None,
        "error_code": None,
        "paused_before_wave": None,
        "start_time": epoch_seconds(),
        "end_time": None,
        "duration_seconds": None,
    }


def read(event: Mapping[str, Any]) -> State:
    """Copy the state out of an event of the state machine.

    Args:
        event: Holds the state as ``application``, or is the state itself
            with an ``action`` beside it.

    Raises:
        WaveNotInPlanError: Its current wave is none of its plan.
    """
    envelope = ("action", "contract_version")
    state: Any = event.get("application") or {
        key: value for key, value in event.items() if key not in envelope
    }
    return require_current_wave(copy.deepcopy(state))


def require_wave(state: State, wave_number: int) -> int:
    """Return a zero-based wave number if the plan has such a wave.

    Raises:
        WaveNotInPlanError: It has not.
    """
    if wave_number >= len(state["waves"]):
        raise WaveNotInPlanError(wave_number, len(state["waves"]))
    return wave_number


def require_current_wave(state: State) -> State:
    """Return a state whose current wave is one of its plan.

    Raises:
        WaveNotInPlanError: It is not; a plan without waves is at 0.
    """
    if state["current_wave_number"]:
        require_wave(state, state["current_wave_number"])
    return state


def prepare_wave(state: State, wave_number: int) -> None:
    """Make a wave the current one; nothing of it has started yet."""
    state["current_wave_number"] = wave_number
    state["current_wave_total_wait_time"] = 0
    state["wave_completed"] = False
    state["job_id"] = None
    state["region"] = None
    state["server_ids"] = []


def complete(state: State) -> None:
    """Mark the plan as completed."""
    state["completed_waves"] = len(state["waves"])
    state["status_reason"] = COMPLETED_REASON
    _end_all_waves(state, "completed")


def cancel(state: State) -> None:
    """Mark the plan as cancelled; a running DRS job is left alone."""
    state["status_reason"] = CANCELLED_REASON
    _end_all_waves(state, "cancelled")


def fail(state: State, error: str, error_code: str, reason: str) -> None:
    """Mark the current wave, and with it the plan, as failed."""
    state["failed_waves"] += 1
    state["error"] = error
    state["error_code"] = error_code
    state["status_reason"] = reason
    end(state, "failed")


def time_out(state: State) -> None:
    """Mark the current wave, and with it the plan, as timed out."""
    waited = state["current_wave_total_wait_time"]
    state["error"] = f"Wave timed out after {waited}s"
    state["error_code"] = "WAVE_TIMEOUT"
    state["status_reason"] = state["error"]
    end(state, "timeout")


def pause(state: State, next_wave: int) -> None:
    """Mark the plan as waiting for a person before a wave."""
    state["wave_completed"] = True
    state["status"] = "paused"
    state["paused_before_wave"] = next_wave


def resume(state: State) -> None:
    """Mark the plan as running again; no wave waits for a person."""
    state["status"] = "running"
    state["wave_completed"] = False
    state["paused_before_wave"] = None


def reopen(state: State) -> None:
    """Take away what an end says of itself, for another end to be told."""
    state["all_waves_completed"] = False
    state["status_reason"] = None
    state["error"] = None
    state["error_code"] = None


def end(
    state: State, status: "ExecutionStateStatus", end_time: int | None = None
) -> None:
    """Give the state its last status and the time it ended.

    Args:
        state: Changed in place.
        status: completed, cancelled, failed or timeout.
        end_time: Epoch seconds; now when left out.
    """
    state["wave_completed"] = True
    state["status"] = status
    ended = end_time or epoch_seconds()
    state["end_time"] = ended
    # A late duplicate of the begin is younger than the recorded end.
    state["duration_seconds"] = max(0, ended - state["start_time"])


def _end_all_waves(state: State, status: "ExecutionStateStatus") -> None:
    state["all_waves_completed"] = True
    end(state, status)
