"""What the execution history records, and when (BEHAVIOUR.md section 7).

A person may write CANCELLING or PAUSE_PENDING at any moment. So each status
written here names the statuses it may replace; a refused write is no error.
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared import history_writes, log_lines, wave_records
from shared.execution_state import State
from shared.history_writes import (
    Condition,
    holds_waves,
    status_in,
    status_not_in,
)
from shared.log_lines import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import WaveResult

AWS_ERRORS = (ClientError, BotoCoreError)
TERMINAL = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "PARTIAL")
GATE = ("taskToken", "pausedBeforeWave")
STANDING = "#status, pausedBeforeWave, endTime, errorMessage"

MAY_RUN = status_in("PENDING", "RUNNING")
MAY_POLL = status_in("PENDING", "RUNNING", "POLLING")
MAY_COMPLETE = status_not_in("CANCELLING", *TERMINAL)
MAY_END = status_not_in(*TERMINAL)


class ExecutionHistoryError(Exception):
    """The history could not be written, or read, where it must be.

    The state machine runs the step again: every step may be repeated.
    """

    @classmethod
    def of(cls, state: State, cause: Exception) -> "ExecutionHistoryError":
        """Say which execution's history could not be written, and why."""
        return cls(
            f"Execution {state['execution_id']}: history could not be "
            f"written: {cause}"
        )

    @classmethod
    def refused(
        cls, state: State, status: str, found: object
    ) -> "ExecutionHistoryError":
        """Say that an end was refused over what does not forbid it."""
        return cls(
            f"Execution {state['execution_id']}: history could not be "
            f"written: {status} refused over {found}"
        )


def read_item(table: "Table", state: State) -> dict[str, Any]:
    """Read the whole item of the execution.

    Returns:
        The item; empty when there is none.

    Raises:
        ExecutionHistoryError: DynamoDB did not give it.
    """
    try:
        return history_writes.read(table, state)
    except AWS_ERRORS as error:
        raise ExecutionHistoryError(
            f"Execution {state['execution_id']}: history could not be "
            f"read: {error}"
        ) from error


def read_standing(table: "Table", state: State) -> dict[str, Any]:
    """Read where the execution stands: status, gate, end time, error.

    Returns:
        The attributes there are; empty when the item is missing or could
        not be read, which is logged.
    """
    try:
        return history_writes.read(table, state, STANDING)
    except AWS_ERRORS as error:
        logger.warning(
            log_lines.STATUS_UNREADABLE, state["execution_id"], error
        )
        return {}


def record_running(table: "Table", state: State) -> bool:
    """Write RUNNING at the begin of an execution.

    Returns:
        False when the status was no longer that of a new execution. An error
        is logged and counts as written.
    """
    changes = {"#status": "RUNNING"}
    try:
        return history_writes.update(table, state, changes, MAY_RUN)
    except AWS_ERRORS as error:
        logger.warning(log_lines.WRITE_FAILED, state["execution_id"], error)
        return True


def record_resumed(table: "Table", state: State, wave_number: int) -> bool:
    """Write RUNNING when a person opened the gate before a wave.

    The condition on the gate keeps a late duplicate from opening another.

    Returns:
        False when the gate was not closed any more, or a person's later
        wish stands in the status; the gate is opened all the same.

    Raises:
        ExecutionHistoryError: DynamoDB did not take it.
    """
    gate = Condition("pausedBeforeWave = :gate", {":gate": wave_number})
    paused = gate.and_(status_in("PAUSED"))
    try:
        if history_writes.update(
            table, state, {"#status": "RUNNING"}, paused, GATE
        ):
            return True
        asked = gate.and_(status_in("PAUSE_PENDING"))
        history_writes.update(table, state, {}, asked, GATE)
        return False
    except AWS_ERRORS as error:
        raise ExecutionHistoryError.of(state, error) from error


def record_paused(table: "Table", state: State, next_wave: int) -> bool:
    """Write PAUSED; False when refused, an error is logged, not fatal.

    The state machine stores the task token next, and writes PAUSED again.
    """
    changes = {"#status": "PAUSED", "pausedBeforeWave": next_wave}
    try:
        return history_writes.update(
            table, state, changes, _may_pause(next_wave)
        )
    except AWS_ERRORS as error:
        logger.warning(log_lines.WRITE_FAILED, state["execution_id"], error)
        return True


def record_token(
    table: "Table", state: State, wave_number: int, token: str
) -> bool:
    """Write PAUSED with the token that resumes the state machine.

    Args:
        table: The execution history.
        state: Names the execution and its plan.
        wave_number: The wave that waits, zero-based.
        token: Step Functions' token of the waiting step.

    Returns:
        False when the status may not be replaced.

    Raises:
        ExecutionHistoryError: DynamoDB did not take it.
    """
    changes = {
        "#status": "PAUSED",
        "pausedBeforeWave": wave_number,
        "taskToken": token,
    }
    try:
        return history_writes.update(
            table, state, changes, _may_pause(wave_number)
        )
    except AWS_ERRORS as error:
        raise ExecutionHistoryError.of(state, error) from error


def record_started(table: "Table", state: State, result: "WaveResult") -> None:
    """Record a started job and POLLING; an error is logged, not fatal.

    The job is recorded whatever the status is; POLLING only where no person
    asked for something else.
    """
    number = result["waveNumber"]
    changes = {
        f"waves[{number}]": result,
        **wave_records.job(result),
        "#status": "POLLING",
    }
    try:
        if history_writes.update(
            table, state, changes, holds_waves(number).and_(MAY_POLL)
        ):
            return
        wave_records.put(table, state, result)
        record_polling(table, state)
    except AWS_ERRORS as error:
        logger.warning(log_lines.WRITE_FAILED, state["execution_id"], error)


def record_polling(table: "Table", state: State) -> None:
    """Write POLLING where no person asked for something else."""
    changes = {"#status": "POLLING"}
    try:
        history_writes.update(table, state, changes, MAY_POLL)
    except AWS_ERRORS as error:
        logger.warning(log_lines.WRITE_FAILED, state["execution_id"], error)


def record_progress(
    table: "Table", state: State, result: "WaveResult"
) -> None:
    """Record what a poll learned; an error is logged, not fatal."""
    try:
        wave_records.put(table, state, result)
    except AWS_ERRORS as error:
        logger.warning(log_lines.WRITE_FAILED, state["execution_id"], error)


def record_wave_end(
    table: "Table", state: State, result: "WaveResult"
) -> None:
    """Record how a wave ended.

    Raises:
        ExecutionHistoryError: DynamoDB did not take it.
    """
    try:
        wave_records.put(table, state, result)
    except AWS_ERRORS as error:
        raise ExecutionHistoryError.of(state, error) from error


def record_end(table: "Table", state: State, status: str) -> bool:
    """Write a terminal status, the end time and, if any, the error.

    Returns:
        False when the execution had ended already or, for COMPLETED, a
        person asked to cancel it.

    Raises:
        ExecutionHistoryError: DynamoDB did not take it.
    """
    changes = {"#status": status, "endTime": state["end_time"]}
    if state.get("error") is not None:
        changes["errorMessage"] = state["error"]
    condition = MAY_COMPLETE if status == "COMPLETED" else MAY_END
    try:
        return history_writes.update(table, state, changes, condition, GATE)
    except AWS_ERRORS as error:
        raise ExecutionHistoryError.of(state, error) from error


def _may_pause(wave_number: int) -> Condition:
    """Require that the wave has not started: its gate may be open already."""
    statuses = status_in(
        "PENDING", "RUNNING", "POLLING", "PAUSED", "PAUSE_PENDING"
    )
    return statuses.and_(history_writes.has_not_started(wave_number))
