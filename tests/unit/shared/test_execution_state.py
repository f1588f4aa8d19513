"""The state that travels: its beginning, its ends, what passes through."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from shared import contracts, execution_state, recorded_ends
from shared.execution_state import WaveNotInPlanError
from tests import builders

LATER = builders.NOW + 90


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime.fromtimestamp(LATER, UTC), tick=False):
        yield


def test_state_has_every_key_when_it_is_created() -> None:
    state = execution_state.create(builders.begin_event())

    assert state == builders.state(start_time=LATER)


def test_state_has_defaults_when_the_event_says_little() -> None:
    event = {"execution": "e-1", "plan": {"planId": "p-1"}}

    state = execution_state.create(event)

    assert execution_state.create(event | {"isDrill": False})["is_drill"] is (
        False
    )
    assert state["plan_name"] == ""
    assert state["is_drill"] is True
    assert state["accountContext"] == {}
    assert (state["waves"], state["total_waves"]) == ([], 0)


def test_older_name_of_the_account_context_is_read_when_it_stands_alone() -> (
    None
):
    event = builders.begin_event(account_context={"accountId": "1"})

    assert execution_state.create(event)["accountContext"] == {
        "accountId": "1"
    }


def test_plan_of_the_event_is_left_alone_when_the_state_changes() -> None:
    event = builders.begin_event()

    execution_state.create(event)["waves"].append({})

    assert event == builders.begin_event()


@pytest.mark.parametrize("wrapped", [True, False])
def test_unknown_keys_pass_when_a_state_is_read(wrapped: bool) -> None:
    state = builders.state(ticket="INC-7")
    envelope = {"action": "update_wave_status", "contract_version": "1"}
    event = envelope | ({"application": state} if wrapped else state)

    assert execution_state.read(event) == state


def test_event_is_left_alone_when_the_state_read_from_it_changes() -> None:
    event = {"application": builders.state()}

    execution_state.read(event)["wave_results"].append({})

    assert event["application"]["wave_results"] == []


def test_all_waves_count_as_completed_when_the_plan_completes() -> None:
    state = builders.state(waves=builders.waves(3))

    execution_state.complete(state)

    assert changes(state) == {
        "completed_waves": 3,
        "all_waves_completed": True,
        "wave_completed": True,
        "status": "completed",
        "status_reason": "All waves completed successfully",
        "end_time": LATER,
        "duration_seconds": 90,
    }


def test_no_wave_is_left_when_the_plan_is_cancelled() -> None:
    state = builders.state()

    execution_state.cancel(state)

    assert changes(state) == {
        "all_waves_completed": True,
        "wave_completed": True,
        "status": "cancelled",
        "status_reason": "Execution cancelled by user",
        "end_time": LATER,
        "duration_seconds": 90,
    }


def test_wave_counts_as_failed_when_the_plan_fails() -> None:
    state = builders.state()

    execution_state.fail(state, "no luck", "WAVE_START_FAILED", "No luck.")

    assert changes(state) == {
        "failed_waves": 1,
        "wave_completed": True,
        "status": "failed",
        "status_reason": "No luck.",
        "error": "no luck",
        "error_code": "WAVE_START_FAILED",
        "end_time": LATER,
        "duration_seconds": 90,
    }


def test_failed_wave_is_added_to_those_that_failed_before() -> None:
    state = builders.state(failed_waves=1)

    execution_state.fail(state, "no luck", "WAVE_START_FAILED", "No luck.")

    assert state["failed_waves"] == 2


def test_error_names_the_time_waited_when_a_wave_times_out() -> None:
    state = builders.state(current_wave_total_wait_time=60)

    execution_state.time_out(state)

    assert state["status"] == "timeout"
    assert state["error"] == "Wave timed out after 60s"
    assert state["status_reason"] == "Wave timed out after 60s"
    assert state["error_code"] == "WAVE_TIMEOUT"
    assert state["wave_completed"] is True
    assert state["all_waves_completed"] is False
    assert state["end_time"] == LATER


def test_nothing_tells_of_an_end_when_the_state_is_reopened() -> None:
    state = builders.state()
    execution_state.fail(state, "boom", "WAVE_POLL_FAILED", "Wave 0 failed")
    execution_state.cancel(state)

    execution_state.reopen(state)

    assert state["all_waves_completed"] is False
    assert state["status_reason"] is None
    assert (state["error"], state["error_code"]) == (None, None)


def test_state_says_which_wave_waits_until_it_is_resumed() -> None:
    state = builders.state(waves=builders.waves(2))

    execution_state.pause(state, 1)
    paused = changes(state)
    execution_state.resume(state)

    assert paused == {
        "wave_completed": True,
        "status": "paused",
        "paused_before_wave": 1,
    }
    assert changes(state) == {}


@pytest.mark.parametrize(
    ("recorded", "status", "no_wave_left", "error"),
    [
        ({"status": "COMPLETED"}, "completed", True, None),
        ({"status": "CANCELLED"}, "cancelled", True, None),
        ({"status": "TIMEOUT"}, "timeout", False, "TIMEOUT"),
        ({"status": "PARTIAL"}, "failed", False, "PARTIAL"),
        (
            {"status": "FAILED", "errorMessage": "no luck"},
            "failed",
            False,
            "no luck",
        ),
    ],
)
def test_state_shows_the_end_that_the_history_shows(
    recorded: dict[str, Any],
    status: str,
    no_wave_left: bool,
    error: str | None,
) -> None:
    state = builders.state()

    recorded_ends.mark(state, recorded | {"endTime": LATER - 30})

    assert state["status"] == status
    assert state["all_waves_completed"] is no_wave_left
    assert state["error"] == error
    assert (state["end_time"], state["duration_seconds"]) == (LATER - 30, 60)
    contracts.require("orchestration/begin", "response", state)


def test_duration_is_zero_when_the_recorded_end_is_before_the_start() -> None:
    state = builders.state(start_time=LATER)
    recorded = {"status": "COMPLETED", "endTime": builders.NOW}

    recorded_ends.mark(state, recorded)

    assert state["end_time"] == builders.NOW
    assert state["duration_seconds"] == 0
    contracts.require("orchestration/begin", "response", state)


def test_wave_is_refused_when_the_plan_has_no_such_wave() -> None:
    state = builders.state(waves=builders.waves(2))

    assert execution_state.require_wave(state, 1) == 1
    with pytest.raises(WaveNotInPlanError, match="Wave 2 .* plan's 2 waves"):
        execution_state.require_wave(state, 2)


def test_state_is_read_when_its_plan_has_no_waves() -> None:
    state = builders.state(waves=[])

    assert execution_state.read({"application": state}) == state


def test_state_is_refused_when_its_wave_is_none_of_its_plan() -> None:
    state = builders.state(current_wave_number=1)

    with pytest.raises(WaveNotInPlanError):
        execution_state.read({"application": state})


def test_nothing_of_an_earlier_wave_stays_when_the_next_is_prepared() -> None:
    first = builders.completed_result()
    state = builders.polled_state(
        first,
        waves=builders.waves(2),
        current_wave_total_wait_time=60,
        wave_completed=True,
    )

    execution_state.prepare_wave(state, 1)

    assert changes(state) == {
        "current_wave_number": 1,
        "wave_results": [first],
    }


def changes(state: dict[str, Any]) -> dict[str, Any]:
    """Return what differs from a state that has just begun."""
    fresh = builders.state(waves=state["waves"])
    return {key: value for key, value in state.items() if fresh[key] != value}
