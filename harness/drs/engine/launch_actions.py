"""Post-launch actions: only those that a fault lets fail are known."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import LaunchActionFails
from harness.drs.engine.records import Participant
from harness.drs.engine.region import Region


def start(region: Region, participant: Participant) -> bool:
    """Start the actions of a launched server.

    Returns:
        Whether there are any.
    """
    for fault in fault_reading.active(region, LaunchActionFails):
        if fault.server_id == participant.server_id:
            number = len(participant.action_runs)
            participant.action_runs.append(_run(region, fault, number))
    return bool(participant.action_runs)


def end(participant: Participant) -> str | None:
    """Let the actions that run fail.

    Returns:
        Why the launch fails, None if all of them are optional.
    """
    fatal = None
    for each in participant.action_runs:
        each["status"], each["failureReason"] = "FAILED", each["reason"]
        if not each["action"]["optional"]:
            fatal = fatal or str(each["reason"])
    return fatal


def _run(
    region: Region, fault: LaunchActionFails, number: int
) -> dict[str, Any]:
    options = region.options.actions
    key = region.key(fault.server_id, "action", fault.name, str(number))
    identifier = str(uuid5(NAMESPACE_URL, key))
    return {
        "action": {
            "actionId": identifier,
            "actionCode": options.code,
            "type": options.type,
            "name": fault.name,
            "active": True,
            "optional": fault.optional,
        },
        "runId": identifier,
        "status": "IN_PROGRESS",
        # Not shown before the end: the service model knows no such member.
        "reason": fault.reason,
    }
