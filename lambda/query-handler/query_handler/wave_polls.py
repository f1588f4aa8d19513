"""One look at the DRS job of the current wave (section 5, steps 3 to 9)."""

import copy
from typing import TYPE_CHECKING

from query_handler import (
    launch_progress,
    poll_pace,
    recovery_instances,
    recovery_jobs,
)
from query_handler.launch_progress import Progress
from query_handler.recovery_jobs import Job
from shared import (
    aws_errors,
    execution_ends,
    execution_history,
    log_lines,
    wave_results,
)
from shared.account_access import RecoveryAccount, open_account
from shared.account_context import get_account_context
from shared.execution_history import ExecutionHistoryError
from shared.execution_state import State
from shared.log_lines import logger
from shared.recorded_ends import NO_INSTANCES, NO_SERVERS, SERVERS_FAILED

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import WaveResult


def poll(table: "Table", state: State, job_id: str) -> bool:
    """Look at the current wave's job and take over what it shows.

    Args:
        table: The execution history.
        state: Changed in place; it may have ended.
        job_id: The state's, which is not null.

    Returns:
        Whether the wave has just completed, so that the plan goes on.

    Raises:
        ExecutionHistoryError: An end could not be written.
    """
    state["current_wave_total_wait_time"] += state["current_wave_update_time"]
    waited = state["current_wave_total_wait_time"]
    if waited >= state["current_wave_max_wait_time"]:
        execution_ends.time_out(table, state)
        return False
    completed = _look_or_defer(table, state, job_id)
    if not completed and state["status"] == "running":
        poll_pace.slow_down(state)
    return completed


def _look_or_defer(table: "Table", state: State, job_id: str) -> bool:
    try:
        return _look(table, state, job_id)
    except ExecutionHistoryError:
        raise
    except Exception as error:  # section 5 step 4
        _fail_or_defer(table, state, error)
        return False


def _look(table: "Table", state: State, job_id: str) -> bool:
    account = open_account(get_account_context(state), state["region"])
    job = recovery_jobs.read(account.drs, job_id)
    if not job.get("participatingServers"):
        if job.get("status") == "COMPLETED":
            _fail_launch(table, state, NO_SERVERS)
        return False
    result = _current_result(state)
    before = copy.deepcopy(result)
    progress = launch_progress.update_servers(result, job)
    recovery_instances.add_details(account, result)
    if _has_failed(table, state, job, progress):
        return False
    if progress.all_launched:
        _complete(table, state, result)
        return True
    state["wave_completed"] = False
    _show_progress(account, job_id, result, progress)
    if result != before:
        execution_history.record_progress(table, state, result)
    return False


def _has_failed(
    table: "Table", state: State, job: Job, progress: Progress
) -> bool:
    if job.get("status") == "COMPLETED" and progress.launched == 0:
        _fail_launch(table, state, NO_INSTANCES)
        return True
    if progress.failed:
        error = f"{progress.failed} {SERVERS_FAILED}"
        _fail_launch(table, state, error)
        return True
    return False


def _complete(table: "Table", state: State, result: "WaveResult") -> None:
    servers = result["serverStatuses"]
    wave_results.end(result, "COMPLETED")
    state["wave_completed"] = True
    state["completed_waves"] += 1
    state["recovery_instance_ids"] += wave_results.details(
        servers, "instanceId"
    )
    state["recovery_instance_ips"] += wave_results.details(
        servers, "privateIp"
    )
    logger.info(
        log_lines.WAVE_COMPLETED,
        result["waveNumber"],
        result["waveName"],
        len(servers),
    )
    execution_history.record_wave_end(table, state, result)


def _show_progress(
    account: RecoveryAccount,
    job_id: str,
    result: "WaveResult",
    progress: Progress,
) -> None:
    """Give the wave the status that people see; failing to is no failure."""
    try:
        events = recovery_jobs.events(account.drs, job_id)
    except Exception as error:  # section 5 step 8
        logger.warning(log_lines.JOB_LOG_UNREADABLE, job_id, error)
        return
    result["status"] = launch_progress.wave_status(events, progress)
    logger.info(
        log_lines.WAVE_PROGRESS,
        result["waveNumber"],
        result["waveName"],
        result["status"],
        progress.launched,
        progress.total,
    )


def _fail_launch(table: "Table", state: State, error: str) -> None:
    reason = f"Wave {state['current_wave_number']} failed: {error}"
    execution_ends.fail(table, state, error, "WAVE_LAUNCH_FAILED", reason)


def _fail_or_defer(table: "Table", state: State, error: Exception) -> None:
    number = state["current_wave_number"]
    if aws_errors.is_passing(error):
        name = wave_results.wave_name(state, number)
        logger.warning(log_lines.POLL_DEFERRED, number, name, error)
        return
    reason = f"Wave {number} failed: {error}"
    execution_ends.fail(table, state, str(error), "WAVE_POLL_FAILED", reason)


def _current_result(state: State) -> "WaveResult":
    number = state["current_wave_number"]
    result = wave_results.find(state, number)
    if result is None:
        result = wave_results.started(state, number)
        wave_results.put(state, result)
    return result
