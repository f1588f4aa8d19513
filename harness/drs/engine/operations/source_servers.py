"""DescribeSourceServers."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import views
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region

SOURCE_SERVERS = Listing[SourceServer]("DescribeSourceServers")


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List source servers, in the order they were added."""
    filters = parameters.get("filters", {})
    servers = [
        server
        for server in region.source_servers.values()
        if _matches(region, filters, server)
    ]
    page = SOURCE_SERVERS.page(region, parameters, servers)
    return page.answer(
        lambda server: views.source_server(server, region.account_id)
    )


def _matches(
    region: Region, filters: Mapping[str, Any], server: SourceServer
) -> bool:
    account_id = region.account_id
    return (
        admits(region, filters, "sourceServerIDs", server.server_id)
        and admits(region, filters, "stagingAccountIDs", account_id)
        # No server here has a hardware id: none runs in EC2 or VMware.
        and not filters.get("hardwareId")
    )
