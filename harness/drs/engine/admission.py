"""Whether a new job may start: locks, readiness and quotas."""

from collections.abc import Sequence

from harness.drs.engine import fault_reading, replication
from harness.drs.engine.errors import DrsError, InvalidRequestError
from harness.drs.engine.faults import Busy, QuotaLimit
from harness.drs.engine.records import Job, SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.resources import (
    CONFLICT,
    conflict,
    quota_exceeded,
    refused,
)

# Codes of the Service Quotas console (field observation).
SERVERS_PER_JOB = "L-B827C881"
SERVERS_IN_ACTIVE_JOBS = "L-05AFA8C6"
ACTIVE_JOBS = "L-D88FAC3A"
SOURCE_SERVERS = "L-E28BE5E0"
REPLICATING_SERVERS = "L-C1D14A2B"


def refuse_busy(region: Region, servers: Sequence[SourceServer]) -> None:
    """Refuse all servers if a job holds one of them.

    Raises:
        DrsError: ConflictException with the known text.
    """
    for server in servers:
        fault = fault_reading.of_server(region, Busy, server.server_id)
        if fault or server.server_id in region.locks:
            text = region.options.error_texts.servers_busy
            raise conflict(region, text, server.server_id, "source_server")


def refuse_locked(
    region: Region, operation: str, server: SourceServer
) -> None:
    """Refuse an operation on a server in a job, if so chosen.

    Raises:
        DrsError: ConflictException with the known text.
    """
    if operation in region.options.jobs.locked_operations:
        refuse_busy(region, [server])


def refuse_unready(region: Region, servers: Sequence[SourceServer]) -> None:
    """Refuse all servers if one has no consistent recovery point.

    Raises:
        DrsError: Of a class that is a choice of the options.
    """
    for server in servers:
        state = replication.state(region, server)
        if state in region.options.unready_states:
            text = region.options.error_texts.not_ready.format(
                id=server.server_id, state=state
            )
            code = region.options.error_codes.not_ready
            name = server.server_id
            raise refused(region, code, text, name, "source_server")


def refuse_over_quota(region: Region, servers: int) -> None:
    """Refuse a job that would break a quota.

    Args:
        region: Where the job would run.
        servers: How many servers it would have.

    Raises:
        DrsError: ServiceQuotaExceededException.
    """
    quotas = region.options.quotas
    active = [job for job in region.active_jobs() if counts(region, job)]
    busy = sum(len(job.participants) for job in active)
    _refuse_large(region, servers)
    refuse_more(
        region,
        busy + servers,
        SERVERS_IN_ACTIVE_JOBS,
        quotas.servers_in_active_jobs,
        "servers in all active jobs",
    )
    refuse_more(
        region,
        len(active) + 1,
        ACTIVE_JOBS,
        quotas.active_jobs,
        "active jobs",
    )


def counts(region: Region, job: Job) -> bool:
    """Tell whether an active job counts against the quotas."""
    return job.type == "LAUNCH" or region.options.jobs.counts_terminations


def _refuse_large(region: Region, servers: int) -> None:
    limit = region.options.quotas.servers_per_job
    try:
        refuse_more(
            region, servers, SERVERS_PER_JOB, limit, "servers in a job"
        )
    except DrsError as error:
        if region.options.error_codes.servers_per_job == error.code:
            raise
        raise InvalidRequestError("other", error.message) from error


def refuse_more_servers(region: Region) -> None:
    """Refuse one more source server if the quota is used up.

    Raises:
        DrsError: ServiceQuotaExceededException.
    """
    limit = region.options.quotas.source_servers
    amount = len(region.source_servers) + 1
    refuse_more(region, amount, SOURCE_SERVERS, limit, "source servers")


def refuse_more_replicating(region: Region) -> None:
    """Refuse one more replicating server if the quota is used up.

    Servers extended from a staging account count there.

    Raises:
        DrsError: ServiceQuotaExceededException, which StartReplication does
            not declare, or ConflictException.
    """
    replicating = [
        server
        for server in region.source_servers.values()
        if server.staging_arn is None
        and replication.state(region, server) not in replication.ENDED_STATES
    ]
    try:
        refuse_more(
            region,
            len(replicating) + 1,
            REPLICATING_SERVERS,
            region.options.quotas.replicating_source_servers,
            "replicating source servers",
        )
    except DrsError as error:
        if region.options.declared_errors_only:
            raise DrsError(CONFLICT, error.message) from error
        raise


def refuse_more(
    region: Region, amount: int, quota_code: str, limit: int, what: str
) -> None:
    """Refuse an amount above the limit of a quota.

    Args:
        region: Account and Region of the quota.
        amount: How many there would be.
        quota_code: Code of the quota; a fault may set another limit.
        limit: The usual limit.
        what: What is counted, for the error's text.

    Raises:
        DrsError: ServiceQuotaExceededException.
    """
    for fault in fault_reading.active(region, QuotaLimit):
        if fault.quota_code == quota_code:
            limit = fault.limit
    if amount > limit:
        raise _exceeded(region, quota_code, limit, what)


def _exceeded(
    region: Region, quota_code: str, limit: int, what: str
) -> DrsError:
    text = region.options.error_texts.quota
    message = text.format(quota_code=quota_code, limit=limit, what=what)
    return quota_exceeded(region, message, quota_code)
