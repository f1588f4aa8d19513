"""What must be survived is told when it was not, and nothing else is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from harness.reliability import weather_judge
from harness.reliability.outcomes import Outcome
from harness.reliability.weather_judge import Story
from tests.unit.harness.reliability.wrong_outcomes import (
    completed,
    failed,
    recorded,
)

EXHAUSTED = Story(7, 61.5, True, frozenset({"lambda"}))
HIT_ONCE = Story(1, 0, True, frozenset({"drs"}))
FINE = Story(1, 0, False, frozenset({"drs"}))


def by_function(code: str) -> Outcome:
    return replace(failed(), state={"status": "failed", "error_code": code})


def by_machine(error: str) -> Outcome:
    failure: Mapping[str, Any] = {"Error": error, "Cause": "{}"}
    return replace(failed(), state={"failure": failure})


def told(outcome: Outcome, story: Story) -> list[str]:
    return weather_judge.violations(outcome, completed(), story)


@pytest.mark.parametrize(
    ("outcome", "story"),
    [
        (completed(), FINE),
        (by_function("WAVE_START_FAILED"), HIT_ONCE),
        (by_machine("ExecutionHistoryError"), EXHAUSTED),
        (by_machine("Lambda.TooManyRequestsException"), EXHAUSTED),
        (by_machine("RecoveryStartUncertainError"), EXHAUSTED),
    ],
)
def test_nothing_is_told_when_the_rules_allow_the_end(
    outcome: Outcome, story: Story
) -> None:
    assert told(outcome, story) == []


@pytest.mark.parametrize(
    ("outcome", "story", "violation"),
    [
        (by_function("WAVE_POLL_FAILED"), HIT_ONCE, "which must survive"),
        (by_function("WAVE_LAUNCH_FAILED"), HIT_ONCE, "which must survive"),
        (by_function("WAVE_START_FAILED"), FINE, "in good weather"),
        (by_machine("KeyError"), EXHAUSTED, "was given up for KeyError"),
        (
            by_machine("ContractViolationError"),
            EXHAUSTED,
            "was given up for ContractViolationError",
        ),
        (
            by_machine("HandlerInvocationError"),
            replace(EXHAUSTED, tries=3),
            "given up after 3 tries",
        ),
        (
            by_machine("HandlerInvocationError"),
            replace(EXHAUSTED, is_hit_at_end=False),
            "last try of a step failed in good weather",
        ),
        (
            by_machine("HandlerInvocationError"),
            replace(EXHAUSTED, took=0),
            "No time passed",
        ),
        (
            recorded(replace(failed(), status="FAILED"), status="TIMEOUT"),
            EXHAUSTED,
            "ended it as TIMEOUT",
        ),
        (
            recorded(by_machine("Lambda.ServiceException"), status="POLLING"),
            EXHAUSTED,
            "POLLING after the end",
        ),
        (replace(completed(), stuck="it hangs"), FINE, "does not end"),
    ],
)
def test_an_end_is_told_when_the_rules_forbid_it(
    outcome: Outcome, story: Story, violation: str
) -> None:
    assert [each for each in told(outcome, story) if violation in each] != []


def test_an_unrecorded_job_is_forgiven_only_if_the_reason_tells() -> None:
    violation = "Job drsjob-1 exists, but is not on record"
    silent = by_machine("ExecutionHistoryError")
    uncertain = recorded(
        silent, errorMessage="RecoveryStartUncertainError: a job may run"
    )

    assert not weather_judge.is_forgiven(violation, silent, EXHAUSTED)
    assert weather_judge.is_forgiven(violation, uncertain, EXHAUSTED)
    for job_id, is_named in (("drsjob-1", True), ("drsjob-2", False)):
        named = recorded(silent, errorMessage=f"E (DRS job: {job_id})")
        forgiven = weather_judge.is_forgiven(violation, named, EXHAUSTED)
        assert forgiven is is_named


@pytest.mark.parametrize(
    "path",
    [
        "history.waves[0].serverStatuses[1].privateIp",
        "state.wave_results[2].serverStatuses[0].instanceId",
        "state.recovery_instance_ids",
        "launch settings.s-1.ec2.InstanceType",
    ],
)
def test_missing_details_are_forgiven_when_nobody_could_give_them(
    path: str,
) -> None:
    violation = f"The end is another: {path} is , not x"
    dynamodb = replace(FINE, services=frozenset({"dynamodb"}))

    assert weather_judge.is_forgiven(violation, completed(), HIT_ONCE)
    assert not weather_judge.is_forgiven(violation, completed(), dynamodb)


@pytest.mark.parametrize(
    "path",
    [
        "history.waves[0].jobId",
        "history.waves[0].serverStatuses[1].launchStatus",
        "state.completed_waves",
        "jobs",
    ],
)
def test_what_matters_is_never_forgiven(path: str) -> None:
    violation = f"The end is another: {path} is 1, not 2"

    assert not weather_judge.is_forgiven(violation, completed(), HIT_ONCE)
