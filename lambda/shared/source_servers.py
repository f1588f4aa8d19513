"""DRS source servers, found by their tags (BEHAVIOUR.md section 6)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient


def find_by_tags(drs: "DrsClient", tags: Mapping[str, str]) -> list[str]:
    """Find the source servers that carry every one of some tags.

    Keys and values are compared without regard to case or surrounding
    space. The tags are those of the DRS source server.

    Args:
        drs: Client for the Region and account that hold the servers.
        tags: Tags a server must all carry. None given matches no server.

    Returns:
        Ids of the matching source servers, in the order DRS lists them.

    Raises:
        ClientError: DRS refused the request.
    """
    return [server["sourceServerID"] for server in describe(drs, tags)]


def describe(
    drs: "DrsClient", tags: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Find the same servers, each as DescribeSourceServers gives it."""
    wanted = _normalised(tags)
    if not wanted:
        return []
    pages = drs.get_paginator("describe_source_servers").paginate()
    return [
        server
        for page in pages
        for server in page["items"]
        if wanted <= _normalised(server.get("tags", {}))
    ]


def _normalised(tags: Mapping[str, str]) -> set[tuple[str, str]]:
    return {
        (key.strip().casefold(), value.strip().casefold())
        for key, value in tags.items()
    }
