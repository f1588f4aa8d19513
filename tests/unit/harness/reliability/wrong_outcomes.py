"""Ends of executions, made up: sound ones, and ones that are wrong."""

from dataclasses import replace
from typing import Any

from harness.reliability.outcomes import Job, Outcome
from harness.reliability.scenes import Scene, Tier, server_id
from tests import builders

FIRST, SECOND = "drsjob-1", "drsjob-2"
SCENE = Scene((Tier(), Tier(pause=True)))


def completed() -> Outcome:
    """Make the end of an execution whose two waves were recovered."""
    waves = [_wave(0, FIRST), _wave(1, SECOND)]
    history = builders.history_item(
        status="COMPLETED", endTime=builders.NOW + 600, waves=waves
    )
    return Outcome(
        scene=SCENE,
        execution_id=builders.EXECUTION_ID,
        status="SUCCEEDED",
        history=history,
        state=builders.state(status="completed", wave_results=waves),
        jobs=(job(FIRST, 0), job(SECOND, 1)),
        launch_settings={server_id(0, 0): {"ec2": {"InstanceType": "a"}}},
    )


def failed(reason: str = "DRS said no") -> Outcome:
    """Make the end of an execution that failed in its second wave."""
    outcome = completed()
    waves = [_wave(0, FIRST), _wave(1, SECOND, status="FAILED")]
    return recorded(
        replace(outcome, status="FAILED"),
        status="FAILED",
        waves=waves,
        errorMessage=reason,
    )


def recorded(outcome: Outcome, **changes: Any) -> Outcome:
    """Change the record of an outcome."""
    return replace(outcome, history={**outcome.history, **changes})


def job(job_id: str, group: int) -> Job:
    """Make a drill's job that launched the server of a wave."""
    return Job(job_id, (server_id(group, 0),), True, "COMPLETED")


def _wave(number: int, job_id: str, **changes: Any) -> builders.Document:
    servers = [server_id(number, 0)]
    return builders.completed_result(
        number, jobId=job_id, serverIds=servers, **changes
    )
