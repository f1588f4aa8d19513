"""How an execution ends, in the state and in the history (section 7)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import (
    execution_history,
    execution_state,
    log_lines,
    recorded_ends,
    wave_results,
)
from shared.execution_history import (
    TERMINAL,
    ExecutionHistoryError,
    read_item,
)
from shared.execution_state import State
from shared.log_lines import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import WaveResultStatus


def obey(table: "Table", state: State, standing: Mapping[str, Any]) -> bool:
    """End the state if a person, or an earlier step, ended the execution.

    Args:
        table: The execution history.
        state: Ended in place.
        standing: The history item, or its status and end.

    Returns:
        Whether there is nothing left to do.

    Raises:
        ExecutionHistoryError: The end could not be written, or read whole.
    """
    status = standing.get("status")
    if status == "CANCELLING":
        cancel(table, state)
        return True
    if status in TERMINAL:
        logger.info(log_lines.EXECUTION_ENDED, state["execution_id"], status)
        is_whole = "waves" in standing
        record = standing if is_whole else read_item(table, state)
        recorded_ends.mark(state, record)
        return True
    return False


def obey_current(table: "Table", state: State) -> bool:
    """Read where the execution stands and ``obey``."""
    return obey(table, state, execution_history.read_standing(table, state))


def cancel(table: "Table", state: State) -> None:
    """End as cancelled; the DRS job of the wave runs on, DRS has no cancel."""
    execution_state.cancel(state)
    logger.info(log_lines.EXECUTION_CANCELLED, state["execution_id"])
    _end_current_wave(table, state, "CANCELLED")
    _record(table, state, "CANCELLED")


def complete(table: "Table", state: State) -> None:
    """End as completed, unless a person asked to cancel meanwhile."""
    execution_state.complete(state)
    if _record(table, state, "COMPLETED"):
        logger.info(
            log_lines.EXECUTION_COMPLETED,
            state["execution_id"],
            len(state["waves"]),
        )


def fail(
    table: "Table", state: State, error: str, error_code: str, reason: str
) -> None:
    """End as failed, and the current wave with it if it had started.

    Args:
        table: The execution history.
        state: Ended in place.
        error: What went wrong, for ``error`` and ``errorMessage``.
        error_code: WAVE_START_FAILED, WAVE_POLL_FAILED or
            WAVE_LAUNCH_FAILED.
        reason: One sentence for people.
    """
    number = state["current_wave_number"]
    name = wave_results.wave_name(state, number)
    logger.error(log_lines.WAVE_FAILED, number, name, error)
    execution_state.fail(state, error, error_code, reason)
    _end_current_wave(table, state, "FAILED")
    _record(table, state, "FAILED")


def time_out(table: "Table", state: State) -> None:
    """End as timed out, and the current wave with it."""
    number = state["current_wave_number"]
    name = wave_results.wave_name(state, number)
    waited = state["current_wave_total_wait_time"]
    logger.error(log_lines.WAVE_TIMED_OUT, number, name, waited)
    execution_state.time_out(state)
    _end_current_wave(table, state, "TIMEOUT")
    _record(table, state, "TIMEOUT")


def _end_current_wave(
    table: "Table", state: State, status: "WaveResultStatus"
) -> None:
    result = wave_results.find(state, state["current_wave_number"])
    if result is not None and result.get("endTime") is None:
        wave_results.end(result, status)
        execution_history.record_wave_end(table, state, result)


def _record(table: "Table", state: State, status: str) -> bool:
    if execution_history.record_end(table, state, status):
        return True
    standing = read_item(table, state)
    found = standing.get("status")
    logger.info(log_lines.WRITE_REFUSED, state["execution_id"], status, found)
    if not _explains(found, status):
        raise ExecutionHistoryError.refused(state, status, found)
    obey(table, state, standing)
    return False


def _explains(found: str | None, status: str) -> bool:
    """Tell whether an end is refused over what was found.

    A record that is gone takes no end, and nobody waits for it.
    """
    if found == "CANCELLING":
        return status == "COMPLETED"
    return found is None or found in TERMINAL
