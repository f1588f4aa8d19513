"""All items of all tables after each step, read only when written."""

from typing import Any

from harness.cloud.calls import AwsCall
from harness.cloud.local_cloud import LocalCloud
from harness.equivalence.observations import is_read

# DATA_MODEL.md, the table of tables.
KEYS = {
    "ProtectionGroupsTable": ("groupId",),
    "RecoveryPlansTable": ("planId",),
    "ExecutionHistoryTable": ("executionId", "planId"),
    "TargetAccountsTable": ("accountId",),
}


class Snapshots:
    """Reads tables as they stand, and rereads what was written.

    A scan costs more than most steps of an execution, and most steps write
    nothing. What people write shows at the next write of a Lambda or of
    the state machine, and at the end.
    """

    def __init__(self, cloud: LocalCloud) -> None:
        """Begin with a cloud whose tables nobody has read yet."""
        self._cloud = cloud
        self._known: dict[str, Any] = {}
        self._seen = 0, 0

    def take(self) -> dict[str, Any]:
        """Give all items by table and key."""
        written = self._written()
        for name, physical_name in self._cloud.deployment.tables.items():
            if name not in self._known or written & {physical_name, ""}:
                self._known[name] = self._read(name)
        return dict(self._known)

    def take_all(self) -> dict[str, Any]:
        """Give all items, read anew."""
        self._known.clear()
        return self.take()

    def _written(self) -> set[str]:
        """Name the tables written since; "" when a call does not say."""
        calls, states = self._cloud.calls, self._cloud.state_machine_calls
        new = calls[self._seen[0] :] + states[self._seen[1] :]
        self._seen = len(calls), len(states)
        return {
            str(call.params.get("TableName", ""))
            for call in new
            if _writes(call)
        }

    def _read(self, name: str) -> dict[str, Any]:
        keys = KEYS[name]
        return {
            " ".join(item[key] for key in keys): dict(item)
            for item in self._cloud.tables.items(name)
        }


def _writes(call: AwsCall) -> bool:
    return call.service == "dynamodb" and not is_read(call.operation)
