"""Why roles have permissions that no scene needs (`unused.json`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.cloud.permissions.patterns import matches
from harness.cloud.permissions.usage import Permission

_FILE = Path(__file__).parent / "unused.json"


@dataclass(frozen=True)
class Excuse:
    """One permission of one role, with the reason for it.

    Attributes:
        resource: A pattern, as names differ from place to place.
    """

    role: str
    action: str
    resource: str
    reason: str

    def covers(self, role: str, permission: Permission) -> bool:
        """Tell whether this is the excuse for a permission."""
        return (
            (role, permission.action) == (self.role, self.action)
            and matches(self.resource, permission.resource)
            and (self.resource == "*") is (permission.resource == "*")
        )


def load() -> list[Excuse]:
    """Read all excuses, one for each role, action and resource."""
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return [excuse for entry in entries for excuse in _excuses(entry)]


def reason(
    excuses: list[Excuse], role: str, permission: Permission
) -> str | None:
    """Find the reason for a permission, if anybody gave one."""
    for excuse in excuses:
        if excuse.covers(role, permission):
            return excuse.reason
    return None


def _excuses(entry: dict[str, object]) -> Iterator[Excuse]:
    for role in _texts(entry["roles"]):
        for action in _texts(entry["actions"]):
            for resource in _texts(entry["resources"]):
                yield Excuse(role, action, resource, str(entry["reason"]))


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return value
