"""Carry an execution through its waves; the handlers do the recovering.

Called by the state machine of ``cfn/step-functions-stack.yaml``. The contracts
of its actions are below ``contracts/v1/orchestration``. Every action returns
the whole state of the execution.
"""

from typing import TYPE_CHECKING, Any

from shared import (
    execution_ends,
    execution_history,
    execution_state,
    handler_calls,
    log_lines,
)
from shared.account_context import get_account_context
from shared.actions import Action, Document, answer
from shared.execution_history import ExecutionHistoryError
from shared.execution_state import State
from shared.json_values import DecimalEncoder
from shared.log_lines import logger
from shared.tables import (
    get_execution_history_table,
    get_protection_groups_table,
)

if TYPE_CHECKING:
    from shared import contract_types as contracts

__all__ = [
    "DecimalEncoder",
    "begin_wave_plan",
    "get_account_context",
    "get_execution_history_table",
    "get_protection_groups_table",
    "lambda_handler",
    "poll_wave_status",
    "resume_wave",
    "store_task_token",
]

Event = dict[str, Any]


class ExecutionCancelled(Exception):  # noqa: N818 - the state machine's name
    """A person cancelled before the gate was reached; caught by name."""


def lambda_handler(event: Event, context: object) -> Document:
    """Answer one step of the state machine with the whole state.

    Raises:
        UnknownActionError: The event names no known action.
        ContractViolationError: The event breaks its action's contract.
        WaveNotInPlanError: The plan has no such wave.
        HandlerInvocationError: A handler did not answer as promised.
        ExecutionHistoryError: The history could not be written.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    return answer(ACTIONS, event)


def begin_wave_plan(event: "contracts.BeginRequest") -> State:
    """Begin an execution and have its first wave started (section 3)."""
    table = get_execution_history_table()
    state = execution_state.create(event)
    logger.info(
        log_lines.EXECUTION_BEGINS,
        state["execution_id"],
        state["plan_id"],
        state["total_waves"],
        state["is_drill"],
    )
    begun = execution_history.record_running(table, state)
    if not begun and execution_ends.obey_current(table, state):
        return state
    if not state["waves"]:
        execution_ends.complete(table, state)
        return state
    return handler_calls.start_wave_recovery(state, 0)


def poll_wave_status(event: "contracts.UpdateWaveStatusRequest") -> State:
    """Have the current wave polled, and the next one started (section 5)."""
    return handler_calls.poll_wave_status(execution_state.read(event))


def store_task_token(event: "contracts.StoreTaskTokenRequest") -> State:
    """Store the token with which a person resumes (section 8).

    Raises:
        ValueError: The event holds no token.
        ExecutionCancelled: A person asked to cancel meanwhile.
        ExecutionHistoryError: The token could not be stored.
    """
    token = event.get("taskToken")
    if not token:
        raise ValueError("No task token provided for callback")
    table = get_execution_history_table()
    state = execution_state.read(event)
    gate = event["application"]["paused_before_wave"]
    if not execution_history.record_token(table, state, gate, token):
        return _without_gate(state)
    logger.info(log_lines.TOKEN_STORED, state["execution_id"], gate)
    return state


def resume_wave(event: "contracts.ResumeWaveRequest") -> State:
    """Have the wave started that waited for a person (section 8)."""
    table = get_execution_history_table()
    state = execution_state.read(event)
    wave_number = execution_state.require_wave(
        state, event["application"]["paused_before_wave"]
    )
    execution_state.resume(state)
    resumed = execution_history.record_resumed(table, state, wave_number)
    if not resumed and execution_ends.obey_current(table, state):
        return state
    logger.info(
        log_lines.EXECUTION_RESUMED, state["execution_id"], wave_number
    )
    return handler_calls.start_wave_recovery(state, wave_number)


def _without_gate(state: State) -> State:
    """Answer for a token that the history refused."""
    table = get_execution_history_table()
    standing = execution_history.read_standing(table, state)
    if standing.get("status") == "CANCELLING":
        raise ExecutionCancelled(execution_state.CANCELLED_REASON)
    if execution_ends.obey(table, state, standing):
        return state
    raise ExecutionHistoryError(
        f"Execution {state['execution_id']}: the task token could not be "
        f"stored over status {standing.get('status')}"
    )


_POLL = Action("orchestration/update_wave_status", {"1": poll_wave_status})

ACTIONS = {
    "begin": Action("orchestration/begin", {"1": begin_wave_plan}),
    "update_wave_status": _POLL,
    "poll_wave_status": _POLL,
    "store_task_token": Action(
        "orchestration/store_task_token", {"1": store_task_token}
    ),
    "resume_wave": Action("orchestration/resume_wave", {"1": resume_wave}),
}
