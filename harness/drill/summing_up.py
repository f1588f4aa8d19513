"""Sum up what an execution left behind in the local cloud."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness import drs
from harness.drill.progress import FAILURES, error_of
from harness.drill.results import (
    OUTCOMES,
    JobResult,
    PhaseTime,
    Run,
    ServerResult,
    WaveResult,
)
from harness.equivalence import Observation
from harness.equivalence.masking import masked
from harness.equivalence.observations import plain
from harness.plans.plan import Plan


@dataclass(frozen=True)
class Remains:
    """What is left when an execution has ended.

    Attributes:
        history: The execution's item.
        events: Everything that DRS logged.
        machine_events: The history of the state machine's execution.
        invocations: Names of the functions, once for each invocation.
    """

    orchestration: str
    lambdas: str
    started_at: datetime
    ended_at: datetime
    history: Mapping[str, Any]
    events: tuple[drs.JobEvent, ...]
    machine_events: tuple[Mapping[str, Any], ...]
    invocations: tuple[str, ...]
    observation: Observation


def sum_up(plan: Plan, remains: Remains) -> Run:
    """Make the result of a run."""
    history = plain(remains.history)
    ending = remains.observation.ending
    return Run(
        orchestration=remains.orchestration,
        lambdas=remains.lambdas,
        execution_id=history["executionId"],
        outcome=OUTCOMES.get(history["status"], "open"),
        started_at=remains.started_at,
        ended_at=remains.ended_at,
        waves=tuple(_waves(plan, history, remains.events)),
        jobs=_jobs(plan),
        history=masked(history),
        machine={key: ending[key] for key in ("status", "error", "cause")},
        machine_events=remains.machine_events,
        transitions=remains.observation.states_entered,
        invocations=dict(sorted(Counter(remains.invocations).items())),
        observation=remains.observation,
    )


def places(plan: Plan) -> list[tuple[str, str]]:
    """List the accounts and Regions that a plan touches, each once."""
    account = plan.recovery_account.account_id
    found = [(server.account_id, server.region) for server in plan.servers]
    found += [(account, group.region) for group in plan.groups]
    return list(dict.fromkeys(found))


def _waves(
    plan: Plan, history: Mapping[str, Any], events: Iterable[drs.JobEvent]
) -> list[WaveResult]:
    entries = {entry["waveNumber"]: entry for entry in history["waves"]}
    return [
        _wave(plan, number, entries.get(number, {}), tuple(events))
        for number in range(len(plan.waves))
    ]


def _wave(
    plan: Plan,
    number: int,
    entry: Mapping[str, Any],
    events: tuple[drs.JobEvent, ...],
) -> WaveResult:
    job_id = entry.get("jobId")
    of_job = [event for event in events if event.job_id == job_id]
    return WaveResult(
        number=number,
        name=plan.waves[number].name,
        status=entry.get("status", "not started"),
        job_id=job_id,
        started_at=_moment(entry.get("startTime")),
        ended_at=_moment(entry.get("endTime")),
        servers=tuple(
            _server(plan, status, of_job)
            for status in entry.get("serverStatuses", [])
        ),
    )


def _server(
    plan: Plan, status: Mapping[str, Any], events: list[drs.JobEvent]
) -> ServerResult:
    server_id = status["sourceServerId"]
    server = plan.server(server_id)
    own = [event for event in events if event.source_server_id == server_id]
    errors = [error_of(event) for event in own if event.event in FAILURES]
    return ServerResult(
        server_id=server_id,
        hostname=server.hostname if server else server_id,
        status=status["launchStatus"],
        instance_id=status["instanceId"] or _launched(own),
        private_ip=status["privateIp"],
        instance_type=status["instanceType"],
        error=errors[-1] if errors else "",
        phases=tuple(PhaseTime(event.event, event.at) for event in own),
    )


def _launched(events: list[drs.JobEvent]) -> str:
    """Find the instance of a server that no poll saw any more.

    DRS goes on with the job of a cancelled or failed wave.
    """
    ids = [event.data.get("targetInstanceID") for event in events]
    return next((str(each) for each in ids if each), "")


def _jobs(plan: Plan) -> tuple[JobResult, ...]:
    found = [
        JobResult(
            job_id=job.job_id,
            account_id=account_id,
            region=region,
            status=job.status,
            initiated_by=job.initiated_by,
            servers=len(job.participants),
            created_at=job.created_at,
            ended_at=job.ended_at,
        )
        for account_id, region in places(plan)
        for job in drs.region(account_id, region).jobs.values()
    ]
    return tuple(sorted(found, key=lambda job: job.created_at))


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
