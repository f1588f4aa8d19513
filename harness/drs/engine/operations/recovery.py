"""StartRecovery and TerminateRecoveryInstances."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from harness.drs.engine import (
    admission,
    recovery_snapshots,
    resources,
    views,
)
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.job_options import Refusal
from harness.drs.engine.launch_runs import LaunchRun
from harness.drs.engine.records import (
    Job,
    LastLaunch,
    Participant,
    RecoveryInstance,
    SourceServer,
)
from harness.drs.engine.region import Region
from harness.drs.engine.termination_runs import TerminationRun

Checks = dict[Refusal, Callable[[], object]]


def start(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Start a drill or a recovery of some source servers, all or none."""
    wanted = parameters["sourceServers"]
    ids = [each["sourceServerID"] for each in wanted]
    servers = resources.launchable(region, ids)
    checks: Checks = {
        "busy": lambda: admission.refuse_busy(region, servers),
        "unready": lambda: admission.refuse_unready(region, servers),
        "snapshot": lambda: _participants(region, servers, wanted),
        "quota": lambda: admission.refuse_over_quota(region, len(servers)),
    }
    for name in region.options.jobs.refusal_order:
        checks[name]()
    participants = _participants(region, servers, wanted)
    drill = parameters.get("isDrill", region.options.jobs.drill_by_default)
    job = _add_job(
        region,
        "LAUNCH",
        "START_DRILL" if drill else "START_RECOVERY",
        participants,
        parameters.get("tags", {}),
    )
    for server in servers:
        _note_launch(server, job)
    LaunchRun(region, job, servers)
    return {"job": views.job(region, job)}


def terminate(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Start to terminate some recovery instances, all or none."""
    ids = parameters["recoveryInstanceIDs"]
    records = resources.terminable(region, ids)
    servers = [record.server for record in records]
    checks: Checks = {
        "busy": lambda: admission.refuse_busy(region, servers),
        "unready": lambda: _refuse_in_failback(region, records),
        "quota": lambda: _refuse_termination(region, len(records)),
    }
    for name in region.options.jobs.refusal_order:
        if name in checks:
            checks[name]()
    job = _add_job(
        region,
        "TERMINATE",
        "TERMINATE_RECOVERY_INSTANCES",
        [
            Participant(each.server.server_id, each.instance_id)
            for each in records
        ],
        {},
    )
    TerminationRun(region, job, servers)
    return {"job": views.job(region, job)}


def _refuse_termination(region: Region, servers: int) -> None:
    if region.options.jobs.counts_terminations:
        admission.refuse_over_quota(region, servers)


def _participants(
    region: Region,
    servers: Sequence[SourceServer],
    wanted: Sequence[Mapping[str, Any]],
) -> list[Participant]:
    return [
        _participant(region, server, each.get("recoverySnapshotID"))
        for server, each in zip(servers, wanted, strict=True)
    ]


def _participant(
    region: Region, server: SourceServer, snapshot_id: str | None
) -> Participant:
    settings = None
    if region.options.jobs.launch_settings_of == "start":
        settings = server.launch_configuration
    if snapshot_id is None:
        return Participant(server.server_id, launch_configuration=settings)
    snapshot = recovery_snapshots.find(region, server, snapshot_id)
    if snapshot is None:
        text = region.options.error_texts.unknown_snapshot
        kind: ResourceKind = "recovery_snapshot"
        raise resources.undeclared(region, text, snapshot_id, kind)
    return Participant(
        server.server_id,
        snapshot_at=snapshot.at,
        snapshot_id=snapshot_id,
        launch_configuration=settings,
    )


def _refuse_in_failback(
    region: Region, records: Sequence[RecoveryInstance]
) -> None:
    text = region.options.error_texts.failing_back
    for record in records:
        if resources.in_failback(region, record):
            raise resources.conflict_over(
                region, text, record.instance_id, "recovery_instance"
            )


def _add_job(
    region: Region,
    kind: Literal["LAUNCH", "TERMINATE"],
    initiated_by: str,
    participants: list[Participant],
    tags: Mapping[str, str],
) -> Job:
    job_id = region.ids.new("drsjob-")
    job = Job(
        number=next(region.numbers),
        job_id=job_id,
        arn=region.arn("job", job_id),
        type=kind,
        initiated_by=initiated_by,
        created_at=region.now(),
        participants=participants,
        tags=dict(tags),
    )
    region.jobs[job_id] = job
    return job


def _note_launch(server: SourceServer, job: Job) -> None:
    server.last_launch_result = "PENDING"
    server.last_launch = LastLaunch(job.created_at, job.job_id, job.is_drill)
