"""What is known of each started wave: ``wave_results`` of the state."""

from typing import TYPE_CHECKING, Literal

from shared.clock import epoch_seconds
from shared.execution_state import State

if TYPE_CHECKING:
    from shared.contract_types import (
        ServerStatus,
        WaveResult,
        WaveResultStatus,
    )

Detail = Literal[
    "recoveryInstanceId", "instanceId", "hostname", "privateIp", "instanceType"
]


def wave_name(state: State, wave_number: int) -> str:
    """Return a wave's name for people, ``Wave 1`` if the plan has none."""
    wave = state["waves"][wave_number]
    return wave.get("waveName") or f"Wave {wave_number + 1}"


def started(state: State, wave_number: int) -> "WaveResult":
    """Build the result of a wave whose job was just started.

    Args:
        state: Holds the job's id, Region and servers.
        wave_number: Zero-based.
    """
    return {
        "waveNumber": wave_number,
        "waveName": wave_name(state, wave_number),
        "status": "STARTED",
        "jobId": state["job_id"],
        "startTime": epoch_seconds(),
        "serverIds": list(state["server_ids"]),
        "serverStatuses": [pending(id_) for id_ in state["server_ids"]],
        "region": state["region"],
    }


def pending(server_id: str) -> "ServerStatus":
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
    }


def find(state: State, wave_number: int) -> "WaveResult | None":
    """Return the result of a wave, None while it has not started."""
    for result in state["wave_results"]:
        if result["waveNumber"] == wave_number:
            return result
    return None


def put(state: State, result: "WaveResult") -> None:
    """Add a wave's result, in place of an earlier one of that wave."""
    others = [
        kept
        for kept in state["wave_results"]
        if kept["waveNumber"] != result["waveNumber"]
    ]
    state["wave_results"] = [*others, result]


def end(result: "WaveResult", status: "WaveResultStatus") -> None:
    """Give a wave's result its last status and the time it ended."""
    result["status"] = status
    result["endTime"] = epoch_seconds()


def details(servers: "list[ServerStatus]", name: Detail) -> list[str]:
    """List a detail of those servers of which it is known."""
    return [server[name] for server in servers if server.get(name)]
