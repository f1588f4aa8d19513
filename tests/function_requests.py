"""Requests to each Lambda, made from the examples of the contracts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "contracts" / "v1"
BEGIN = "orchestration/begin/examples/valid/request-two-waves.json"
TOKEN = "orchestration/store_task_token/examples/valid/request-with-token.json"
# A request of each that makes it call AWS.
REQUESTS = {
    "dr-orchestration-stepfunction": BEGIN,
    "execution-handler": (
        "start_wave_recovery/examples/valid/request-first-wave.json"
    ),
    "orchestration-stepfunctions": BEGIN,
    "query-handler": (
        "query_servers_by_tags/examples/valid/"
        "request-in-the-own-account.json"
    ),
}


def request_to(folder: str) -> Any:
    """Read the request to the Lambda in a folder."""
    return _example(REQUESTS[folder])


def request_with(folder: str, keys: Mapping[str, Any]) -> Any:
    """Make a request with a state, which the answer carries on.

    Those to the orchestrations invoke no other function. They store the
    token of an execution that waits: its record must be there.

    Args:
        keys: What the state holds beside its own keys.
    """
    key, path = {
        "execution-handler": ("state", REQUESTS["execution-handler"]),
        "query-handler": (
            "state",
            "poll_wave_status/examples/valid/request-state.json",
        ),
    }.get(folder, ("application", TOKEN))
    request = _example(path)
    return request | {key: request[key] | keys}


def record_for(request: Any) -> dict[str, Any]:
    """Make the record of the execution that a request to store is about."""
    state = request["application"]
    return {
        "executionId": state["execution_id"],
        "planId": state["plan_id"],
        "status": "PAUSED",
        "pausedBeforeWave": state["paused_before_wave"],
    }


def _example(path: str) -> Any:
    return json.loads((EXAMPLES / path).read_text(encoding="utf-8"))
