"""Protection groups and the servers of a wave (section 4, steps 1 and 3)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import source_servers
from shared.json_values import from_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_dynamodb.service_resource import Table

DEFAULT_REGION = "us-east-1"

ProtectionGroup = dict[str, Any]


class MissingProtectionGroupIdError(Exception):
    """The plan's wave names no protection group."""

    def __init__(self) -> None:
        super().__init__("No protectionGroupId in wave")


class ProtectionGroupNotFoundError(Exception):
    """The protection group of the wave was deleted, or never was."""

    def __init__(self, group_id: str) -> None:
        super().__init__(f"Protection Group {group_id} not found")
        self.group_id = group_id


def read(table: "Table", wave: Mapping[str, Any]) -> ProtectionGroup:
    """Read the protection group that a wave of the plan names.

    Raises:
        MissingProtectionGroupIdError: The wave names none.
        ProtectionGroupNotFoundError: There is no such group.
        ClientError: DynamoDB refused.
    """
    group_id = wave.get("protectionGroupId")
    if not group_id:
        raise MissingProtectionGroupIdError
    item = table.get_item(Key={"groupId": group_id}).get("Item")
    if item is None:
        raise ProtectionGroupNotFoundError(group_id)
    return dict(from_dynamodb(item))


def region(group: ProtectionGroup) -> str:
    """Return the AWS Region in which the group's servers are recovered."""
    return group.get("region") or DEFAULT_REGION


def server_ids(
    drs: "DrsClient", group: ProtectionGroup, wave: Mapping[str, Any]
) -> list[str]:
    """Find the source servers that the wave recovers.

    A group's tags win over the servers that the wave or the group names.
    DRS refuses a server that is named twice, so each is returned once.

    Returns:
        Source server ids; empty when there is nothing to recover.

    Raises:
        ClientError: DRS refused the request.
    """
    tags = group.get("serverSelectionTags")
    if tags:
        return source_servers.find_by_tags(drs, tags)
    return named_servers(group, wave)


def named_servers(
    group: ProtectionGroup, wave: Mapping[str, Any]
) -> list[str]:
    """Return the source servers that the wave or else its group names."""
    named = wave.get("serverIds") or group.get("sourceServerIds") or []
    return list(dict.fromkeys(named))
