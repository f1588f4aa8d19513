"""Requests and answers of a plan in its last wave, of any size."""

from typing import Any

Document = dict[str, Any]

NOW = 1767225600
REGION = "eu-west-1"
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
EXECUTION_ID = "0d9f2b1c-7b1e-4a53-9d0e-6a5f4c3b2a19"
GROUP_ID = "5f0c6d8e-5a0b-4a52-9a55-3f1a7be3c9d1"


def boundaries(waves: int, servers: int) -> dict[tuple[str, str], Document]:
    """Build what crosses each boundary of a start and a poll.

    Args:
        waves: How many the plan has.
        servers: How many each wave has.

    Returns:
        A document for each action and direction; all but the request to
        start the last wave know the servers of all waves.
    """
    running = _state(waves, servers, waves)
    waiting = _state(waves, servers, waves - 1)
    waiting |= {"job_id": None, "region": None, "server_ids": []}
    start, poll = "start_wave_recovery", "poll_wave_status"
    number = {"wave_number": waves - 1}
    return {
        (start, "request"): {"action": start, "state": waiting} | number,
        (start, "response"): running | {"current_wave_total_wait_time": 0},
        (poll, "request"): {"action": poll, "state": running},
        (poll, "response"): running,
    }


def _state(waves: int, servers: int, begun: int) -> Document:
    results = [_result(n, servers, n == waves - 1) for n in range(begun)]
    ended = servers * (waves - 1)
    return {
        "plan_id": PLAN_ID,
        "plan_name": "Benchmark",
        "execution_id": EXECUTION_ID,
        "is_drill": True,
        "accountContext": {},
        "waves": [_wave(number) for number in range(waves)],
        "total_waves": waves,
        "current_wave_number": waves - 1,
        "completed_waves": waves - 1,
        "failed_waves": 0,
        "all_waves_completed": False,
        "wave_completed": False,
        "current_wave_update_time": 30,
        "current_wave_total_wait_time": 60,
        "current_wave_max_wait_time": 31536000,
        "status": "running",
        "status_reason": None,
        "wave_results": results,
        "recovery_instance_ids": [_instance(n) for n in range(ended)],
        "recovery_instance_ips": [_address(n) for n in range(ended)],
        "job_id": _job(waves - 1),
        "region": REGION,
        "server_ids": _servers(waves - 1, servers),
        "error": None,
        "error_code": None,
        "paused_before_wave": None,
        "start_time": NOW,
        "end_time": None,
        "duration_seconds": None,
    }


def _wave(number: int) -> Document:
    return {
        "waveNumber": number,
        "waveName": f"Wave {number + 1}",
        "protectionGroupId": GROUP_ID,
        "pauseBeforeWave": False,
    }


def _result(number: int, servers: int, is_last: bool) -> Document:
    ids = _servers(number, servers)
    first = number * servers
    result = {
        "waveNumber": number,
        "waveName": f"Wave {number + 1}",
        "status": "IN_PROGRESS" if is_last else "COMPLETED",
        "jobId": _job(number),
        "startTime": NOW,
        "serverIds": ids,
        "serverStatuses": [_status(first + n, i) for n, i in enumerate(ids)],
        "region": REGION,
    }
    return result if is_last else result | {"endTime": NOW + 1200}


def _status(number: int, server_id: str) -> Document:
    return {
        "sourceServerId": server_id,
        "serverName": server_id,
        "hostname": f"host-{number}",
        "launchStatus": "LAUNCHED",
        "recoveryInstanceId": _instance(number),
        "instanceId": _instance(number),
        "privateIp": _address(number),
        "instanceType": "m5.large",
        "launchTime": NOW + 600,
    }


def _servers(wave: int, servers: int) -> list[str]:
    return [f"s-{wave:08d}{number:09d}" for number in range(servers)]


def _job(wave: int) -> str:
    return f"drsjob-{wave:017d}"


def _instance(number: int) -> str:
    return f"i-{number:017x}"


def _address(number: int) -> str:
    return f"10.0.{number // 256}.{number % 256}"
