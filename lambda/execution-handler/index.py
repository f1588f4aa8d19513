"""Start the DRS recovery of a wave.

Called by the orchestration Lambda and by the query-handler, with the action
``start_wave_recovery``: contract ``contracts/v1/start_wave_recovery``. The
steps are those of BEHAVIOUR.md section 4. An action that is run again starts
nothing twice.
"""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from execution_handler import (
    launch_configuration,
    plan_limits,
    plan_servers,
    protection_groups,
    recovery_jobs,
    wave_starts,
)
from shared import aws_errors, execution_ends, execution_state, wave_sequence
from shared.account_access import RecoveryAccount, open_account
from shared.account_context import get_account_context
from shared.actions import Action, Document, answer
from shared.execution_history import TERMINAL, read_item
from shared.execution_state import State
from shared.recovery_starts import RecoveryStartUncertainError
from shared.repeated_steps import REPEATED
from shared.tables import (
    get_execution_history_table,
    get_protection_groups_table,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import StartWaveRecoveryRequest

Event = dict[str, Any]


def lambda_handler(event: Event, context: object) -> Document:
    """Answer a request with the state after the action.

    Raises:
        UnknownActionError: The event names no known action.
        ContractViolationError: The event breaks its action's contract.
        WaveNotInPlanError: The plan has no such wave.
        ExecutionHistoryError: The history could not be written.
        RecoveryStartUncertainError: The start must be tried again.
    """
    return answer(ACTIONS, event)


def start_wave_recovery(state: State, wave_number: int) -> State:
    """Start a wave; what AWS refuses for good fails it, also in history.

    Args:
        state: The execution's state; not changed.
        wave_number: Zero-based.

    Returns:
        The state with the started job, or paused, or ended.

    Raises:
        ExecutionHistoryError: The outcome could not be written.
        RecoveryStartUncertainError: The start must be tried again.
    """
    table = get_execution_history_table()
    state = copy.deepcopy(state)
    execution_state.prepare_wave(state, wave_number)
    try:
        return _start(table, state)
    except REPEATED:
        raise
    except Exception as error:  # section 4 step 9
        if aws_errors.is_passing(error):
            raise RecoveryStartUncertainError.passing(
                wave_number, error
            ) from error
        reason = f"Wave {wave_number} failed to start: {error}"
        # No job of this wave is known to run.
        state["region"] = None
        execution_ends.fail(
            table, state, str(error), "WAVE_START_FAILED", reason
        )
        return state


def apply_launch_config_before_recovery(
    account: RecoveryAccount, group: Mapping[str, Any], server_ids: list[str]
) -> None:
    """Apply the group's launch configuration to each server (section 4.1).

    A failure for one server is logged and does not stop the wave.
    """
    launch_configuration.apply_to_each(account, group, server_ids)


def _start(table: "Table", state: State) -> State:
    wave_number = state["current_wave_number"]
    item = read_item(table, state)
    record = wave_starts.recorded(item, wave_number)
    if record and record["jobId"] and item.get("status") not in TERMINAL:
        wave_starts.adopt(table, state, record)
        return state
    if execution_ends.obey(table, state, item):
        return state
    if record:
        return _pass_over(table, state, record["region"])
    wave = state["waves"][wave_number]
    groups = get_protection_groups_table()
    group = protection_groups.read(groups, wave)
    region = state["region"] = protection_groups.region(group)
    account = open_account(get_account_context(state), region)
    server_ids = protection_groups.server_ids(account.drs, group, wave)
    if wave_number == 0:
        servers = plan_servers.PlanServers(groups, state, account)
        plan_limits.require(state, servers.count(len(server_ids)))
    if not server_ids:
        return _pass_over(table, state, region)
    if group.get("launchConfig") or group.get("servers"):
        apply_launch_config_before_recovery(account, group, server_ids)
    request = recovery_jobs.request(state, server_ids, item.get("startTime"))
    job_id = recovery_jobs.start_once(account, table, request)
    wave_starts.record_job(table, state, server_ids, job_id)
    return state


def _pass_over(table: "Table", state: State, region: str | None) -> State:
    """Complete a wave that has no servers, and go on."""
    state["region"] = region
    wave_starts.record_empty(table, state)
    return wave_sequence.advance(table, state, start_wave_recovery)


def _start_requested(event: "StartWaveRecoveryRequest") -> State:
    state = event["state"]
    wave_number = execution_state.require_wave(state, event["wave_number"])
    return start_wave_recovery(state, wave_number)


ACTIONS = {
    "start_wave_recovery": Action(
        "start_wave_recovery", {"1": _start_requested}
    )
}
