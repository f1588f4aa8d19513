"""A pause waits for a person; what the person wishes is obeyed."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

FIRST = builders.completed_result()
TERMINAL = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "PARTIAL")


def paused(**changes: Any) -> dict[str, Any]:
    """Build the state of an execution that waits before its wave 1."""
    waiting = {
        "waves": builders.waves(2),
        "completed_waves": 1,
        "wave_completed": True,
        "status": "paused",
        "paused_before_wave": 1,
    }
    return builders.polled_state(FIRST, **(waiting | changes))


def token_event(**changes: Any) -> dict[str, Any]:
    return {
        "action": "store_task_token",
        "application": paused(),
        "taskToken": builders.TASK_TOKEN,
    } | changes


def resume_event(**changes: Any) -> dict[str, Any]:
    return {"action": "resume_wave", "application": paused(**changes)}


def put_paused(world: "OutsideWorld", **changes: Any) -> None:
    gate = {
        "status": "PAUSED",
        "waves": [FIRST],
        "pausedBeforeWave": 1,
        "taskToken": builders.TASK_TOKEN,
    }
    world.put_execution(**(gate | changes))


@pytest.mark.parametrize(
    "status", ["PENDING", "RUNNING", "POLLING", "PAUSED", "PAUSE_PENDING"]
)
def test_token_and_gate_are_recorded_when_an_execution_pauses(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_execution(status=status, waves=[FIRST])

    state = lambdas.handle(token_event())

    assert state == paused()
    item = world.execution()
    assert item["status"] == "PAUSED"
    assert item["pausedBeforeWave"] == 1
    assert item["taskToken"] == builders.TASK_TOKEN


@pytest.mark.parametrize("token", ["", None])
def test_pause_is_refused_when_there_is_no_token(
    world: "OutsideWorld", lambdas: "Lambdas", token: str | None
) -> None:
    world.put_execution(status="PAUSED")
    before = world.execution()

    with pytest.raises(
        ValueError, match="^No task token provided for callback$"
    ):
        lambdas.handle(token_event(taskToken=token))

    assert world.execution() == before


def test_cancellation_is_raised_when_a_person_asked_before_the_pause(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="CANCELLING", waves=[FIRST])

    with pytest.raises(Exception, match="cancelled by user") as caught:
        lambdas.handle(token_event())

    assert type(caught.value).__name__ == "ExecutionCancelled"
    assert world.execution()["status"] == "CANCELLING"
    assert "taskToken" not in world.execution()


@pytest.mark.parametrize("status", TERMINAL)
def test_token_is_not_stored_when_the_execution_has_ended(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_execution(status=status, endTime=builders.NOW)
    before = world.execution()

    state = lambdas.handle(token_event())

    assert state["status"] != "paused"
    assert state["end_time"] == builders.NOW
    assert world.execution() == before


def test_step_is_to_be_repeated_when_the_token_cannot_be_stored(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    put_paused(world)
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    with pytest.raises(Exception, match="could not be written") as caught:
        lambdas.handle(token_event())

    assert type(caught.value).__name__ == "ExecutionHistoryError"
    assert builders.TASK_TOKEN not in str(caught.value)


def test_step_is_to_be_repeated_when_there_is_no_item_for_the_token(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    with pytest.raises(Exception, match="could not be stored") as caught:
        lambdas.handle(token_event())

    assert type(caught.value).__name__ == "ExecutionHistoryError"


def test_waiting_wave_starts_when_a_person_resumes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    put_paused(world)

    state = lambdas.handle(resume_event())

    assert [state["job_id"]] == world.jobs()
    assert state["current_wave_number"] == 1
    assert state["paused_before_wave"] is None
    assert (state["status"], state["wave_completed"]) == ("running", False)
    item = world.execution()
    assert item["status"] == "POLLING"
    assert item["waves"] == state["wave_results"]
    assert not {"taskToken", "pausedBeforeWave"} & item.keys()


def test_history_is_read_only_by_the_start_when_a_resume_was_recorded(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    put_paused(world)

    lambdas.handle(resume_event())

    read = [asked["Key"] for asked in world.asked("dynamodb.GetItem")]
    assert len([key for key in read if "executionId" in key]) == 1


def test_wish_to_pause_again_stays_when_a_person_resumes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    put_paused(world, status="PAUSE_PENDING")

    state = lambdas.handle(resume_event())

    assert [state["job_id"]] == world.jobs()
    assert world.execution()["status"] == "PAUSE_PENDING"
    assert "taskToken" not in world.execution()


def test_execution_is_cancelled_when_a_person_cancels_instead_of_resuming(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    put_paused(world, status="CANCELLING")

    state = lambdas.handle(resume_event())

    assert (state["status"], state["all_waves_completed"]) == (
        "cancelled",
        True,
    )
    item = world.execution()
    assert (item["status"], item["endTime"]) == ("CANCELLED", builders.NOW)
    assert item["waves"] == [FIRST]
    assert not {"taskToken", "pausedBeforeWave"} & item.keys()
    assert world.jobs() == []
    # No handler is even asked to start what was cancelled.
    assert world.asked("lambda.Invoke") == []


@pytest.mark.parametrize("status", TERMINAL)
def test_nothing_starts_when_a_resume_comes_after_the_end(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status=status, endTime=builders.NOW)
    before = world.execution()

    state = lambdas.handle(resume_event())

    assert state["end_time"] == builders.NOW
    assert world.execution() == before
    assert world.jobs() == []
    assert world.asked("lambda.Invoke") == []


def test_later_gate_stays_closed_when_a_resume_is_delivered_late(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    second = builders.completed_result(1)
    put_paused(world, waves=[FIRST, second], pausedBeforeWave=2)
    before = world.execution()

    state = lambdas.handle(resume_event(waves=builders.waves(3)))

    assert state["job_id"] == second["jobId"]
    assert world.execution() == before
    assert world.asked("drs.StartRecovery") == []


def test_same_state_results_when_a_resume_is_delivered_twice(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    put_paused(world)

    once = lambdas.handle(resume_event())
    twice = lambdas.handle(resume_event())

    assert twice == once
    assert len(world.jobs()) == 1


def test_resume_is_refused_when_the_plan_has_no_such_wave(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    put_paused(world, pausedBeforeWave=2)
    before = world.execution()

    with pytest.raises(Exception, match="Wave 2 is beyond") as caught:
        lambdas.handle(resume_event(paused_before_wave=2))

    assert type(caught.value).__name__ == "WaveNotInPlanError"
    assert world.execution() == before


def test_step_is_to_be_repeated_when_a_resume_cannot_be_recorded(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    put_paused(world)
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    with pytest.raises(Exception, match="could not be written") as caught:
        lambdas.handle(resume_event())

    assert type(caught.value).__name__ == "ExecutionHistoryError"
    assert world.jobs() == []


def test_event_is_left_alone_when_a_step_changes_the_state(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    put_paused(world)
    event = resume_event()

    lambdas.handle(event)

    assert event == resume_event()
