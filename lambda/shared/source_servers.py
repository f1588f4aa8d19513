"""DRS source servers, found by their tags (BEHAVIOUR.md section 6)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

Tags = set[tuple[str, str]]


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
    wanted = normalised(tags)
    if not wanted:
        return []
    pages = drs.get_paginator("describe_source_servers").paginate()
    return [
        server
        for page in pages
        for server in page["items"]
        if wanted <= normalised(server.get("tags", {}))
    ]


def list_tags(drs: "DrsClient") -> list[Tags]:
    """List the tags of each source server, normalised.

    Raises:
        ClientError: DRS refused the request.
    """
    pages = drs.get_paginator("describe_source_servers").paginate()
    return [
        normalised(server.get("tags", {}))
        for page in pages
        for server in page["items"]
    ]


def normalised(tags: Mapping[str, str]) -> Tags:
    """Return tags as they are compared: without case and outer space."""
    return {
        (key.strip().casefold(), value.strip().casefold())
        for key, value in tags.items()
    }
