"""Whether a new job may start: locks, readiness and quotas."""

from collections.abc import Sequence

from harness.drs.engine.errors import DrsError
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.resources import conflict

# Codes of the Service Quotas console (field observation).
SERVERS_PER_JOB = "L-B827C881"
SERVERS_IN_ACTIVE_JOBS = "L-05AFA8C6"
ACTIVE_JOBS = "L-D88FAC3A"


def refuse_busy(region: Region, servers: Sequence[SourceServer]) -> None:
    """Refuse all servers if a job holds one of them.

    Raises:
        DrsError: ConflictException with the known text.
    """
    for server in servers:
        if server.server_id in region.locks:
            text = region.options.error_texts.servers_busy
            raise conflict(region, text, server.server_id, "SourceServer")


def refuse_unready(region: Region, servers: Sequence[SourceServer]) -> None:
    """Refuse all servers if one has no consistent recovery point.

    Raises:
        DrsError: ConflictException.
    """
    for server in servers:
        if server.replication_state in region.options.unready_states:
            text = region.options.error_texts.not_ready.format(
                id=server.server_id, state=server.replication_state
            )
            raise conflict(region, text, server.server_id, "SourceServer")


def refuse_over_quota(region: Region, servers: int) -> None:
    """Refuse a job that would break a quota.

    Args:
        region: Where the job would run.
        servers: How many servers it would have.

    Raises:
        DrsError: ServiceQuotaExceededException.
    """
    quotas = region.options.quotas
    active = region.active_jobs()
    busy = sum(len(job.participants) for job in active)
    wanted = (
        (servers, quotas.servers_per_job, SERVERS_PER_JOB, "servers in a job"),
        (
            busy + servers,
            quotas.servers_in_active_jobs,
            SERVERS_IN_ACTIVE_JOBS,
            "servers in all active jobs",
        ),
        (len(active) + 1, quotas.active_jobs, ACTIVE_JOBS, "active jobs"),
    )
    for amount, limit, quota_code, what in wanted:
        if amount > limit:
            raise _exceeded(region, quota_code, limit, what)


def _exceeded(
    region: Region, quota_code: str, limit: int, what: str
) -> DrsError:
    text = region.options.error_texts.quota
    return DrsError(
        "ServiceQuotaExceededException",
        text.format(quota_code=quota_code, limit=limit, what=what),
        serviceCode="drs",
        quotaCode=quota_code,
    )
