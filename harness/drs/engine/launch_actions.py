"""Post-launch actions: only those that a fault lets fail are known."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import LaunchActionFails
from harness.drs.engine.records import Participant
from harness.drs.engine.region import Region


def run(region: Region, participant: Participant) -> bool:
    """Run the actions of a launched server.

    Returns:
        Whether the launch counts as succeeded: an optional action may fail.
    """
    succeeded = True
    for fault in fault_reading.active(region, LaunchActionFails):
        if fault.server_id == participant.server_id:
            number = len(participant.action_runs)
            participant.action_runs.append(_failed(region, fault, number))
            succeeded = succeeded and fault.optional
    return succeeded


def _failed(
    region: Region, fault: LaunchActionFails, number: int
) -> dict[str, Any]:
    key = region.key(fault.server_id, "action", fault.name, str(number))
    identifier = str(uuid5(NAMESPACE_URL, key))
    return {
        "action": {
            "actionId": identifier,
            "actionCode": "AWS-RunShellScript",
            "type": "SSM_COMMAND",
            "name": fault.name,
            "active": True,
            "optional": fault.optional,
        },
        "runId": identifier,
        "status": "FAILED",
        "failureReason": fault.reason,
    }
