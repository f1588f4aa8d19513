"""Plain data for tests: what a plan, a state or an item looks like.

Each builder gives a new, complete and valid document; what a test is about
is given by name and replaces the default.
"""

from typing import Any

HUB = "123456789012"
TARGET = "210987654321"
REGION = "us-east-1"
# 5 January 2026, 10:00 UTC.
NOW = 1767607200

EXECUTION_ID = "0d9f2b1c-7b1e-4a53-9d0e-6a5f4c3b2a19"
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
GROUP_ID = "5f0c6d8e-5a0b-4a52-9a55-3f1a7be3c9d1"
SERVER_ID = "s-3c1730a9e0771ea14"
JOB_ID = "drsjob-4d8df5e2b1a7c9f03"
EXTERNAL_ID = "drs-orchestration-cross-account"
TASK_TOKEN = "AQCEAAAAKgAAAAMAAAAA-a-secret"

Document = dict[str, Any]


def wave(number: int = 0, **changes: Any) -> Document:
    """Build a wave of a plan."""
    return {
        "waveNumber": number,
        "waveName": f"Tier {number}",
        "protectionGroupId": GROUP_ID,
        "pauseBeforeWave": False,
    } | changes


def waves(count: int) -> list[Document]:
    """Build the waves of a plan, all of the same protection group."""
    return [wave(number) for number in range(count)]


def plan(**changes: Any) -> Document:
    """Build a recovery plan as the state machine is given it."""
    return {
        "planId": PLAN_ID,
        "planName": "Three tiers",
        "waves": waves(1),
    } | changes


def begin_event(**changes: Any) -> Document:
    """Build the state machine's first event."""
    return {
        "action": "begin",
        "execution": EXECUTION_ID,
        "plan": plan(),
        "isDrill": True,
        "accountContext": {},
    } | changes


def state(**changes: Any) -> Document:
    """Build the state of an execution that has just begun."""
    planned = changes.get("waves", waves(1))
    return {
        "plan_id": PLAN_ID,
        "plan_name": "Three tiers",
        "execution_id": EXECUTION_ID,
        "is_drill": True,
        "accountContext": {},
        "waves": planned,
        "total_waves": len(planned),
        "current_wave_number": 0,
        "completed_waves": 0,
        "failed_waves": 0,
        "all_waves_completed": False,
        "wave_completed": False,
        "current_wave_update_time": 30,
        "current_wave_total_wait_time": 0,
        "current_wave_max_wait_time": 31536000,
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
        "start_time": NOW,
        "end_time": None,
        "duration_seconds": None,
    } | changes


def polled_state(result: Document, **changes: Any) -> Document:
    """Build the state of an execution whose wave runs a DRS job."""
    number = result["waveNumber"]
    known = {
        "waves": waves(number + 1),
        "current_wave_number": number,
        "job_id": result["jobId"],
        "region": result.get("region"),
        "server_ids": result["serverIds"],
        "wave_results": [result],
    }
    return state(**(known | changes))


def wave_result(number: int = 0, **changes: Any) -> Document:
    """Build what is known of a wave that has just been started."""
    servers = changes.get("serverIds", [SERVER_ID])
    return {
        "waveNumber": number,
        "waveName": f"Tier {number}",
        "status": "STARTED",
        "jobId": JOB_ID,
        "startTime": NOW,
        "serverIds": servers,
        "serverStatuses": [server_status(each) for each in servers],
        "region": REGION,
    } | changes


def completed_result(number: int = 0, **changes: Any) -> Document:
    """Build the result of a wave that has ended well."""
    ended = {"status": "COMPLETED", "endTime": NOW}
    return wave_result(number, **(ended | changes))


def server_status(server_id: str = SERVER_ID, **changes: Any) -> Document:
    """Build the status of a server of which nothing is known yet."""
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
    } | changes


def group(**changes: Any) -> Document:
    """Build a protection group that names no servers yet."""
    return {
        "groupId": GROUP_ID,
        "groupName": "Databases",
        "description": "",
        "region": REGION,
        "accountId": "",
        "assumeRoleName": "",
        "owner": "",
        "createdDate": NOW,
        "lastModifiedDate": NOW,
        "version": 1,
        "serverSelectionTags": {},
        "sourceServerIds": [],
    } | changes


def history_item(**changes: Any) -> Document:
    """Build the execution history of an execution that was created."""
    return {
        "executionId": EXECUTION_ID,
        "planId": PLAN_ID,
        "planName": "Three tiers",
        "executionType": "DRILL",
        "initiatedBy": "operator",
        "startTime": NOW,
        "totalWaves": 1,
        "accountContext": {},
        "status": "PENDING",
        "waves": [],
    } | changes


def foreign_account(**changes: Any) -> Document:
    """Build the account context of a target account."""
    return {
        "accountId": TARGET,
        "assumeRoleName": "DRSOrchestrationRole",
        "externalId": EXTERNAL_ID,
        "isCurrentAccount": False,
    } | changes
