"""Start the DRS job of a wave, once (BEHAVIOUR.md section 4 step 6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared import aws_errors, clock, log_lines
from shared.account_access import RecoveryAccount
from shared.execution_state import State
from shared.log_lines import logger
from shared.recovery_starts import RecoveryStartUncertainError

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_dynamodb.service_resource import Table

# Whoever starts a job has it on record before this time is over.
RECORDED_WITHIN_SECONDS = 5
# A step is tried seven times, each as long as a function may run.
TRIED_WITHIN_SECONDS = 3600


class StrayJobError(Exception):
    """DRS refused a start because of a job that is on nobody's record."""

    def __init__(self, refusal: Exception, job_id: str) -> None:
        super().__init__(
            f"{refusal}: DRS job {job_id} has some of these servers and is "
            "on no execution's record, look at it in DRS"
        )
        self.job_id = job_id


@dataclass(frozen=True)
class RecoveryRequest:
    """What is asked of DRS.

    Attributes:
        server_ids: The source servers to recover.
        is_drill: Whether it is a drill.
        since: Epoch seconds before which no job can be this request's.
        execution_id: The execution that asks.
        wave_number: Its wave, zero-based.
        earlier_jobs: Ids of the jobs of this execution's other waves.
    """

    server_ids: tuple[str, ...]
    is_drill: bool
    since: int
    execution_id: str
    wave_number: int
    earlier_jobs: frozenset[str] = frozenset()

    @property
    def initiated_by(self) -> str:
        """What DRS gives as the initiator of such a job."""
        return "START_DRILL" if self.is_drill else "START_RECOVERY"


def request(
    state: State, server_ids: list[str], created: float | None
) -> RecoveryRequest:
    """Say what the current wave of an execution asks of DRS.

    Args:
        state: The execution's state.
        server_ids: The source servers of the wave.
        created: When the execution was created, epoch seconds. A step that
            is run again may bear a later ``start_time``.
    """
    results = state["wave_results"]
    earlier_jobs = {result["jobId"] for result in results if result["jobId"]}
    return RecoveryRequest(
        tuple(server_ids),
        state["is_drill"],
        min(state["start_time"], int(created or state["start_time"])),
        state["execution_id"],
        state["current_wave_number"],
        frozenset(earlier_jobs),
    )


def start_once(
    account: RecoveryAccount, history: "Table", request: RecoveryRequest
) -> str:
    """Start the recovery, or find the job that an earlier try started.

    It is looked for first: the job of an earlier try may have ended, and
    then DRS would take the start once more.

    Args:
        account: The account and Region of the source servers.
        history: The execution history, which tells whose a job is.
        request: The servers and the kind of recovery.

    Returns:
        The id of the DRS job.

    Raises:
        ClientError: DRS refused, and no earlier try started a job.
        BotoCoreError: DRS did not answer, and no job is found.
        StrayJobError: DRS refused because of a job that nobody knows.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    if earlier := _look_up(account, history, request):
        servers = len(request.server_ids)
        logger.info(log_lines.START_REPEATED, servers, earlier)
        return earlier
    try:
        return _start(account.drs_start, request)
    except Exception as error:
        if not _may_run_already(error):
            raise
        logger.warning(
            log_lines.START_UNCERTAIN, len(request.server_ids), error
        )
        job_id = _look_up(account, history, request, error)
        if job_id is None:
            raise
        return job_id


def _start(drs: "DrsClient", request: RecoveryRequest) -> str:
    response = drs.start_recovery(
        isDrill=request.is_drill,
        sourceServers=[{"sourceServerID": id_} for id_ in request.server_ids],
    )
    job_id = response.get("job", {}).get("jobID")
    if not job_id:
        raise RecoveryStartUncertainError.unnamed(len(request.server_ids))
    return job_id


def _may_run_already(error: Exception) -> bool:
    return _is_conflict(error) or aws_errors.may_have_happened(error)


def _is_refusal(error: Exception) -> bool:
    """Tell whether it is of no use to ask again.

    It is of use after an answer that nobody can read.
    """
    is_aws = isinstance(error, (ClientError, BotoCoreError))
    return is_aws and not aws_errors.is_passing(error)


def _is_conflict(error: Exception) -> bool:
    return aws_errors.code(error) == "ConflictException"


def _look_up(
    account: RecoveryAccount,
    history: "Table",
    request: RecoveryRequest,
    start: Exception | None = None,
) -> str | None:
    """Find the job for the request that belongs to nobody else.

    Unless the answer to our own start was lost, a young job on no record may
    be that of an earlier try, or of another execution that is about to
    record it: it is left until it shows whose it is.

    Args:
        start: What became of StartRecovery; None before it.

    Raises:
        ClientError: DRS refuses to tell, before the start.
        StrayJobError: A job in the way is not the request's, nor anybody's.
        RecoveryStartUncertainError: It is not known yet.
    """
    is_in_the_way = start is not None and _is_conflict(start)
    may_be_foreign = is_in_the_way or start is None
    jobs: list[Mapping[str, Any]] = []
    try:
        jobs = _jobs(account.drs, request, start is None)
        jobs = [j for j in jobs if is_in_the_way or _is_of(j, request)]
        owners = _owners(history, request) if jobs else {}
    except Exception as error:
        if not (start or jobs) and _is_refusal(error):
            raise
        servers = len(request.server_ids)
        raise RecoveryStartUncertainError.of(servers, start, error) from error
    own = request.execution_id, request.wave_number
    strays = []
    for job in jobs:
        owner = owners.get(job["jobID"])
        if owner is None and may_be_foreign and _is_young(job):
            raise RecoveryStartUncertainError.unclaimed(job["jobID"])
        if owner == own or (owner is None and _is_of(job, request)):
            return str(job["jobID"])
        if owner is None:
            strays.append(job["jobID"])
    if start is not None and strays:
        raise StrayJobError(start, strays[0]) from start
    return None


def _jobs(
    drs: "DrsClient", request: RecoveryRequest, only_recent: bool
) -> list[Mapping[str, Any]]:
    """List the jobs of this kind with any of the servers, newest first."""
    earliest = request.since
    if only_recent:
        earliest = max(earliest, clock.epoch_seconds() - TRIED_WITHIN_SECONDS)
    since = datetime.fromtimestamp(earliest, UTC)
    pages = drs.get_paginator("describe_jobs").paginate(
        filters={"fromDate": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
    )
    return [
        job
        for page in pages
        for job in page["items"]
        if job["jobID"] not in request.earlier_jobs
        and _shares_servers(job, request)
    ]


def _owners(
    history: "Table", request: RecoveryRequest
) -> dict[str, tuple[str, int]]:
    """Tell the execution and wave of each job since the request's moment.

    A duplicate of this step, at work at the same time, may have just
    recorded the job for this very wave. Reads the whole table, which only a
    job that was found asks for.
    """
    return {
        wave["jobId"]: (item["executionId"], number)
        for item in _scan(history, request.since)
        for number, wave in enumerate(item.get("waves") or [])
        if wave.get("jobId")
    }


def _is_young(job: Mapping[str, Any]) -> bool:
    created = job.get("creationDateTime")
    if not created:
        return False
    age = clock.epoch_seconds() - datetime.fromisoformat(created).timestamp()
    return age < RECORDED_WITHIN_SECONDS


def _shares_servers(job: Mapping[str, Any], request: RecoveryRequest) -> bool:
    return (
        job.get("type") == "LAUNCH"
        and job.get("initiatedBy") == request.initiated_by
        and not _servers(job).isdisjoint(request.server_ids)
    )


def _is_of(job: Mapping[str, Any], request: RecoveryRequest) -> bool:
    return _servers(job) == set(request.server_ids)


def _servers(job: Mapping[str, Any]) -> set[str]:
    servers = job.get("participatingServers", [])
    return {server["sourceServerID"] for server in servers}


def _scan(table: "Table", since: int) -> Iterator[Mapping[str, Any]]:
    scan: dict[str, Any] = {
        "FilterExpression": (
            "attribute_not_exists(endTime) OR endTime >= :since"
        ),
        "ExpressionAttributeValues": {":since": since},
        "ProjectionExpression": "executionId, waves",
        "ConsistentRead": True,
    }
    while True:
        page = table.scan(**scan)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]
