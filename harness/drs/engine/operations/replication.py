"""StartReplication, StopReplication and RetryDataReplication."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import admission, replication, resources, views
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region

KIND: ResourceKind = "source_server"
# RetryDataReplication works for these only (service model).
RETRIED_STATES = frozenset({"STALLED", "DISCONNECTED", "STOPPED"})


def start(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replicate a stopped server again, from nothing.

    Raises:
        DrsError: The server is unknown, extended or not stopped.
    """
    server = _find(region, parameters)
    admission.refuse_locked(region, "StartReplication", server)
    state = replication.state(region, server)
    if state != "STOPPED":
        raise resources.conflict(
            region, _wrong_state(region, server, state), *_named(server)
        )
    admission.refuse_more_replicating(region)
    replication.begin(region, server)
    return {"sourceServer": views.source_server(region, server)}


def stop(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Stop to replicate a server; this deletes its recovery snapshots.

    Raises:
        DrsError: The server is unknown, extended, in a job, or does not
            replicate.
    """
    server = _find(region, parameters)
    admission.refuse_locked(region, "StopReplication", server)
    state = replication.state(region, server)
    refused = {"STOPPED", "DISCONNECTED"}
    if not region.options.refuses_second_stop:
        refused.remove("STOPPED")
    if state in refused:
        raise resources.conflict(
            region, _wrong_state(region, server, state), *_named(server)
        )
    if state != "STOPPED":
        replication.end(region, server, "STOPPED")
    return {"sourceServer": views.source_server(region, server)}


def retry(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Initiate the replication of a server anew at once.

    Raises:
        DrsError: The server is unknown.
        InvalidRequestError: It is neither stalled, disconnected nor
            stopped, or it is extended.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    admission.refuse_locked(region, "RetryDataReplication", server)
    state = replication.state(region, server)
    if server.staging_arn is not None or state not in RETRIED_STATES:
        raise InvalidRequestError("other", _wrong_state(region, server, state))
    replication.begin(region, server)
    return views.source_server(region, server)


def _find(region: Region, parameters: Mapping[str, Any]) -> SourceServer:
    server = resources.source_server(region, parameters["sourceServerID"])
    resources.refuse_extended(region, server)
    return server


def _wrong_state(region: Region, server: SourceServer, state: str) -> str:
    text = region.options.error_texts.wrong_state
    return text.format(id=server.server_id, state=state)


def _named(server: SourceServer) -> tuple[str, ResourceKind]:
    return server.server_id, KIND
