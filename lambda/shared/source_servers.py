"""DRS source servers, found by their tags (BEHAVIOUR.md section 6)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shared import server_pages
from shared.server_pages import Server

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

Tags = set[tuple[str, str]]

_BRIEF = ("sourceServerID", "tags")


def find_by_tags(drs: "DrsClient", tags: Mapping[str, str]) -> list[str]:
    """Find the source servers that carry every one of some tags.

    Keys and values are compared without regard to case or surrounding
    space. The tags are those of the DRS source server.

    Args:
        drs: Client for the Region and account that hold the servers.
        tags: Tags a server must all carry. None given matches no server.

    Returns:
        Ids of the matching source servers, each once although a list that
        changes may show one on two pages, in the order DRS lists them.

    Raises:
        ClientError: DRS refused the request.
    """
    found = _matching(drs, tags, _brief)
    return list(dict.fromkeys(server["sourceServerID"] for server in found))


def describe(
    drs: "DrsClient", tags: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Find the same servers, each as DescribeSourceServers gives it."""
    return _matching(drs, tags, dict)


def list_tags(drs: "DrsClient") -> list[Tags]:
    """List the tags of each source server, normalised.

    Raises:
        ClientError: DRS refused the request.
    """
    return [
        _tags(server)
        for server in server_pages.read(
            drs, lambda server: {"tags": server.get("tags")}
        )
    ]


def normalised(tags: Mapping[str, str]) -> Tags:
    """Return tags as they are compared: without case and outer space."""
    return {
        (key.strip().casefold(), value.strip().casefold())
        for key, value in tags.items()
    }


def _matching(
    drs: "DrsClient",
    tags: Mapping[str, str],
    part: Callable[[Server], Server],
) -> list[Mapping[str, Any]]:
    """Find servers, of each a part that holds its tags."""
    wanted = normalised(tags)
    if not wanted:
        return []

    def keep(server: Server) -> Server | None:
        return part(server) if wanted <= _tags(server) else None

    return [server for server in server_pages.read(drs, keep) if keep(server)]


def _brief(server: Server) -> Server:
    return {name: server[name] for name in _BRIEF}


def _tags(server: Mapping[str, Any]) -> Tags:
    return normalised(server.get("tags") or {})
