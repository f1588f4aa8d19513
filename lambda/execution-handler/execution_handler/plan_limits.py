"""Limits of AWS that a plan must keep, checked before its first job.

A plan that breaks one would end in the middle of a recovery, by DRS or by
Step Functions, and nobody could tell it to go on.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared import wave_results
from shared.execution_state import POLL_SECONDS, State

if TYPE_CHECKING:
    from shared.contract_types import ServerStatus, WaveResult

# Servers in one job of DRS: a quota that AWS does not raise.
JOB_SERVERS = 100
# Bytes of a state's input or output, and events of one execution.
STATE_BYTES = 262_144
EXECUTION_EVENTS = 25_000
# What surrounds the state: a task token, an ARN, headers of an answer.
FRAME_BYTES = 4_096
# DRS converts and launches no server faster.
SHORTEST_LAUNCH_SECONDS = 300
EVENTS_AROUND = 11
EVENTS_OF_A_POLL = 11
EVENTS_OF_A_PAUSE = 13

_ID = "0" * 17
_LAUNCHED: "ServerStatus" = {
    "sourceServerId": f"s-{_ID}",
    "serverName": "application-1.example.com",
    "hostname": "application-1.example.com",
    "launchStatus": "LAUNCHED",
    "recoveryInstanceId": f"i-{_ID}",
    "instanceId": f"i-{_ID}",
    "privateIp": "10.100.100.100",
    "instanceType": "m5.2xlarge",
    "launchTime": 1_700_000_000,
}


class PlanLimitError(Exception):
    """The plan asks for more than AWS carries out in one execution."""

    def __init__(self, problem: str, found: int, limit: int, rule: str):
        super().__init__(
            f"{problem}, {found - limit} more than the {limit} {rule}"
        )


def require(state: State, servers: Sequence[int]) -> None:
    """Make sure that a plan can be carried out to its end.

    Args:
        state: The execution's, with its plan; nothing has started yet.
        servers: How many source servers each wave has now.

    Raises:
        PlanLimitError: It cannot; says which limit, and by how much.
    """
    for number, count in enumerate(servers):
        if count > JOB_SERVERS:
            name = wave_results.wave_name(state, number)
            raise PlanLimitError(
                f"Wave {number} ({name}) has {count} servers",
                count,
                JOB_SERVERS,
                "that DRS recovers in one job: split the wave",
            )
    _require_events(state, servers)
    _require_size(state, servers)


def _require_events(state: State, servers: Sequence[int]) -> None:
    jobs = sum(count > 0 for count in servers)
    polls = jobs * SHORTEST_LAUNCH_SECONDS // POLL_SECONDS
    pauses = sum(
        bool(wave.get("pauseBeforeWave")) for wave in state["waves"][1:]
    )
    events = (
        EVENTS_AROUND + polls * EVENTS_OF_A_POLL + pauses * EVENTS_OF_A_PAUSE
    )
    if events > EXECUTION_EVENTS:
        raise PlanLimitError(
            f"{jobs} waves take {events} events at least",
            events,
            EXECUTION_EVENTS,
            "of an execution of Step Functions: split the plan",
        )


def _require_size(state: State, servers: Sequence[int]) -> None:
    size = expected_bytes(state, servers)
    if size > STATE_BYTES:
        raise PlanLimitError(
            f"The state of {sum(servers)} servers in {len(servers)} waves "
            f"grows to about {size} bytes",
            size,
            STATE_BYTES,
            "that Step Functions passes on: split the plan",
        )


def expected_bytes(state: State, servers: Sequence[int]) -> int:
    """Estimate the state's size once all servers are launched.

    Args:
        state: The execution's, with its plan.
        servers: How many source servers each wave has.

    Returns:
        Bytes of compact JSON, with what Step Functions puts around it.
    """
    every = range(sum(servers))
    largest = max(servers)
    end: State = {
        **state,
        "wave_results": [
            _completed(state, number, count)
            for number, count in enumerate(servers)
        ],
        "server_ids": [_LAUNCHED["sourceServerId"]] * largest,
        "recovery_instance_ids": [_LAUNCHED["instanceId"] for _ in every],
        "recovery_instance_ips": [_LAUNCHED["privateIp"] for _ in every],
    }
    text = json.dumps(end, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode(errors="surrogatepass")) + FRAME_BYTES


def _completed(state: State, number: int, count: int) -> "WaveResult":
    return {
        "waveNumber": number,
        "waveName": wave_results.wave_name(state, number),
        "status": "COMPLETED",
        "jobId": f"drsjob-{_ID}",
        "startTime": _LAUNCHED["launchTime"],
        "endTime": _LAUNCHED["launchTime"],
        "serverIds": [_LAUNCHED["sourceServerId"]] * count,
        "serverStatuses": [_LAUNCHED] * count,
        "region": "ap-southeast-1",
    }
