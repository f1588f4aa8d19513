"""DescribeSourceServers, DisconnectSourceServer and DeleteSourceServer."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import admission, replication, resources, views
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region

SOURCE_SERVERS = Listing[SourceServer]("DescribeSourceServers")
KIND: ResourceKind = "source_server"


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List source servers, in the order they were added."""
    filters = parameters.get("filters", {})
    servers = [
        server
        for server in region.source_servers.values()
        if _matches(region, filters, server)
    ]
    page = SOURCE_SERVERS.page(region, parameters, servers)
    return page.answer(lambda server: views.source_server(region, server))


def disconnect(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Let the service forget a server's data and its launch template.

    Raises:
        DrsError: The server is unknown, in a job, extended, disconnected
            already, or has a recovery instance.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    admission.refuse_locked(region, "DisconnectSourceServer", server)
    resources.refuse_extended(region, server)
    _refuse_with_instance(region, server)
    if replication.is_disconnected(server):
        resources.refuse_repetition(region, server.server_id, KIND)
    replication.end(region, server, "DISCONNECTED")
    if server.template_id is not None:
        region.compute.delete_template(server.template_id)
        server.template_id = None
    return views.source_server(region, server)


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Forget a server that is disconnected, or one that is extended.

    An extended server cannot be disconnected here: it replicates into its
    staging account.

    Raises:
        DrsError: The server is unknown, in a job or still connected.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    admission.refuse_locked(region, "DeleteSourceServer", server)
    _refuse_with_instance(region, server)
    extended = server.staging_arn is not None
    if not extended and not replication.is_disconnected(server):
        text = region.options.error_texts.not_disconnected
        raise resources.conflict_over(region, text, server.server_id, KIND)
    if server.template_id is not None:
        region.compute.delete_template(server.template_id)
    del region.source_servers[server.server_id]
    return {}


def _refuse_with_instance(region: Region, server: SourceServer) -> None:
    # An instance whose clean-up failed counts, though it is not the latest.
    records = region.recovery_instances.values()
    if any(record.server is server for record in records):
        text = region.options.error_texts.has_recovery_instance
        raise resources.conflict_over(region, text, server.server_id, KIND)


def _matches(
    region: Region, filters: Mapping[str, Any], server: SourceServer
) -> bool:
    account_id = replication.staging_account(region, server)
    hardware = filters.get("hardwareId")
    return (
        admits(region, filters, "sourceServerIDs", server.server_id)
        and admits(region, filters, "stagingAccountIDs", account_id)
        and (not hardware or hardware == server.hardware_id)
    )
