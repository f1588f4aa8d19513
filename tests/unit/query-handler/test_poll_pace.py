"""Polls get rarer in a long recovery: an execution's events are limited."""

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from execution_handler import plan_limits
from query_handler import poll_pace
from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

HOUR = 3600


def state_after(*hours: float, **changes: Any) -> dict[str, Any]:
    """Build the state of waves that ran for hours; the last one still runs."""
    *ended, running = [int(each * HOUR) for each in hours]
    results = [
        builders.completed_result(number, startTime=builders.NOW - seconds)
        for number, seconds in enumerate(ended)
    ]
    last = builders.wave_result(len(ended), startTime=builders.NOW - running)
    known = {"wave_results": [*results, last]}
    return builders.polled_state(last, **(known | changes))


def poll(
    world: "OutsideWorld", lambdas: "Lambdas", state: dict[str, Any]
) -> int:
    """Poll a wave that is in progress; return the seconds to the next poll."""
    world.put_execution(status="POLLING")
    world.disturb(
        "drs.DescribeJobs", *[refuse("ThrottlingException", 429)] * 5
    )
    polled = lambdas.poll(copy.deepcopy(state))
    assert (polled["status"], polled["wave_completed"]) == ("running", False)
    waited = state["current_wave_update_time"]
    assert polled["current_wave_total_wait_time"] == waited
    seconds: int = polled["current_wave_update_time"]
    return seconds


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ([0], 30),
        ([7.99], 30),
        ([8], 60),
        ([2, 3, 2.9], 30),
        ([2, 3, 3], 60),
        ([16], 120),
        ([80], 30720),
        ([8000], 30720),
        ([-9], 30),
    ],
)
def test_next_poll_is_later_when_the_waves_have_run_for_hours(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    hours: list[float],
    seconds: int,
) -> None:
    assert poll(world, lambdas, state_after(*hours)) == seconds


def test_time_after_the_end_of_a_wave_does_not_count(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = state_after(20, 1)
    state["wave_results"][0]["endTime"] -= 15 * HOUR

    assert poll(world, lambdas, state) == 30


def test_time_between_polls_is_never_made_shorter(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = state_after(8, current_wave_update_time=900)

    assert poll(world, lambdas, state) == 900


def test_wave_whose_start_is_not_known_counts_from_now(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = state_after(9, 1)
    del state["wave_results"][0]["startTime"]

    assert poll(world, lambdas, state) == 30


def test_pace_is_whole_seconds_when_a_time_is_written_as_a_float(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = state_after(8)
    state["wave_results"][0]["startTime"] *= 1.0

    seconds = poll(world, lambdas, state)

    assert (seconds, type(seconds)) == (60, int)


def test_pace_stays_when_the_poll_ends_the_execution(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="POLLING")
    state = state_after(9)

    ended = lambdas.poll(state)

    assert ended["status"] == "failed"
    assert ended["current_wave_update_time"] == 30


def test_month_of_polls_stays_below_the_events_of_an_execution(
    world: "OutsideWorld",
) -> None:
    state: Any = state_after(0)
    polls = 0

    while datetime.now(UTC).timestamp() < builders.NOW + 30 * 24 * HOUR:
        world.clock.shift(state["current_wave_update_time"])
        poll_pace.slow_down(state)
        polls += 1

    room = plan_limits.EXECUTION_EVENTS - 2_000
    assert 1_500 < polls < room / plan_limits.EVENTS_OF_A_POLL
