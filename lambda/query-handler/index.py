"""Follow the DRS recovery of a wave, and find source servers.

Called by the orchestration Lambda with the action ``poll_wave_status``, by
anyone with ``query_servers_by_tags``; contracts below ``contracts/v1`` and,
for previews of servers, ``contracts/v2``. When a wave is complete the
execution-handler is called to start the next one.
"""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from query_handler import server_previews, wave_polls
from shared import (
    execution_ends,
    execution_state,
    handler_calls,
    source_servers,
    wave_sequence,
)
from shared.account_access import open_account
from shared.account_context import get_account_context
from shared.actions import Action, Document, answer
from shared.execution_state import State
from shared.tables import get_execution_history_table

if TYPE_CHECKING:
    from shared.contract_types import (
        PollWaveStatusRequest,
        QueryServersByTagsRequest,
        QueryServersByTagsRequestV2,
        QueryServersByTagsResponse,
        QueryServersByTagsResponseV2,
    )

Event = dict[str, Any]


def lambda_handler(event: Event, context: object) -> Document:
    """Answer a request.

    Raises:
        UnknownActionError: The event names no known action.
        ContractViolationError: The event breaks its action's contract.
        HandlerInvocationError: The execution-handler broke its promise.
        ExecutionHistoryError: The history could not be written.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    return answer(ACTIONS, event)


def poll_wave_status(state: State) -> State:
    """Poll the current wave; start the next one when it is complete.

    The steps are those of BEHAVIOUR.md section 5.

    Args:
        state: The execution's state; not changed.

    Returns:
        The state after the poll.

    Raises:
        WaveNotInPlanError: The plan has no such wave.
        HandlerInvocationError: The next wave's start was not answered.
        ExecutionHistoryError: An end could not be written.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    table = get_execution_history_table()
    state = execution_state.require_current_wave(copy.deepcopy(state))
    if execution_ends.obey_current(table, state):
        return state
    job_id = state["job_id"]
    if not job_id:
        state["wave_completed"] = True
        goes_on = state["status"] == "running"
    else:
        goes_on = wave_polls.poll(table, state, job_id)
    if not goes_on:
        return state
    return wave_sequence.advance(
        table, state, handler_calls.start_wave_recovery
    )


def query_drs_servers_by_tags(
    region: str, tags: Mapping[str, str], account_context: Mapping[str, Any]
) -> list[str]:
    """Find the source servers that carry all of some tags (section 6).

    Args:
        region: The AWS Region of the source servers.
        tags: Compared without regard to case and surrounding space.
        account_context: Whose account; empty for the hub account.

    Returns:
        Source server ids in the order DRS lists them.

    Raises:
        AccountContextError: A field needed to assume the role is missing.
        RoleAssumptionDeniedError: The role cannot be assumed.
        ClientError: AWS refused.
    """
    account = open_account(account_context, region)
    return source_servers.find_by_tags(account.drs, tags)


def _poll(event: "PollWaveStatusRequest") -> State:
    return poll_wave_status(event["state"])


def _query(event: "QueryServersByTagsRequest") -> "QueryServersByTagsResponse":
    context = get_account_context(event)
    ids = query_drs_servers_by_tags(event["region"], event["tags"], context)
    return {"server_ids": ids}


def _query_previews(
    event: "QueryServersByTagsRequestV2",
) -> "QueryServersByTagsResponseV2":
    account = open_account(get_account_context(event), event["region"])
    servers = source_servers.describe(account.drs, event["tags"])
    return {
        "server_ids": [server["sourceServerID"] for server in servers],
        "servers": [server_previews.preview(server) for server in servers],
    }


ACTIONS = {
    "poll_wave_status": Action("poll_wave_status", {"1": _poll}),
    "query_servers_by_tags": Action(
        "query_servers_by_tags", {"1": _query, "2": _query_previews}
    ),
}
