"""What an operator wants to see of a source server before a wave."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from shared.contract_types import QueryServersByTagsResponseV2ServersItem

Preview: TypeAlias = "QueryServersByTagsResponseV2ServersItem"


def preview(server: Mapping[str, Any]) -> Preview:
    """Describe a source server as version 2 of the contract does.

    Args:
        server: As DescribeSourceServers gives it.

    Returns:
        What DRS says of it; null, or an empty host name, for what it leaves
        out.
    """
    properties = server.get("sourceProperties", {})
    hints = properties.get("identificationHints", {})
    replication = server.get("dataReplicationInfo", {})
    return {
        "server_id": server["sourceServerID"],
        "hostname": hints.get("hostname", ""),
        "tags": dict(server.get("tags", {})),
        "replication_state": replication.get("dataReplicationState") or None,
        "lag_duration": replication.get("lagDuration") or None,
        "last_launch_result": server.get("lastLaunchResult") or None,
    }
