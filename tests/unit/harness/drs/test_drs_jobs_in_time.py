"""Jobs move by time, in the order and at the pace of the recorded drill."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from harness import drs
from harness.drs.engine.profiles import exactly

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

# Seconds after JOB_START, in the order of the log: two recorded jobs of two
# servers each (DRS_SERVICE.md 3.4).
DATABASES = {
    "JOB_START": [0.0],
    "SNAPSHOT_START": [0.404, 0.429],
    "SNAPSHOT_END": [0.594, 0.620],
    "CONVERSION_START": [52.563, 52.589],
    "CONVERSION_END": [250.077, 250.139],
    "LAUNCH_START": [250.650, 250.840],
    "LAUNCH_END": [528.769, 530.171],
    "JOB_END": [532.978],
}
APPLICATION = {
    "JOB_START": [0.0],
    "SNAPSHOT_START": [0.404, 0.432],
    "SNAPSHOT_END": [0.585, 0.611],
    "CONVERSION_START": [51.789, 51.818],
    "CONVERSION_END": [226.488, 226.548],
    "LAUNCH_START": [226.966, 227.176],
    "LAUNCH_END": [536.835, 536.888],
    "JOB_END": [539.016],
}
DATABASES_PACE = drs.Profile(
    name="databases",
    job_start=exactly(0.35),
    first_step=exactly(0.404),
    stagger=exactly(0.025),
    snapshot=exactly(0.191),
    wait=exactly(51.969),
    conversion=exactly(197.53),
    launch_gap=drs.Span(0.573, 0.701),
    launch=exactly(277.9),
    launch_variation=drs.Span(0, 1.6),
    job_end=exactly(2.781),
    log_lag=exactly(0.026),
)
APPLICATION_PACE = drs.Profile(
    name="application",
    job_start=exactly(0.35),
    first_step=exactly(0.404),
    stagger=exactly(0.028),
    snapshot=exactly(0.18),
    wait=exactly(51.206),
    conversion=exactly(174.715),
    launch_gap=drs.Span(0.478, 0.628),
    launch=exactly(309.712),
    launch_variation=drs.Span(0, 0.157),
    job_end=exactly(2.102),
    log_lag=exactly(0.026),
)
STEPS = [
    "SNAPSHOT_START",
    "SNAPSHOT_END",
    "CONVERSION_START",
    "CONVERSION_END",
    "LAUNCH_START",
    "LAUNCH_END",
]


def offsets(emulator: Emulator, job_id: str) -> dict[str, list[float]]:
    items = emulator.log(job_id)
    times = [datetime.fromisoformat(item["logDateTime"]) for item in items]
    found: dict[str, list[float]] = {}
    for item, at in zip(items, times, strict=True):
        seconds = (at - times[0]).total_seconds()
        found.setdefault(item["event"], []).append(seconds)
    return found


@pytest.mark.parametrize(
    ("pace", "recorded"),
    [(DATABASES_PACE, DATABASES), (APPLICATION_PACE, APPLICATION)],
    ids=["databases", "application"],
)
def test_the_recorded_drill_is_replayed_when_its_pace_is_given(
    emulator: Emulator,
    pace: drs.Profile,
    recorded: dict[str, list[float]],
) -> None:
    emulator.restart(profile=pace)

    job = emulator.recover(emulator.add("one"), emulator.add("two"))

    replayed = offsets(emulator, job["jobID"])
    assert list(replayed) == list(recorded)
    for event, seconds in recorded.items():
        assert replayed[event] == pytest.approx(seconds, rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_each_server_takes_the_steps_in_order_when_seeds_differ(
    emulator: Emulator, seed: int
) -> None:
    emulator.restart(seed=seed, profile=drs.LINUX)
    servers = [emulator.add(f"web-{number}") for number in range(4)]

    job_id = emulator.recover(*servers)["jobID"]

    events = emulator.events(job_id)
    assert (events[0], events[-1]) == ("JOB_START", "JOB_END")
    assert events[1:5] == ["SNAPSHOT_START"] * 4
    assert [emulator.events(job_id, each) for each in servers] == [STEPS] * 4
    times = [item["logDateTime"] for item in emulator.log(job_id)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("profile", "shortest", "longest"),
    [(drs.LINUX, 500, 570), (drs.WINDOWS, 1355, 1445)],
    ids=["linux", "windows"],
)
def test_a_job_takes_as_long_as_its_profile_says(
    emulator: Emulator, profile: drs.Profile, shortest: int, longest: int
) -> None:
    emulator.restart(profile=profile)

    job = emulator.recover(emulator.add("one"), emulator.add("two"))

    took = offsets(emulator, job["jobID"])["JOB_END"][0]
    assert shortest < took < longest


def test_a_job_is_done_at_the_next_look_when_the_profile_is_instant(
    emulator: Emulator,
) -> None:
    emulator.restart(profile=drs.INSTANT)
    server = emulator.add("web")

    started = emulator.start(server)
    seen = emulator.job(started["jobID"])

    assert started["status"] == "PENDING"
    assert seen["status"] == "COMPLETED"
    assert emulator.events(seen["jobID"]) == ["JOB_START", *STEPS, "JOB_END"]


def test_a_job_stands_still_when_only_polls_go_by(
    emulator: Emulator,
) -> None:
    job_id = emulator.start(emulator.add("web"))["jobID"]
    emulator.sleep(60)

    answers = [emulator.job(job_id) for _ in range(20)]

    assert {answer["status"] for answer in answers} == {"STARTED"}
    assert emulator.events(job_id)[-1] == "CONVERSION_START"


def test_launch_status_stays_pending_until_the_launch_starts(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]
    seen = []

    while emulator.job(job_id)["status"] != "COMPLETED":
        emulator.sleep(30)
        event = emulator.events(job_id, server)[-1]
        seen.append((event, emulator.statuses(job_id)[server]))

    assert list(dict.fromkeys(seen)) == [
        ("SNAPSHOT_END", "PENDING"),
        ("CONVERSION_START", "PENDING"),
        ("LAUNCH_START", "IN_PROGRESS"),
        ("LAUNCH_END", "LAUNCHED"),
    ]


def test_launch_status_is_never_in_progress_when_so_chosen(
    emulator: Emulator,
) -> None:
    emulator.choose(shows_in_progress=False)
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]

    emulator.sleep(400)

    assert emulator.events(job_id, server)[-1] == "LAUNCH_START"
    assert emulator.statuses(job_id) == {server: "PENDING"}


def test_the_job_ends_just_before_its_last_log_item(
    emulator: Emulator,
) -> None:
    job = emulator.recover(emulator.add("web"))

    logged = emulator.log(job["jobID"])[-1]["logDateTime"]
    ended = datetime.fromisoformat(job["endDateTime"])
    assert datetime.fromisoformat(logged) - ended == timedelta(seconds=0.026)


def test_conversion_is_skipped_when_the_recovery_mode_is_fast(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.drs.update_launch_configuration(
        sourceServerID=server, recoveryMode="FAST"
    )

    job_id = emulator.recover(server)["jobID"]

    assert emulator.events(job_id, server) == [
        "SNAPSHOT_START",
        "SNAPSHOT_END",
        "LAUNCH_START",
        "LAUNCH_END",
    ]


def test_times_carry_microseconds_and_an_offset_as_on_the_wire(
    emulator: Emulator,
) -> None:
    job = emulator.start(emulator.add("web"))

    assert job["creationDateTime"] == "2026-01-05T10:00:00.000000+00:00"


def test_times_end_with_z_when_so_chosen(emulator: Emulator) -> None:
    emulator.choose(time_format="zulu")

    job = emulator.start(emulator.add("web"))

    assert job["creationDateTime"] == "2026-01-05T10:00:00.000000Z"
