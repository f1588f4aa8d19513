"""What the start of a wave leaves behind (section 4, steps 2, 4 and 7)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import execution_history, log_lines, wave_records, wave_results
from shared.execution_state import State
from shared.log_lines import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import WaveResult


def recorded(item: Mapping[str, Any], wave_number: int) -> "WaveResult | None":
    """Return the history's record of a wave that was started, or empty.

    Args:
        item: The execution's history item.
        wave_number: Zero-based.

    Returns:
        None when the wave has not been started.
    """
    if not wave_records.has_started(item, wave_number):
        return None
    # The contract lets a record go without a Region or a job.
    known: WaveResult = item["waves"][wave_number]
    return {"jobId": None, "region": item.get("drsRegion"), **known}


def adopt(table: "Table", state: State, record: "WaveResult") -> None:
    """Take over the job that an earlier run of this step started."""
    state["region"] = record["region"]
    state["server_ids"] = list(record["serverIds"])
    state["job_id"] = record["jobId"]
    wave_results.put(state, record)
    _log(log_lines.WAVE_ADOPTED, state, record["jobId"])
    execution_history.record_polling(table, state)


def record_job(
    table: "Table", state: State, server_ids: list[str], job_id: str
) -> None:
    """Keep the started job in the state and in the history."""
    state["server_ids"] = server_ids
    state["job_id"] = job_id
    result = wave_results.started(state, state["current_wave_number"])
    wave_results.put(state, result)
    _log(
        log_lines.WAVE_STARTED,
        state,
        job_id,
        len(server_ids),
        state["region"],
    )
    execution_history.record_started(table, state, result)


def record_empty(table: "Table", state: State) -> None:
    """Keep a wave without servers: complete, with nothing done.

    Raises:
        ExecutionHistoryError: DynamoDB did not take it.
    """
    result = wave_results.started(state, state["current_wave_number"])
    wave_results.end(result, "COMPLETED")
    wave_results.put(state, result)
    state["wave_completed"] = True
    state["completed_waves"] += 1
    _log(log_lines.WAVE_EMPTY, state)
    execution_history.record_wave_end(table, state, result)


def _log(line: str, state: State, *details: object) -> None:
    number = state["current_wave_number"]
    name = wave_results.wave_name(state, number)
    logger.info(line, number, name, *details)
