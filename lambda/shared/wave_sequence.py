"""What follows a completed wave (BEHAVIOUR.md section 5 step 10)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shared import (
    execution_ends,
    execution_history,
    execution_state,
    log_lines,
    wave_records,
)
from shared.execution_state import State
from shared.log_lines import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

StartWave = Callable[[State, int], State]


def advance(table: "Table", state: State, start: StartWave) -> State:
    """Pause, start the next wave or complete the plan, as people asked.

    Args:
        table: The execution history.
        state: Its current wave is complete. Changed in place.
        start: Starts a wave of the state by its zero-based number.

    Returns:
        The state after the step.

    Raises:
        ExecutionHistoryError: What people asked for could not be read, or
            the end not be written.
    """
    standing = execution_history.read_item(table, state)
    next_wave = state["current_wave_number"] + 1
    if execution_ends.obey(table, state, standing):
        return state
    if next_wave >= len(state["waves"]):
        execution_ends.complete(table, state)
        return state
    asked = _is_asked(standing, next_wave)
    waits = asked or state["waves"][next_wave].get("pauseBeforeWave")
    if waits and _pause(table, state, next_wave):
        return state
    # A late poll may bear the state of a gate that was opened.
    execution_state.resume(state)
    return start(state, next_wave)


def _is_asked(standing: Mapping[str, Any], next_wave: int) -> bool:
    """Tell whether a person asked for a pause before a wave.

    An earlier run of this step may have answered it with the pause already.
    """
    if standing.get("status") == "PAUSED":
        return standing.get("pausedBeforeWave") == next_wave
    return standing.get("status") == "PAUSE_PENDING"


def _pause(table: "Table", state: State, next_wave: int) -> bool:
    """Pause, or end as people asked meanwhile.

    Returns:
        False when the wave has started: an earlier run of this step started
        it before the pause was asked for, or its gate was opened already.
    """
    if not execution_history.record_paused(table, state, next_wave):
        item = execution_history.read_item(table, state)
        if execution_ends.obey(table, state, item):
            return True
        if wave_records.has_started(item, next_wave):
            return False
    execution_state.pause(state, next_wave)
    logger.info(log_lines.EXECUTION_PAUSED, state["execution_id"], next_wave)
    return True
