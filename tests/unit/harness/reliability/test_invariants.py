"""A checker is worth what it catches: each wrong end must be told."""

from dataclasses import replace

import pytest

from harness.reliability import invariants, meetings
from harness.reliability.outcomes import Outcome
from tests import builders
from tests.unit.harness.reliability.wrong_outcomes import (
    FIRST,
    SECOND,
    completed,
    failed,
    job,
    recorded,
)

TIMES = {"startTime": builders.NOW + 7, "endTime": builders.NOW + 1234}


def wave(outcome: Outcome, number: int, **changes: object) -> Outcome:
    waves = list(outcome.history["waves"])
    waves[number] = {**waves[number], **changes}
    return recorded(outcome, waves=waves)


@pytest.mark.parametrize("outcome", [completed(), failed()])
def test_nothing_is_told_when_an_end_is_sound(outcome: Outcome) -> None:
    assert invariants.violations(outcome) == []


@pytest.mark.parametrize(
    ("outcome", "violation"),
    [
        (replace(completed(), stuck="it hangs"), "does not end: it hangs"),
        (replace(completed(), status="PAUSED"), "has no end: it is PAUSED"),
        (recorded(completed(), status="POLLING"), "is POLLING after the end"),
        (recorded(completed(), status="RUNNING"), "is RUNNING after the end"),
        (recorded(completed(), status="PAUSED"), "is PAUSED after the end"),
        (replace(completed(), history={}), "is None after the end"),
        (recorded(completed(), endTime=None), "without an endTime"),
        (failed(reason=""), "FAILED without a reason"),
        (replace(completed(), status="FAILED"), "the state machine FAILED"),
        (replace(failed(), status="SUCCEEDED"), "state machine SUCCEEDED"),
        (recorded(completed(), taskToken="t"), "still holds a taskToken"),
        (recorded(failed(), pausedBeforeWave=1), "holds a pausedBeforeWave"),
        (replace(completed(), tokens=("t",)), "1 task tokens wait"),
        (wave(completed(), 1, status="LAUNCHING"), "Wave 1 is LAUNCHING"),
    ],
)
def test_an_end_that_is_none_is_told(outcome: Outcome, violation: str) -> None:
    told = invariants.violations(outcome)

    assert [text for text in told if violation in text] != []


@pytest.mark.parametrize(
    ("outcome", "violation"),
    [
        (
            replace(completed(), jobs=(job(FIRST, 0),)),
            f"{SECOND} is on record, but does not exist",
        ),
        (
            replace(completed(), jobs=(*completed().jobs, job("late", 5))),
            "late exists, but is not on record",
        ),
        (
            replace(completed(), jobs=(*completed().jobs, job("twice", 1))),
            f"second DRS job was started for wave 1: twice besides {SECOND}",
        ),
        (
            wave(completed(), 1, jobId=FIRST),
            f"{FIRST} is on record for 2 waves",
        ),
        (
            wave(completed(), 1, serverIds=["s-another"]),
            f"Wave 1 records job {SECOND} of other servers",
        ),
        (
            replace(
                completed(),
                jobs=(replace(job(FIRST, 0), is_drill=False), job(SECOND, 1)),
            ),
            f"{FIRST} is no drill",
        ),
    ],
)
def test_jobs_that_differ_from_the_record_are_told(
    outcome: Outcome, violation: str
) -> None:
    told = invariants.violations(outcome)

    assert [text for text in told if violation in text] != []


def test_a_job_that_runs_on_is_nothing_wrong_when_it_was_cancelled() -> None:
    cancelled = recorded(completed(), status="CANCELLED")

    outcome = wave(cancelled, 1, status="LAUNCHING")

    assert invariants.violations(outcome) == []


@pytest.mark.parametrize(
    ("outcome", "place"),
    [
        (wave(completed(), 1, region="eu-west-1"), "history.waves[1].region"),
        (recorded(completed(), surplus=1), "history.surplus"),
        (replace(completed(), state={}), "state.status is absent"),
        (replace(completed(), launch_settings={}), "launch settings"),
        (
            replace(recorded(completed(), status="CANCELLED")),
            "history.status is CANCELLED, not COMPLETED",
        ),
    ],
)
def test_another_end_than_the_undisturbed_one_is_told(
    outcome: Outcome, place: str
) -> None:
    told = invariants.violations(outcome, completed())

    assert [text for text in told if place in text] != []
    assert not invariants.equals(outcome, completed())


def test_times_make_no_difference_as_retries_shift_them() -> None:
    outcome = recorded(wave(completed(), 1, **TIMES), **TIMES)

    assert invariants.violations(outcome, completed()) == []


def test_a_time_that_is_missing_makes_a_difference() -> None:
    outcome = wave(completed(), 1, endTime=None)

    assert invariants.violations(outcome, completed()) != []


def test_a_failure_with_a_reason_may_differ_from_the_undisturbed_end() -> None:
    assert invariants.violations(failed(), completed()) == []
    assert invariants.ended_with_reason(failed())
    assert not invariants.ended_with_reason(failed(reason=""))


def test_cross_talk_is_told_when_two_executions_record_one_job() -> None:
    told = list(meetings.violations([completed(), completed()]))

    assert f"Job {FIRST} is on record 2 times: cross-talk" in told


def test_a_conflict_needs_a_clear_reason() -> None:
    nothing = recorded(failed("something"), waves=[])
    conflict = recorded(failed("ConflictException: locked"), waves=[])

    unclear = list(meetings.violations([completed(), nothing]))
    clear = list(meetings.violations([completed(), conflict]))

    assert unclear == ["Execution 1 gives no clear reason: something"]
    assert clear == []


def test_a_job_on_nobodys_record_is_told_when_there_are_two() -> None:
    jobs = (*completed().jobs, job("lost", 1))
    nothing = recorded(failed("ConflictException"), waves=[])

    told = list(
        meetings.violations(
            [replace(completed(), jobs=jobs), replace(nothing, jobs=jobs)]
        )
    )

    assert [text for text in told if "lost" in text] != []
