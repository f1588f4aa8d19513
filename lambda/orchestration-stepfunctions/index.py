"""The reference orchestration: every step in one Lambda, DRS included.

Called by the state machine of ``cfn/step-functions-stack.yaml`` with the
actions ``begin``, ``update_wave_status``, ``store_task_token`` and
``resume_wave`` (contracts below ``contracts/v1/orchestration``). Every action
returns the whole state of the execution. The refactored orchestration must do
exactly what stands here; BEHAVIOUR.md's sections are named where they apply.
"""

import copy
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

from shared import contracts
from shared.account_access import RecoveryAccount, open_account
from shared.account_context import get_account_context

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_ec2 import EC2Client

__all__ = ["get_account_context", "lambda_handler"]

logger = logging.getLogger("drs_orchestration")
logger.setLevel(logging.INFO)

Event = dict[str, Any]
State = dict[str, Any]
Item = dict[str, Any]
Condition = tuple[str, dict[str, Any]]

DEFAULT_REGION = "us-east-1"
POLL_SECONDS = 30
SLOWER_AFTER_SECONDS = 8 * 3600
SLOWEST = 10
LONGEST_WAVE_SECONDS = 31_536_000
# Whoever starts a job has it on record before this time is over.
RECORDED_WITHIN_SECONDS = 5
# A step is tried seven times, each as long as a function may run.
TRIED_WITHIN_SECONDS = 3600
DYNAMODB = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 5},
    tcp_keepalive=True,
)

AWS_ERRORS = (ClientError, BotoCoreError)
# An answer that nobody can read is none.
NO_ANSWER = (ConnectionError, HTTPClientError, ResponseParserError)
TERMINAL = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "PARTIAL")
STATUS_OF_END = {
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "TIMEOUT": "timeout",
    "FAILED": "failed",
    "PARTIAL": "failed",
}
REASON_OF_END = {
    "COMPLETED": "All waves completed successfully",
    "CANCELLED": "Execution cancelled by user",
}
NO_SERVERS = "DRS job completed but no participating servers"
NO_INSTANCES = "DRS job completed but no recovery instances created"
GATE = ("taskToken", "pausedBeforeWave")
# Limits of DRS and Step Functions, and what surrounds the state.
JOB_SERVERS = 100
STATE_BYTES = 262_144
FRAME_BYTES = 4_096
EXECUTION_EVENTS = 25_000
SHORTEST_LAUNCH_SECONDS = 300
LAUNCHED = {
    "sourceServerId": "s-" + "0" * 17,
    "serverName": "application-1.example.com",
    "hostname": "application-1.example.com",
    "launchStatus": "LAUNCHED",
    "recoveryInstanceId": "i-" + "0" * 17,
    "instanceId": "i-" + "0" * 17,
    "privateIp": "10.100.100.100",
    "instanceType": "m5.2xlarge",
    "launchTime": 1_700_000_000,
}
LOST = ("FAILED", "TERMINATED")
UNDERWAY = ("PENDING", "IN_PROGRESS")
KNOWN_LAUNCH_STATUSES = ("LAUNCHED", *UNDERWAY, *LOST)
THROTTLING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
DRS_FIELDS = (
    "copyPrivateIp",
    "copyTags",
    "licensing",
    "targetInstanceTypeRightSizingMethod",
    "launchDisposition",
)
INTERFACE_FIELDS = {
    "subnetId": "SubnetId",
    "securityGroupIds": "Groups",
    "staticPrivateIp": "PrivateIpAddress",
}
TEMPLATE_FIELDS = ("instanceType", "instanceProfileName", *INTERFACE_FIELDS)


class DecimalEncoder(json.JSONEncoder):
    """Write DynamoDB's Decimal as the JSON number it stands for."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return _number(o)
        return super().default(o)


class ExecutionCancelled(Exception):  # noqa: N818 - the state machine's name
    """A person cancelled before the gate was reached; caught by name."""


class ExecutionHistoryError(Exception):
    """The history could not be written where it must be; the step repeats."""


class RecoveryStartUncertainError(Exception):
    """A wave could not be started now; the step repeats, and looks first."""


class WaveNotInPlanError(ValueError):
    """A step names a wave that the plan does not have."""


class PlanLimitError(Exception):
    """The plan asks for more than AWS carries out in one execution."""

    def __init__(self, problem: str, found: int, limit: int, rule: str):
        super().__init__(
            f"{problem}, {found - limit} more than the {limit} {rule}"
        )


class WaveStartError(Exception):
    """The plan or its protection group does not allow the wave to start."""


class JobNotFoundError(Exception):
    """DRS does not know the job of the wave."""


# Actions


def lambda_handler(event: Event, context: object) -> State:
    """Answer one step of the state machine with the whole state.

    Raises:
        UnknownActionError: The event names no known action.
        ContractViolationError: The event breaks its action's contract.
        WaveNotInPlanError: The plan has no such wave.
        ExecutionHistoryError: The history could not be written.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    name = contracts.action_of(event, ACTIONS)
    version = contracts.check_request(f"orchestration/{name}", event)
    state = ACTIONS[name](event)
    contracts.check_response(f"orchestration/{name}", state, version)
    return state


def begin_wave_plan(event: Event) -> State:
    """Begin an execution and start its first wave (section 3)."""
    table = get_execution_history_table()
    state = _create_state(event)
    logger.info(
        "Execution %s of plan %s begins: %d waves, drill %s",
        state["execution_id"],
        state["plan_id"],
        state["total_waves"],
        state["is_drill"],
    )
    if not _record_running(table, state) and _obey_current(table, state):
        return state
    if not state["waves"]:
        _complete_execution(table, state)
        return state
    return start_wave_recovery(state, 0)


def start_wave_recovery(state: State, wave_number: int) -> State:
    """Start a wave; what goes wrong for good fails it (section 4)."""
    table = get_execution_history_table()
    _prepare_wave(state, wave_number)
    try:
        return _start_wave(table, state)
    except (ExecutionHistoryError, RecoveryStartUncertainError):
        raise
    except Exception as error:  # section 4 step 9
        if _is_passing(error):
            raise RecoveryStartUncertainError(
                f"Wave {wave_number} could not be started now: {error}"
            ) from error
        reason = f"Wave {wave_number} failed to start: {error}"
        # No job of this wave is known to run.
        state["region"] = None
        _fail(table, state, str(error), "WAVE_START_FAILED", reason)
        return state


def update_wave_status(event: Event) -> State:
    """Poll the current wave, start the next when it is done (section 5)."""
    table = get_execution_history_table()
    state = _read_state(event)
    if _obey_current(table, state):
        return state
    if not state["job_id"]:
        state["wave_completed"] = True
        goes_on = state["status"] == "running"
    else:
        goes_on = _poll(table, state)
    return _advance(table, state) if goes_on else state


def store_task_token(event: Event) -> State:
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
    state = _read_state(event)
    if not _record_token(table, state, token):
        return _without_gate(table, state)
    logger.info(
        "Execution %s waits for a person before wave %d",
        state["execution_id"],
        state["paused_before_wave"],
    )
    return state


def resume_wave(event: Event) -> State:
    """Start the wave that waited for a person (section 8)."""
    table = get_execution_history_table()
    state = _read_state(event)
    wave_number = state["paused_before_wave"]
    _require_wave(state, wave_number)
    state["status"] = "running"
    state["wave_completed"] = False
    state["paused_before_wave"] = None
    resumed = _record_resumed(table, state, wave_number)
    if not resumed and _obey_current(table, state):
        return state
    logger.info(
        "Execution %s resumes with wave %d", state["execution_id"], wave_number
    )
    return start_wave_recovery(state, wave_number)


def _without_gate(table: "Table", state: State) -> State:
    standing = _read_standing(table, state)
    if standing.get("status") == "CANCELLING":
        raise ExecutionCancelled("Execution cancelled by user")
    if _obey(table, state, standing):
        return state
    raise ExecutionHistoryError(
        f"Execution {state['execution_id']}: the task token could not be "
        f"stored over status {standing.get('status')}"
    )


# The state (section 2)


def _create_state(event: Event) -> State:
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
        "start_time": _now(),
        "end_time": None,
        "duration_seconds": None,
    }


def _read_state(event: Event) -> State:
    envelope = ("action", "contract_version")
    state = event.get("application") or {
        key: value for key, value in event.items() if key not in envelope
    }
    if state["current_wave_number"]:
        _require_wave(state, state["current_wave_number"])
    return copy.deepcopy(dict(state))


def _require_wave(state: State, wave_number: int) -> None:
    if wave_number >= len(state["waves"]):
        raise WaveNotInPlanError(
            f"Wave {wave_number} is beyond the plan's {len(state['waves'])} "
            "waves, which count from 0"
        )


def _prepare_wave(state: State, wave_number: int) -> None:
    """Make a wave the current one; nothing of it has started yet."""
    state["current_wave_number"] = wave_number
    state["current_wave_total_wait_time"] = 0
    state["wave_completed"] = False
    state["job_id"] = None
    state["region"] = None
    state["server_ids"] = []


def _wave_name(state: State, wave_number: int) -> str:
    wave = state["waves"][wave_number]
    return wave.get("waveName") or f"Wave {wave_number + 1}"


def _started_result(state: State) -> Item:
    number = state["current_wave_number"]
    return {
        "waveNumber": number,
        "waveName": _wave_name(state, number),
        "status": "STARTED",
        "jobId": state["job_id"],
        "startTime": _now(),
        "serverIds": list(state["server_ids"]),
        "serverStatuses": [_pending(id_) for id_ in state["server_ids"]],
        "region": state["region"],
    }


def _pending(server_id: str) -> Item:
    return {
        "sourceServerId": server_id,
        "serverName": server_id,
        "hostname": "",
        "launchStatus": "PENDING",
        "recoveryInstanceId": "",
        "instanceId": "",
        "privateIp": "",
        "instanceType": "",
        "launchTime": 0,
    }


def _find_result(state: State, wave_number: int) -> Item | None:
    for result in state["wave_results"]:
        if result["waveNumber"] == wave_number:
            found: Item = result
            return found
    return None


def _put_result(state: State, result: Item) -> None:
    others = [
        kept
        for kept in state["wave_results"]
        if kept["waveNumber"] != result["waveNumber"]
    ]
    state["wave_results"] = [*others, result]


def _end_result(result: Item, status: str) -> None:
    result["status"] = status
    result["endTime"] = _now()


# Ends (section 7)


def _obey_current(table: "Table", state: State) -> bool:
    return _obey(table, state, _read_standing(table, state))


def _obey(table: "Table", state: State, standing: Item) -> bool:
    """End the state if a person, or an earlier step, ended the execution."""
    status = standing.get("status")
    if status == "CANCELLING":
        _cancel(table, state)
        return True
    if status in TERMINAL:
        logger.info(
            "Execution %s has ended already (%s): nothing to do",
            state["execution_id"],
            status,
        )
        is_whole = "waves" in standing
        record = standing if is_whole else _require_item(table, state)
        _mark_ended(state, record)
        return True
    return False


def _mark_ended(state: State, record: Item) -> None:
    """Rebuild the state that the recorded end had left."""
    status = record["status"]
    waves = [wave for wave in record.get("waves") or [] if "status" in wave]
    # An end that was refused may have left its own traces.
    state["all_waves_completed"] = False
    state["status_reason"] = None
    state["error"] = None
    state["error_code"] = None
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
        state["error"] = record.get("errorMessage") or status
        _explain_end(state, waves)
    if status == "COMPLETED":
        state["completed_waves"] = len(state["waves"])
        state["failed_waves"] = 0
    _end_state(state, STATUS_OF_END[status], record.get("endTime"))


def _restore_waves(state: State, waves: list[Item]) -> None:
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
    state["recovery_instance_ids"] = _known(servers, "instanceId")
    state["recovery_instance_ips"] = _known(servers, "privateIp")
    state["current_wave_number"] = last["waveNumber"]
    state["job_id"] = last.get("jobId")
    state["region"] = last.get("region")
    state["server_ids"] = list(last.get("serverIds") or [])


def _waited(state: State, last: Item) -> int:
    """Tell how long the last wave had been waited for when it ended.

    The poll that ended it had added its own time; a later wave began anew.
    """
    waited: int = state["current_wave_total_wait_time"]
    job_id = state["job_id"]
    if state["current_wave_number"] != last["waveNumber"]:
        return 0
    if job_id is None or job_id != last.get("jobId"):
        return waited
    by_poll = last["status"] in ("COMPLETED", "FAILED", "TIMEOUT")
    update_time: int = state["current_wave_update_time"]
    return waited + update_time * by_poll


def _explain_end(state: State, waves: list[Item]) -> None:
    """Say again why it failed, as the step that recorded the end did."""
    error = state["error"]
    last = waves[-1]["status"] if waves else "COMPLETED"
    number = state["current_wave_number"]
    if last == "COMPLETED" and len(waves) < len(state["waves"]):
        number = len(waves)
        _prepare_wave(state, number)
        state["error_code"] = "WAVE_START_FAILED"
        state["status_reason"] = f"Wave {number} failed to start: {error}"
    elif last == "FAILED":
        by_launch = error in (NO_SERVERS, NO_INSTANCES)
        if by_launch or error.endswith("servers failed to launch"):
            state["error_code"] = "WAVE_LAUNCH_FAILED"
        else:
            state["error_code"] = "WAVE_POLL_FAILED"
        state["status_reason"] = f"Wave {number} failed: {error}"
    elif last == "TIMEOUT":
        state["error_code"] = "WAVE_TIMEOUT"
        state["status_reason"] = error


def _end_state(state: State, status: str, end_time: int | None = None) -> None:
    state["wave_completed"] = True
    state["status"] = status
    state["end_time"] = end_time or _now()
    # A late duplicate of the begin is younger than the recorded end.
    lasted = state["end_time"] - state["start_time"]
    state["duration_seconds"] = max(0, lasted)


def _cancel(table: "Table", state: State) -> None:
    state["status_reason"] = "Execution cancelled by user"
    state["all_waves_completed"] = True
    _end_state(state, "cancelled")
    logger.info("Execution %s cancelled on request", state["execution_id"])
    _end_current_wave(table, state, "CANCELLED")
    _record_end_or_obey(table, state, "CANCELLED")


def _complete_execution(table: "Table", state: State) -> None:
    state["completed_waves"] = len(state["waves"])
    state["status_reason"] = "All waves completed successfully"
    state["all_waves_completed"] = True
    _end_state(state, "completed")
    if _record_end_or_obey(table, state, "COMPLETED"):
        logger.info(
            "Execution %s completed: %d waves",
            state["execution_id"],
            len(state["waves"]),
        )


def _fail(
    table: "Table", state: State, error: str, error_code: str, reason: str
) -> None:
    number = state["current_wave_number"]
    logger.error(
        "Wave %d (%s): failed: %s", number, _wave_name(state, number), error
    )
    state["failed_waves"] += 1
    state["error"] = error
    state["error_code"] = error_code
    state["status_reason"] = reason
    _end_state(state, "failed")
    _end_current_wave(table, state, "FAILED")
    _record_end_or_obey(table, state, "FAILED")


def _time_out(table: "Table", state: State) -> None:
    number = state["current_wave_number"]
    waited = state["current_wave_total_wait_time"]
    logger.error(
        "Wave %d (%s): timed out after %d s",
        number,
        _wave_name(state, number),
        waited,
    )
    state["error"] = f"Wave timed out after {waited}s"
    state["error_code"] = "WAVE_TIMEOUT"
    state["status_reason"] = state["error"]
    _end_state(state, "timeout")
    _end_current_wave(table, state, "TIMEOUT")
    _record_end_or_obey(table, state, "TIMEOUT")


def _end_current_wave(table: "Table", state: State, status: str) -> None:
    result = _find_result(state, state["current_wave_number"])
    if result is not None and result.get("endTime") is None:
        _end_result(result, status)
        _record_wave_end(table, state, result)


def _record_end_or_obey(table: "Table", state: State, status: str) -> bool:
    if _record_end(table, state, status):
        return True
    standing = _require_item(table, state)
    found = standing.get("status")
    logger.info(
        "Execution %s: %s not written over %s",
        state["execution_id"],
        status,
        found,
    )
    if not _explains_refusal(found, status):
        raise ExecutionHistoryError(
            f"Execution {state['execution_id']}: history could not be "
            f"written: {status} refused over {found}"
        )
    _obey(table, state, standing)
    return False


def _explains_refusal(found: str | None, status: str) -> bool:
    """Tell whether an end is refused over what was found."""
    if found == "CANCELLING":
        return status == "COMPLETED"
    return found is None or found in TERMINAL


# The sequence of waves (section 5 step 10)


def _advance(table: "Table", state: State) -> State:
    standing = _require_item(table, state)
    next_wave = state["current_wave_number"] + 1
    if _obey(table, state, standing):
        return state
    if next_wave >= len(state["waves"]):
        _complete_execution(table, state)
        return state
    asked = _is_asked(standing, next_wave)
    waits = asked or state["waves"][next_wave].get("pauseBeforeWave")
    if waits and _pause(table, state, next_wave):
        return state
    # A late poll may bear the state of a gate that was opened.
    state["status"] = "running"
    state["paused_before_wave"] = None
    return start_wave_recovery(state, next_wave)


def _is_asked(standing: Item, next_wave: int) -> bool:
    """Tell whether a person asked for a pause before a wave.

    An earlier run of this step may have answered it with the pause already.
    """
    if standing.get("status") == "PAUSED":
        at_gate: bool = standing.get("pausedBeforeWave") == next_wave
        return at_gate
    return standing.get("status") == "PAUSE_PENDING"


def _pause(table: "Table", state: State, next_wave: int) -> bool:
    """Pause, or end as people asked meanwhile.

    Returns:
        False when the wave has started: an earlier run of this step started
        it before the pause was asked for, or its gate was opened already.
    """
    if not _record_paused(table, state, next_wave):
        item = _require_item(table, state)
        if _obey(table, state, item):
            return True
        if _recorded_wave(item, next_wave):
            return False
    state["wave_completed"] = True
    state["status"] = "paused"
    state["paused_before_wave"] = next_wave
    logger.info(
        "Execution %s pauses before wave %d", state["execution_id"], next_wave
    )
    return True


# The start of a wave (section 4)


def _start_wave(table: "Table", state: State) -> State:
    item = _require_item(table, state)
    record = _recorded_wave(item, state["current_wave_number"])
    if record and record["jobId"] and item.get("status") not in TERMINAL:
        _adopt(table, state, record)
        return state
    if _obey(table, state, item):
        return state
    if record:
        return _pass_over(table, state, record["region"])
    wave = state["waves"][state["current_wave_number"]]
    group = _protection_group(wave)
    state["region"] = group.get("region") or DEFAULT_REGION
    account = open_account(get_account_context(state), state["region"])
    server_ids = _wave_servers(account.drs, group, wave)
    if state["current_wave_number"] == 0:
        _require_limits(state, _count_servers(state, account, server_ids))
    if not server_ids:
        return _pass_over(table, state, state["region"])
    if group.get("launchConfig") or group.get("servers"):
        apply_launch_config_before_recovery(account, group, server_ids)
    created = item.get("startTime") or state["start_time"]
    since = min(state["start_time"], int(created))
    job_id = _start_once(state, account, server_ids, since)
    _keep_job(table, state, server_ids, job_id)
    return state


def _recorded_wave(item: Item, wave_number: int) -> Item | None:
    waves = item.get("waves") or []
    record = waves[wave_number] if wave_number < len(waves) else {}
    if record.get("jobId") or record.get("status") == "COMPLETED":
        # The contract lets a record go without a Region or a job.
        return {"jobId": None, "region": item.get("drsRegion"), **record}
    return None


def _adopt(table: "Table", state: State, record: Item) -> None:
    number = state["current_wave_number"]
    state["region"] = record["region"]
    state["server_ids"] = list(record["serverIds"])
    state["job_id"] = record["jobId"]
    _put_result(state, record)
    logger.info(
        "Wave %d (%s): DRS job %s had been started, adopted",
        number,
        _wave_name(state, number),
        record["jobId"],
    )
    _record_polling(table, state)


def _pass_over(table: "Table", state: State, region: str) -> State:
    """Complete a wave that has no servers, and go on (step 4)."""
    number = state["current_wave_number"]
    state["region"] = region
    result = _started_result(state)
    _end_result(result, "COMPLETED")
    _put_result(state, result)
    state["wave_completed"] = True
    state["completed_waves"] += 1
    logger.info(
        "Wave %d (%s): no servers, nothing to recover",
        number,
        _wave_name(state, number),
    )
    _record_wave_end(table, state, result)
    return _advance(table, state)


def _protection_group(wave: Item) -> Item:
    group_id = wave.get("protectionGroupId")
    if not group_id:
        raise WaveStartError("No protectionGroupId in wave")
    table = get_protection_groups_table()
    item = table.get_item(Key={"groupId": group_id}).get("Item")
    if item is None:
        raise WaveStartError(f"Protection Group {group_id} not found")
    return dict(_from_dynamodb(item))


def _wave_servers(drs: "DrsClient", group: Item, wave: Item) -> list[str]:
    tags = group.get("serverSelectionTags")
    if tags:
        return query_drs_servers_by_tags(drs, tags)
    return _named_servers(group, wave)


def _named_servers(group: Item, wave: Item) -> list[str]:
    named = wave.get("serverIds") or group.get("sourceServerIds") or []
    return list(dict.fromkeys(named))


def query_drs_servers_by_tags(
    drs: "DrsClient", tags: Mapping[str, str]
) -> list[str]:
    """Find the source servers that carry all of some tags (section 6)."""
    wanted = _normalised(tags)
    if not wanted:
        return []
    pages = drs.get_paginator("describe_source_servers").paginate()
    # A list that changes meanwhile may show a server on two pages.
    found = dict.fromkeys(
        server["sourceServerID"]
        for page in pages
        for server in page["items"]
        if wanted <= _normalised(server.get("tags", {}))
    )
    return list(found)


def _normalised(tags: Mapping[str, str]) -> set[tuple[str, str]]:
    return {
        (key.strip().casefold(), value.strip().casefold())
        for key, value in tags.items()
    }


# The limits of a plan, checked before its first job


def _count_servers(
    state: State, account: RecoveryAccount, first: list[str]
) -> list[int]:
    """Count the servers of each wave; one that cannot be counted has 0."""
    counted = [len(first)]
    listed: dict[str, list[set[tuple[str, str]]]] = {}
    for number in range(1, len(state["waves"])):
        try:
            counted.append(_count_wave(state, account, number, listed))
        except Exception as error:
            logger.warning(
                "Wave %d (%s): servers not counted beforehand: %s",
                number,
                _wave_name(state, number),
                error,
            )
            counted.append(0)
    return counted


def _count_wave(
    state: State,
    account: RecoveryAccount,
    number: int,
    listed: dict[str, list[set[tuple[str, str]]]],
) -> int:
    wave = state["waves"][number]
    group = _protection_group(wave)
    if not group.get("serverSelectionTags"):
        return len(_named_servers(group, wave))
    region = group.get("region") or DEFAULT_REGION
    if region not in listed:
        listed[region] = _list_tags(state, account, region)
    wanted = _normalised(group["serverSelectionTags"])
    return sum(wanted <= tags for tags in listed[region])


def _list_tags(
    state: State, account: RecoveryAccount, region: str
) -> list[set[tuple[str, str]]]:
    if region != account.region:
        account = open_account(get_account_context(state), region)
    pages = account.drs.get_paginator("describe_source_servers").paginate()
    return [
        _normalised(server.get("tags", {}))
        for page in pages
        for server in page["items"]
    ]


def _require_limits(state: State, servers: list[int]) -> None:
    for number, count in enumerate(servers):
        if count > JOB_SERVERS:
            raise PlanLimitError(
                f"Wave {number} ({_wave_name(state, number)}) has {count} "
                "servers",
                count,
                JOB_SERVERS,
                "that DRS recovers in one job: split the wave",
            )
    _require_events(state, sum(count > 0 for count in servers))
    size = _expected_bytes(state, servers)
    if size > STATE_BYTES:
        raise PlanLimitError(
            f"The state of {sum(servers)} servers in {len(servers)} waves "
            f"grows to about {size} bytes",
            size,
            STATE_BYTES,
            "that Step Functions passes on: split the plan",
        )


def _require_events(state: State, jobs: int) -> None:
    polls = jobs * SHORTEST_LAUNCH_SECONDS // POLL_SECONDS
    pauses = [w for w in state["waves"][1:] if w.get("pauseBeforeWave")]
    events = 11 + 11 * polls + 13 * len(pauses)
    if events > EXECUTION_EVENTS:
        raise PlanLimitError(
            f"{jobs} waves take {events} events at least",
            events,
            EXECUTION_EVENTS,
            "of an execution of Step Functions: split the plan",
        )


def _expected_bytes(state: State, servers: list[int]) -> int:
    """Estimate the state's size once all servers are launched."""
    count = sum(servers)
    end = {
        **state,
        "wave_results": [
            _expected_result(state, number, count)
            for number, count in enumerate(servers)
        ],
        "server_ids": [LAUNCHED["sourceServerId"]] * max(servers),
        "recovery_instance_ids": [LAUNCHED["instanceId"]] * count,
        "recovery_instance_ips": [LAUNCHED["privateIp"]] * count,
    }
    text = json.dumps(end, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode(errors="surrogatepass")) + FRAME_BYTES


def _expected_result(state: State, number: int, count: int) -> Item:
    return {
        "waveNumber": number,
        "waveName": _wave_name(state, number),
        "status": "COMPLETED",
        "jobId": "drsjob-" + "0" * 17,
        "startTime": LAUNCHED["launchTime"],
        "endTime": LAUNCHED["launchTime"],
        "serverIds": [LAUNCHED["sourceServerId"]] * count,
        "serverStatuses": [LAUNCHED] * count,
        "region": "ap-southeast-1",
    }


def _start_once(
    state: State,
    account: RecoveryAccount,
    server_ids: list[str],
    since: int,
) -> str:
    """Start the DRS job, or find that of an earlier try (step 6).

    It is looked for first: the job of an earlier try may have ended, and
    then DRS would take the start once more.
    """
    earlier = _look_up(state, account, server_ids, since)
    if earlier:
        logger.info(
            "StartRecovery of %d servers was sent before: DRS job %s",
            len(server_ids),
            earlier,
        )
        return earlier
    try:
        response = account.drs_start.start_recovery(
            isDrill=state["is_drill"],
            sourceServers=[{"sourceServerID": id_} for id_ in server_ids],
        )
        started = response.get("job", {}).get("jobID")
        if not started:
            raise RecoveryStartUncertainError(
                f"StartRecovery of {len(server_ids)} servers was answered "
                "without a job: look for a running job of these servers in DRS"
            )
        return started
    except Exception as error:
        conflict = _code(error) == "ConflictException"
        if not (conflict or _may_have_happened(error)):
            raise
        logger.warning(
            "StartRecovery of %d servers left its outcome open: %s",
            len(server_ids),
            error,
        )
        job_id = _look_up(state, account, server_ids, since, error)
        if job_id is None:
            raise
        return job_id


def _look_up(
    state: State,
    account: RecoveryAccount,
    server_ids: list[str],
    since: int,
    start: Exception | None = None,
) -> str | None:
    """Find the job of these servers that belongs to nobody else.

    Before the start, jobs of the last hour can be an earlier try's.
    """
    wanted = set(server_ids)
    conflict = start is not None and _code(start) == "ConflictException"
    earliest = since if start else max(since, _now() - TRIED_WITHIN_SECONDS)
    jobs: list[Mapping[str, Any]] = []
    try:
        jobs = _jobs(account.drs, state, wanted, earliest)
        jobs = [job for job in jobs if conflict or _servers(job) == wanted]
        owners = _job_owners(since) if jobs else {}
    except Exception as unknown:
        refused = isinstance(unknown, AWS_ERRORS) and not _is_passing(unknown)
        if refused and not (start or jobs):
            raise
        raise RecoveryStartUncertainError(
            _uncertain(len(server_ids), start, unknown)
        ) from unknown
    may_be_foreign = conflict or start is None
    job_id, stray = _own_job(state, jobs, owners, wanted, may_be_foreign)
    if job_id is None and stray and start:
        raise WaveStartError(
            f"{start}: DRS job {stray} has some of these servers and is on no "
            "execution's record, look at it in DRS"
        ) from start
    return job_id


def _uncertain(
    servers: int, start: Exception | None, unknown: Exception
) -> str:
    why = f"{type(unknown).__name__}: {unknown}"
    if start is None:
        return (
            f"Nothing was started now: whether an earlier try started a job "
            f"for these {servers} servers could not be looked up ({why}): "
            "look for a running job of them in DRS"
        )
    return (
        f"StartRecovery of {servers} servers left its outcome open ({start}), "
        f"and its job could not be looked for ({why}): look for a running "
        "job of these servers in DRS"
    )


def _jobs(
    drs: "DrsClient", state: State, wanted: set[str], since: int
) -> list[Mapping[str, Any]]:
    """List the jobs of this kind with any of the servers, newest first."""
    earlier = {result["jobId"] for result in state["wave_results"]}
    from_date = datetime.fromtimestamp(since, UTC)
    pages = drs.get_paginator("describe_jobs").paginate(
        filters={"fromDate": from_date.strftime("%Y-%m-%dT%H:%M:%SZ")}
    )
    return [
        job
        for page in pages
        for job in page["items"]
        if job["jobID"] not in earlier
        and _is_launch(job, bool(state["is_drill"]))
        and not _servers(job).isdisjoint(wanted)
    ]


def _own_job(
    state: State,
    jobs: list[Mapping[str, Any]],
    owners: dict[str, tuple[str, int]],
    wanted: set[str],
    may_be_foreign: bool,
) -> tuple[str | None, str | None]:
    """Find the job that belongs to nobody else.

    A young one on no record may be another execution's, which is about to
    record it, or that of an earlier run of this step: it shows soon.

    Returns:
        The job, if any; and a job on no record that has other servers, too.
    """
    own = (state["execution_id"], state["current_wave_number"])
    strays = []
    for job in jobs:
        owner = owners.get(job["jobID"])
        if owner is None and may_be_foreign and _is_young(job):
            raise RecoveryStartUncertainError(
                f"DRS job {job['jobID']} was just started for these servers "
                "and is not on record yet: it shows in some seconds whose it "
                "is"
            )
        if owner == own or (owner is None and _servers(job) == wanted):
            return str(job["jobID"]), None
        if owner is None:
            strays.append(str(job["jobID"]))
    return None, next(iter(strays), None)


def _is_young(job: Mapping[str, Any]) -> bool:
    created = job.get("creationDateTime")
    if not created:
        return False
    age = _now() - datetime.fromisoformat(created).timestamp()
    return age < RECORDED_WITHIN_SECONDS


def _is_launch(job: Mapping[str, Any], is_drill: bool) -> bool:
    initiator = "START_DRILL" if is_drill else "START_RECOVERY"
    return job.get("type") == "LAUNCH" and job.get("initiatedBy") == initiator


def _servers(job: Mapping[str, Any]) -> set[str]:
    servers = job.get("participatingServers", [])
    return {server["sourceServerID"] for server in servers}


def _job_owners(since: int) -> dict[str, tuple[str, int]]:
    """Tell the execution and wave of each job that is on record."""
    table = get_execution_history_table()
    return {
        wave["jobId"]: (item["executionId"], number)
        for item in _scan_history(table, since)
        for number, wave in enumerate(item.get("waves") or [])
        if wave.get("jobId")
    }


def _keep_job(
    table: "Table", state: State, server_ids: list[str], job_id: str
) -> None:
    number = state["current_wave_number"]
    state["server_ids"] = server_ids
    state["job_id"] = job_id
    result = _started_result(state)
    _put_result(state, result)
    logger.info(
        "Wave %d (%s): DRS job %s started for %d servers in %s",
        number,
        _wave_name(state, number),
        job_id,
        len(server_ids),
        state["region"],
    )
    _record_started(table, state, result)


# Launch configuration (section 4.1)


def apply_launch_config_before_recovery(
    account: RecoveryAccount, group: Item, server_ids: list[str]
) -> None:
    """Apply the group's launch configuration to each server.

    A failure for one server is logged and does not stop the wave.
    """
    for server_id in server_ids:
        try:
            settings = _effective_settings(group, server_id)
            if _apply_settings(account, server_id, settings):
                logger.info(
                    "Server %s: launch configuration applied", server_id
                )
        except Exception as error:  # section 4 step 5
            logger.warning(
                "Server %s: launch configuration not applied: %s",
                server_id,
                error,
            )


def _effective_settings(group: Item, server_id: str) -> Item:
    entries = {
        entry.get("sourceServerId"): entry
        for entry in reversed(group.get("servers") or [])
    }
    entry = entries.get(server_id, {})
    own = _present(entry.get("launchTemplate") or {})
    if entry.get("useGroupDefaults") is False:
        return own
    return {**_present(group.get("launchConfig") or {}), **own}


def _present(settings: Item) -> Item:
    return {
        name: value for name, value in settings.items() if value is not None
    }


def _apply_settings(
    account: RecoveryAccount, server_id: str, settings: Item
) -> bool:
    current = account.drs.get_launch_configuration(sourceServerID=server_id)
    template_id = current.get("ec2LaunchTemplateID")
    if not template_id:
        return False
    changed = False
    wanted = {name: settings[name] for name in DRS_FIELDS if name in settings}
    if any(current.get(name) != value for name, value in wanted.items()):
        account.drs.update_launch_configuration(
            sourceServerID=server_id, **wanted
        )
        changed = True
    if any(settings.get(name) for name in TEMPLATE_FIELDS):
        changed |= _apply_template(account.ec2, template_id, settings)
    return changed


def _apply_template(
    ec2: "EC2Client", template_id: str, settings: Item
) -> bool:
    default = ec2.describe_launch_template_versions(
        LaunchTemplateId=template_id, Versions=["$Default"]
    )["LaunchTemplateVersions"][0]
    changes = _template_changes(settings, dict(default["LaunchTemplateData"]))
    if not changes:
        return False
    created = ec2.create_launch_template_version(
        LaunchTemplateId=template_id,
        SourceVersion=str(default["VersionNumber"]),
        LaunchTemplateData=changes,  # type: ignore[arg-type]
    )["LaunchTemplateVersion"]
    ec2.modify_launch_template(
        LaunchTemplateId=template_id,
        DefaultVersion=str(created["VersionNumber"]),
    )
    return True


def _template_changes(settings: Item, current: Item) -> Item:
    wanted: Item = {}
    if settings.get("instanceType"):
        wanted["InstanceType"] = settings["instanceType"]
    if any(settings.get(name) for name in INTERFACE_FIELDS):
        first, *others = current.get("NetworkInterfaces") or [{}]
        interface = {
            wire_name: settings[name]
            for name, wire_name in INTERFACE_FIELDS.items()
            if settings.get(name)
        }
        first = {**first, "DeviceIndex": 0, **interface}
        wanted["NetworkInterfaces"] = [first, *others]
    if settings.get("instanceProfileName"):
        profile = settings["instanceProfileName"]
        wanted["IamInstanceProfile"] = {"Name": profile}
    return {
        name: value
        for name, value in wanted.items()
        if current.get(name) != value
    }


# The poll of a wave (section 5)


def _poll(table: "Table", state: State) -> bool:
    """Look at the wave's job; tell whether the wave has just completed."""
    state["current_wave_total_wait_time"] += state["current_wave_update_time"]
    waited = state["current_wave_total_wait_time"]
    if waited >= state["current_wave_max_wait_time"]:
        _time_out(table, state)
        return False
    completed = _look_or_defer(table, state)
    if not completed and state["status"] == "running":
        _slow_down(state)
    return completed


def _look_or_defer(table: "Table", state: State) -> bool:
    try:
        return _look(table, state)
    except ExecutionHistoryError:
        raise
    except Exception as error:  # section 5 step 4
        _fail_or_defer(table, state, error)
        return False


def _slow_down(state: State) -> None:
    """Let polls of a long recovery be rarer: its events are limited."""
    run = sum(
        (result.get("endTime") or _now()) - result.get("startTime", _now())
        for result in state["wave_results"]
    )
    doubled = int(min(max(0, run // SLOWER_AFTER_SECONDS), SLOWEST))
    state["current_wave_update_time"] = max(
        state["current_wave_update_time"], POLL_SECONDS * 2**doubled
    )


def _fail_or_defer(table: "Table", state: State, error: Exception) -> None:
    number = state["current_wave_number"]
    if _is_passing(error):
        logger.warning(
            "Wave %d (%s): no answer from AWS, polled again later: %s",
            number,
            _wave_name(state, number),
            error,
        )
        return
    reason = f"Wave {number} failed: {error}"
    _fail(table, state, str(error), "WAVE_POLL_FAILED", reason)


def _look(table: "Table", state: State) -> bool:
    account = open_account(get_account_context(state), state["region"])
    job = _read_job(account.drs, state["job_id"])
    if not job.get("participatingServers"):
        if job.get("status") == "COMPLETED":
            error = NO_SERVERS
            _fail_launch(table, state, error)
        return False
    result = _current_result(state)
    before = copy.deepcopy(result)
    statuses = [
        _update_server(result, server)
        for server in job["participatingServers"]
    ]
    _add_details(account, result)
    if _has_failed(table, state, job, statuses):
        return False
    if all(status == "LAUNCHED" for status in statuses):
        _complete_wave(table, state, result)
        return True
    state["wave_completed"] = False
    _show_progress(account.drs, result, statuses)
    if result != before:
        _record_progress(table, state, result)
    return False


def _read_job(drs: "DrsClient", job_id: str) -> Item:
    pages = drs.get_paginator("describe_jobs").paginate(
        filters={"jobIDs": [job_id]}
    )
    # A page may be empty although another one follows.
    for page in pages:
        for job in page["items"]:
            return dict(job)
    raise JobNotFoundError(f"Job {job_id} not found")


def _current_result(state: State) -> Item:
    result = _find_result(state, state["current_wave_number"])
    if result is None:
        result = _started_result(state)
        _put_result(state, result)
    return result


def _update_server(result: Item, server: Item) -> str:
    entry = _server_entry(result, server["sourceServerID"])
    status: str = server.get("launchStatus", "PENDING")
    if status != entry["launchStatus"]:
        _report_launch_status(entry["sourceServerId"], status)
    entry["launchStatus"] = status
    if server.get("recoveryInstanceID"):
        entry["recoveryInstanceId"] = server["recoveryInstanceID"]
    return status


def _server_entry(result: Item, server_id: str) -> Item:
    for entry in result["serverStatuses"]:
        if entry["sourceServerId"] == server_id:
            known: Item = entry
            return known
    added = _pending(server_id)
    result["serverStatuses"].append(added)
    return added


def _report_launch_status(server_id: str, status: str) -> None:
    if status in LOST:
        logger.error("Server %s: launch status %s", server_id, status)
    elif status not in KNOWN_LAUNCH_STATUSES:
        logger.warning(
            "Server %s: launch status %s is not known", server_id, status
        )


def _has_failed(
    table: "Table", state: State, job: Item, statuses: list[str]
) -> bool:
    # A completed job does nothing more for a server that it left waiting.
    is_over = job.get("status") == "COMPLETED"
    failed = sum(statuses.count(status) for status in LOST)
    if is_over:
        failed = len(statuses) - statuses.count("LAUNCHED")
    if is_over and "LAUNCHED" not in statuses:
        _fail_launch(table, state, NO_INSTANCES)
        return True
    if failed:
        _fail_launch(table, state, f"{failed} servers failed to launch")
        return True
    return False


def _fail_launch(table: "Table", state: State, error: str) -> None:
    reason = f"Wave {state['current_wave_number']} failed: {error}"
    _fail(table, state, error, "WAVE_LAUNCH_FAILED", reason)


def _complete_wave(table: "Table", state: State, result: Item) -> None:
    servers = result["serverStatuses"]
    _end_result(result, "COMPLETED")
    state["wave_completed"] = True
    state["completed_waves"] += 1
    state["recovery_instance_ids"] += _known(servers, "instanceId")
    state["recovery_instance_ips"] += _known(servers, "privateIp")
    logger.info(
        "Wave %d (%s): completed, %d servers launched",
        result["waveNumber"],
        result["waveName"],
        len(servers),
    )
    _record_wave_end(table, state, result)


def _known(servers: list[dict[str, str]], name: str) -> list[str]:
    return [server[name] for server in servers if server.get(name)]


def _show_progress(
    drs: "DrsClient", result: Item, statuses: list[str]
) -> None:
    try:
        events = _job_events(drs, result["jobId"])
    except Exception as error:  # section 5 step 8
        logger.warning(
            "DRS job %s: log could not be read: %s", result["jobId"], error
        )
        return
    result["status"] = _wave_status(events, statuses)
    logger.info(
        "Wave %d (%s): %s, %d of %d servers launched",
        result["waveNumber"],
        result["waveName"],
        result["status"],
        statuses.count("LAUNCHED"),
        len(statuses),
    )


def _job_events(drs: "DrsClient", job_id: str) -> set[str]:
    pages = drs.get_paginator("describe_job_log_items").paginate(jobID=job_id)
    return {
        item["event"]
        for page in pages
        for item in page["items"]
        if "event" in item
    }


def _wave_status(events: set[str], statuses: list[str]) -> str:
    if 0 < statuses.count("LAUNCHED") < len(statuses):
        return "IN_PROGRESS"
    if any(event.startswith("LAUNCH_") for event in events):
        return "LAUNCHING"
    if any(event.startswith("CONVERSION_") for event in events):
        return "CONVERTING"
    return "STARTED"


def _add_details(account: RecoveryAccount, result: Item) -> None:
    """Fill in the details of launched servers, as far as they are known."""
    unknown = {
        entry["sourceServerId"]: entry
        for entry in result["serverStatuses"]
        if entry["launchStatus"] == "LAUNCHED" and not entry.get("privateIp")
    }
    if not unknown:
        return
    try:
        _add_instances(account.drs, unknown, result["jobId"])
        _add_addresses(account.ec2, unknown)
    except Exception as error:  # best effort, section 5 step 7
        logger.warning(
            "DRS job %s: instance details could not be read: %s",
            result["jobId"],
            error,
        )


def _add_instances(
    drs: "DrsClient", entries: dict[str, Item], job_id: str
) -> None:
    pages = drs.get_paginator("describe_recovery_instances").paginate(
        filters={"sourceServerIDs": list(entries)}
    )
    for page in pages:
        for instance in page["items"]:
            if instance.get("jobID") != job_id:
                continue
            entry = entries[instance["sourceServerID"]]
            properties = instance.get("recoveryInstanceProperties", {})
            hints = properties.get("identificationHints", {})
            found = {
                "recoveryInstanceId": instance.get("recoveryInstanceID"),
                "instanceId": instance.get("ec2InstanceID"),
                "hostname": hints.get("hostname"),
            }
            entry.update(_not_blank(found))


def _add_addresses(ec2: "EC2Client", entries: dict[str, Item]) -> None:
    by_id = {
        entry["instanceId"]: entry
        for entry in entries.values()
        if entry.get("instanceId")
    }
    if not by_id:
        return
    pages = ec2.get_paginator("describe_instances").paginate(
        InstanceIds=list(by_id)
    )
    for page in pages:
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                _add_address(by_id[instance["InstanceId"]], dict(instance))


def _add_address(entry: Item, instance: Item) -> None:
    found = {
        "privateIp": instance.get("PrivateIpAddress"),
        "instanceType": instance.get("InstanceType"),
    }
    entry.update(_not_blank(found))
    if "LaunchTime" in instance:
        entry["launchTime"] = int(instance["LaunchTime"].timestamp())


def _not_blank(values: Item) -> Item:
    return {name: value for name, value in values.items() if value}


# The execution history (section 7)


def get_protection_groups_table() -> "Table":
    """Return the table of protection groups, keyed by ``groupId``."""
    return _table(os.environ["PROTECTION_GROUPS_TABLE"])


def get_execution_history_table() -> "Table":
    """Return the table of executions, keyed by ``executionId, planId``."""
    return _table(os.environ["EXECUTION_HISTORY_TABLE"])


@cache
def _table(name: str) -> "Table":
    return boto3.resource("dynamodb", config=DYNAMODB).Table(name)


def _read_standing(table: "Table", state: State) -> Item:
    """Read status, gate, end and error; empty when they cannot be read."""
    try:
        return _read_item(
            table, state, "#status, pausedBeforeWave, endTime, errorMessage"
        )
    except AWS_ERRORS as error:
        logger.warning(
            "Execution %s: status could not be read: %s",
            state["execution_id"],
            error,
        )
        return {}


def _record_running(table: "Table", state: State) -> bool:
    condition = _status_in("PENDING", "RUNNING")
    return _update_or_log(table, state, {"#status": "RUNNING"}, condition)


def _record_resumed(table: "Table", state: State, wave_number: int) -> bool:
    """Open the gate before this wave, and no other."""
    gate = ("pausedBeforeWave = :gate", {":gate": wave_number})
    paused = _both(gate, _status_in("PAUSED"))
    if _update_or_raise(table, state, {"#status": "RUNNING"}, paused, GATE):
        return True
    asked = _both(gate, _status_in("PAUSE_PENDING"))
    _update_or_raise(table, state, {}, asked, GATE)
    return False


def _record_paused(table: "Table", state: State, next_wave: int) -> bool:
    changes = {"#status": "PAUSED", "pausedBeforeWave": next_wave}
    return _update_or_log(table, state, changes, _may_pause(next_wave))


def _record_token(table: "Table", state: State, token: str) -> bool:
    gate = state["paused_before_wave"]
    changes = {
        "#status": "PAUSED",
        "pausedBeforeWave": gate,
        "taskToken": token,
    }
    return _update_or_raise(table, state, changes, _may_pause(gate))


def _record_started(table: "Table", state: State, result: Item) -> None:
    """Record a job whatever the status is, POLLING where it may be."""
    number = result["waveNumber"]
    changes = {
        f"waves[{number}]": result,
        **_job_of(result),
        "#status": "POLLING",
    }
    condition = _both(_holds_waves(number), _may_poll())
    try:
        if _update(table, state, changes, condition):
            return
        _put_wave(table, state, result)
        _record_polling(table, state)
    except AWS_ERRORS as error:
        _log_unwritten(state, error)


def _record_polling(table: "Table", state: State) -> None:
    _update_or_log(table, state, {"#status": "POLLING"}, _may_poll())


def _record_progress(table: "Table", state: State, result: Item) -> None:
    try:
        _put_wave(table, state, result)
    except AWS_ERRORS as error:
        _log_unwritten(state, error)


def _record_wave_end(table: "Table", state: State, result: Item) -> None:
    try:
        _put_wave(table, state, result)
    except AWS_ERRORS as error:
        raise _unwritten(state, error) from error


def _record_end(table: "Table", state: State, status: str) -> bool:
    changes = {"#status": status, "endTime": state["end_time"]}
    if state.get("error") is not None:
        changes["errorMessage"] = state["error"]
    kept = ("CANCELLING", *TERMINAL) if status == "COMPLETED" else TERMINAL
    return _update_or_raise(table, state, changes, _status_not_in(*kept), GATE)


def _put_wave(table: "Table", state: State, result: Item) -> None:
    """Write ``waves[n]`` at index n, making the list whole if it is not.

    DynamoDB appends when an index lies beyond the end of a list. The job
    goes with it: the write at the wave's start may have failed. An end that
    is recorded stands: a late poll knows less than it.
    """
    number = result["waveNumber"]
    exists: Condition = ("attribute_exists(executionId)", {})
    job = _job_of(result)
    indexed = {f"waves[{number}]": result, **job}
    there = _both(_both(exists, _holds_waves(number)), _not_ended(number))
    if _update(table, state, indexed, there):
        return
    earlier = [
        _find_result(state, n) or _not_started(state, n) for n in range(number)
    ]
    whole = {"waves": [*earlier, result], **job}
    _update(table, state, whole, _both(exists, _lacks_waves(number)))


def _job_of(result: Item) -> Item:
    job_id, region = result.get("jobId"), result.get("region")
    named = {"drsJobId": job_id, "drsRegion": region}
    return {name: value for name, value in named.items() if value and job_id}


def _not_started(state: State, wave_number: int) -> Item:
    return {
        "waveNumber": wave_number,
        "waveName": _wave_name(state, wave_number),
        "serverIds": [],
        "serverStatuses": [],
    }


def _status_in(*statuses: str) -> Condition:
    values = {f":status{n}": status for n, status in enumerate(statuses)}
    return f"#status IN ({', '.join(values)})", values


def _status_not_in(*statuses: str) -> Condition:
    unwanted, values = _status_in(*statuses)
    return f"attribute_exists(executionId) AND NOT {unwanted}", values


def _may_poll() -> Condition:
    return _status_in("PENDING", "RUNNING", "POLLING")


def _may_pause(wave_number: int) -> Condition:
    """Require that the wave has not started: its gate may be open already."""
    statuses = _status_in(
        "PENDING", "RUNNING", "POLLING", "PAUSED", "PAUSE_PENDING"
    )
    return _both(statuses, (f"attribute_not_exists(waves[{wave_number}])", {}))


def _holds_waves(count: int) -> Condition:
    expression = "attribute_exists(waves) AND size(waves) >= :waves"
    return expression, {":waves": count}


def _lacks_waves(count: int) -> Condition:
    expression, values = _holds_waves(count)
    return f"NOT ({expression})", values


def _not_ended(wave_number: int) -> Condition:
    end = f"waves[{wave_number}].endTime"
    expression = (
        f"(attribute_not_exists({end}) OR attribute_type({end}, :null))"
    )
    return expression, {":null": "NULL"}


def _both(first: Condition, second: Condition) -> Condition:
    return f"{first[0]} AND {second[0]}", {**first[1], **second[1]}


def _update_or_log(
    table: "Table", state: State, changes: Item, condition: Condition
) -> bool:
    try:
        return _update(table, state, changes, condition)
    except AWS_ERRORS as error:
        _log_unwritten(state, error)
        return True


def _update_or_raise(
    table: "Table",
    state: State,
    changes: Item,
    condition: Condition,
    removed: tuple[str, ...] = (),
) -> bool:
    try:
        return _update(table, state, changes, condition, removed)
    except AWS_ERRORS as error:
        raise _unwritten(state, error) from error


def _log_unwritten(state: State, error: Exception) -> None:
    logger.warning(
        "Execution %s: history could not be written: %s",
        state["execution_id"],
        error,
    )


def _unwritten(state: State, error: Exception) -> ExecutionHistoryError:
    return ExecutionHistoryError(
        f"Execution {state['execution_id']}: history could not be written: "
        f"{error}"
    )


def _update(
    table: "Table",
    state: State,
    changes: Item,
    condition: Condition,
    removed: tuple[str, ...] = (),
) -> bool:
    """Update the execution's item; False when the condition did not hold."""
    sets = [f"{path} = :new{n}" for n, path in enumerate(changes)]
    parts = [f"SET {', '.join(sets)}"] if sets else []
    parts += [f"REMOVE {', '.join(removed)}"] if removed else []
    values = {f":new{n}": value for n, value in enumerate(changes.values())}
    request: Item = {
        "Key": _item_key(state),
        "UpdateExpression": " ".join(parts),
        "ConditionExpression": condition[0],
    }
    if condition[1] or values:
        request["ExpressionAttributeValues"] = _to_dynamodb(
            {**condition[1], **values}
        )
    if "#status" in request["UpdateExpression"] + condition[0]:
        request["ExpressionAttributeNames"] = {"#status": "status"}
    try:
        table.update_item(**request)
    except ClientError as error:
        if _code(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _read_item(
    table: "Table", state: State, projection: str | None = None
) -> Item:
    request: Item = {"Key": _item_key(state), "ConsistentRead": True}
    if projection:
        request["ProjectionExpression"] = projection
        request["ExpressionAttributeNames"] = {"#status": "status"}
    return dict(_from_dynamodb(table.get_item(**request).get("Item", {})))


def _require_item(table: "Table", state: State) -> Item:
    try:
        return _read_item(table, state)
    except AWS_ERRORS as error:
        raise ExecutionHistoryError(
            f"Execution {state['execution_id']}: history could not be read: "
            f"{error}"
        ) from error


def _scan_history(table: "Table", since: int) -> Iterator[Item]:
    scan: Item = {
        "FilterExpression": (
            "attribute_not_exists(endTime) OR endTime >= :since"
        ),
        "ExpressionAttributeValues": {":since": since},
        "ProjectionExpression": "executionId, waves",
        "ConsistentRead": True,
    }
    while True:
        page = table.scan(**scan)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _item_key(state: State) -> dict[str, str]:
    return {"executionId": state["execution_id"], "planId": state["plan_id"]}


# Values, times, errors


def _now() -> int:
    return int(time.time())


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _from_dynamodb(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {key: _from_dynamodb(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_dynamodb(item) for item in value]
    return value


def _to_dynamodb(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: _to_dynamodb(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_dynamodb(item) for item in value]
    return value


def _code(error: Exception) -> str | None:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code")
    return None


def _is_passing(error: Exception) -> bool:
    """Tell whether the same call may well succeed in a minute."""
    return _code(error) in THROTTLING_CODES or _may_have_happened(error)


def _may_have_happened(error: Exception) -> bool:
    """Tell whether AWS may have done the work and the answer was lost."""
    if isinstance(error, NO_ANSWER):
        return True
    if not isinstance(error, ClientError):
        return False
    metadata = error.response.get("ResponseMetadata", {})
    return int(metadata.get("HTTPStatusCode", 0)) >= 500


ACTIONS: dict[str, Callable[[Event], State]] = {
    "begin": begin_wave_plan,
    "update_wave_status": update_wave_status,
    "store_task_token": store_task_token,
    "resume_wave": resume_wave,
}
