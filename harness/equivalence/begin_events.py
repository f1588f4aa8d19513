"""The state machine's first event, with all that a contract lets be missing."""

from collections.abc import Mapping
from typing import Any

from harness.equivalence.names import (
    EXECUTION_ID,
    PLAN_ID,
    PLAN_NAME,
    TARGET,
    group_id,
    server_id,
)
from harness.equivalence.scenarios import Setup, Wave

Document = dict[str, Any]

_ACCOUNT_CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    "hub": {},
    "hub by id": {
        "accountId": TARGET,
        "assumeRoleName": "DRSOrchestrationRole",
        "isCurrentAccount": True,
    },
    "target": {
        "accountId": TARGET,
        "assumeRoleName": "DRSOrchestrationRole",
        "externalId": "drs-orchestration-cross-account",
        "isCurrentAccount": False,
    },
}


def begin_event(setup: Setup) -> Document:
    """Make the event that begins the plan of a setup."""
    event = _lacking(
        setup,
        {
            "action": "begin",
            "execution": EXECUTION_ID,
            "plan": _plan(setup),
            "isDrill": setup.is_drill,
            "accountContext": _account_context(setup),
        },
    )
    if "accountContext" in event:
        event[setup.context_key] = event.pop("accountContext")
    return event


def is_abroad(setup: Setup) -> bool:
    """Tell whether the event asks for an account other than the hub."""
    context = begin_event(setup).get(setup.context_key) or {}
    return context.get("isCurrentAccount") is False


def _plan(setup: Setup) -> Document:
    waves = [_wave(number, wave) for number, wave in enumerate(setup.waves)]
    return _lacking(
        setup, {"planId": PLAN_ID, "planName": PLAN_NAME, "waves": waves}
    )


def _account_context(setup: Setup) -> Document:
    return _lacking(setup, _ACCOUNT_CONTEXTS[setup.account])


def _lacking(setup: Setup, document: Mapping[str, Any]) -> Document:
    """Leave out, or set to null, what the setup says."""
    return {
        name: None if name in setup.null else value
        for name, value in document.items()
        if name not in setup.left_out
    }


def _wave(number: int, wave: Wave) -> Document:
    document: Document = {
        "waveNumber": number,
        "pauseBeforeWave": wave.pause,
    }
    if wave.named:
        document["waveName"] = f"Tier {number}"
    if wave.group is not None:
        document["protectionGroupId"] = group_id(wave.group)
    if wave.servers:
        document["serverIds"] = [server_id(each) for each in wave.servers]
    return document
