"""A drill as one JSON document, for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from harness.drill.orders import Order
from harness.drill.results import JobResult, Run, ServerResult, WaveResult
from harness.equivalence import Comparison

Document = dict[str, Any]


def drill(
    order: Order, runs: Sequence[Run], comparisons: Sequence[Comparison]
) -> Document:
    """Make the document of a drill.

    Args:
        runs: One for each way to carry it out, in the order they ran.
        comparisons: Of the first run with each other. The document has the
            first of them that found a difference, or else the first.
    """
    plan = order.plan
    telling = sorted(comparisons, key=lambda each: each.equal)
    return {
        "plan": {
            "file": str(plan.path),
            "planId": plan.plan_id,
            "planName": plan.name,
            "expect": plan.expect,
            "waves": len(plan.waves),
        },
        "isDrill": order.is_drill,
        "seed": order.seed,
        "profile": order.profile,
        "outcome": runs[0].outcome,
        "asExpected": order.expects(runs[0].outcome),
        "runs": [_run(each) for each in runs],
        "comparison": _compared(telling[0]) if telling else None,
    }


def _run(run: Run) -> Document:
    return {
        "orchestration": run.orchestration,
        "lambda": run.lambdas,
        "executionId": run.execution_id,
        "outcome": run.outcome,
        "startedAt": _text(run.started_at),
        "endedAt": _text(run.ended_at),
        "virtualSeconds": (run.ended_at - run.started_at).total_seconds(),
        "waves": [_wave(wave) for wave in run.waves],
        "jobs": [_job(job) for job in run.jobs],
        "history": run.history,
        "stateMachine": {**run.machine, "transitions": run.transitions},
        "invocations": run.invocations,
    }


def _wave(wave: WaveResult) -> Document:
    return {
        "waveNumber": wave.number,
        "waveName": wave.name,
        "status": wave.status,
        "jobId": wave.job_id,
        "startedAt": _text(wave.started_at),
        "endedAt": _text(wave.ended_at),
        "servers": [_server(server) for server in wave.servers],
    }


def _server(server: ServerResult) -> Document:
    return {
        "sourceServerId": server.server_id,
        "hostname": server.hostname,
        "launchStatus": server.status,
        "instanceId": server.instance_id or None,
        "privateIp": server.private_ip or None,
        "instanceType": server.instance_type or None,
        "error": server.error or None,
        "phases": [
            {"event": phase.event, "at": _text(phase.at)}
            for phase in server.phases
        ],
    }


def _job(job: JobResult) -> Document:
    return {
        "jobId": job.job_id,
        "accountId": job.account_id,
        "region": job.region,
        "status": job.status,
        "initiatedBy": job.initiated_by,
        "servers": job.servers,
        "createdAt": _text(job.created_at),
        "endedAt": _text(job.ended_at),
    }


def _compared(comparison: Comparison) -> Document:
    return {
        "equal": comparison.equal,
        "counts": {
            count.what: [count.left, count.right]
            for count in comparison.counts
        },
        "differences": [
            {"path": each.path, "left": each.left, "right": each.right}
            for each in comparison.differences
        ],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
