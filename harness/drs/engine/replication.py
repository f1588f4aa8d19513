"""The data replication of source servers, and where it stands."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import ExtensionError
from harness.drs.engine.records import RecoveryInstance, SourceServer
from harness.drs.engine.region import Region

# A server that lags or stalls still has its recovery points.
ENDED_STATES = frozenset({"STOPPED", "DISCONNECTED"})
BEGINNING_STATES = frozenset({"INITIATING", "INITIAL_SYNC", "NOT_STARTED"})


def state(region: Region, server: SourceServer) -> str:
    """Tell the replication state of a server now.

    An extended server has that of its staging server; without one it is
    disconnected, if so chosen. A fault goes before both.
    """
    now = region.now()
    fault = fault_reading.disturbed(region, server.server_id, now)
    if fault is not None:
        return fault
    if server.staging_arn is None or is_beginning(server):
        return server.replication_state
    found = staging(region, server)
    unreachable = region.options.unreachable_staging_state
    return state(*found) if found else unreachable


def staging(
    region: Region, server: SourceServer
) -> tuple[Region, SourceServer] | None:
    """Find the Region and server that an extended server replicates from."""
    if extension_error(region, server) is not None:
        return None
    return by_arn(region, server.staging_arn)


def extension_error(region: Region, server: SourceServer) -> str | None:
    """Tell why an extended server does not reach its staging server."""
    if server.staging_arn is None:
        return None
    fault = fault_reading.of_server(region, ExtensionError, server.server_id)
    if fault is not None:
        return fault.message
    if by_arn(region, server.staging_arn) is None:
        text = region.options.error_texts.staging_gone
        return text.format(id=server.staging_arn)
    return None


def by_arn(
    region: Region, arn: str | None
) -> tuple[Region, SourceServer] | None:
    """Find a source server of any account and Region by its ARN."""
    if arn is None:
        return None
    _, _, _, name, account_id, resource = arn.split(":", 5)
    place = region.find_region(account_id, name)
    server_id = resource.removeprefix("source-server/")
    server = place.source_servers.get(server_id) if place else None
    return (place, server) if place and server else None


def is_disconnected(server: SourceServer) -> bool:
    """Tell whether the server was disconnected, whatever faults say."""
    return server.replication_state == "DISCONNECTED"


def is_beginning(server: SourceServer) -> bool:
    """Tell whether the server is not yet ready, whatever faults say."""
    return server.replication_state in BEGINNING_STATES


def staging_account(region: Region, server: SourceServer) -> str:
    """Tell the account whose staging area a server replicates into."""
    arn = server.staging_arn
    return arn.split(":")[4] if arn else region.account_id


def begin(region: Region, server: SourceServer) -> None:
    """Start to replicate from nothing, until recovery points exist."""
    now = region.now()
    _restart(server, now, "INITIATING")
    key = region.key(server.server_id, "sync", str(server.syncs))
    random = Random(key)
    times = region.settings.profile.first_sync
    ready = now + times.initiation.draw(random)
    synced = ready + times.transfer.draw(random)
    steps = [(ready, "INITIAL_SYNC"), (synced, "CONTINUOUS")]
    syncs = region.options.extended_servers_sync
    if server.staging_arn is not None and not syncs:
        steps = [(ready, "CONTINUOUS")]
    for at, name in steps:
        region.schedule.plan(at, _step(region, server, name))


def end(region: Region, server: SourceServer, name: str) -> None:
    """Stop to replicate and delete the recovery points.

    Args:
        region: Account and Region of the server.
        server: The source server.
        name: ``STOPPED`` or ``DISCONNECTED``.
    """
    _restart(server, region.now(), name)


def failback_state(region: Region, record: RecoveryInstance) -> str:
    """Tell how far the failback of a recovery instance is."""
    if record.reversed_arn is None:
        return region.options.machines.fresh_failback_state
    found = by_arn(region, record.reversed_arn)
    states = region.options.failback_states
    if found is None:
        return states.gone
    if found[1].last_launch_result == "SUCCEEDED":
        return states.launched
    there = state(*found)
    if there in ENDED_STATES:
        return states.stopped
    return states.syncing if there in BEGINNING_STATES else states.synced


def instance_state(region: Region, record: RecoveryInstance) -> str:
    """Tell the replication state of a recovery instance."""
    found = by_arn(region, record.reversed_arn)
    if found is None or record.replication_state == "DISCONNECTED":
        return record.replication_state
    return state(*found)


def _step(
    region: Region, server: SourceServer, name: str
) -> Callable[[datetime], None]:
    number = server.syncs

    def step(at: datetime) -> None:
        # A replication that was stopped meanwhile goes no further.
        if server.syncs == number:
            _change(server, at, name)

    return step


def _restart(server: SourceServer, at: datetime, name: str) -> None:
    server.syncs += 1
    server.state_changes.clear()
    server.on_demand_at = None
    _change(server, at, name)


def _change(server: SourceServer, at: datetime, name: str) -> None:
    server.state_changes.append((at, name))
    server.replication_state = name
