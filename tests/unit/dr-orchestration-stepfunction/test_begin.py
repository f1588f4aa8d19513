"""An execution begins, and its first wave with it."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def begin(*waves: dict[str, Any], **changes: Any) -> dict[str, Any]:
    plan = builders.plan(waves=list(waves) or builders.waves(1))
    return builders.begin_event(plan=plan, **changes)


def test_first_wave_starts_when_an_execution_begins(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.put_group(sourceServerIds=[server_id])
    world.put_execution()

    state = lambdas.handle(begin())

    (job_id,) = world.jobs()
    result = builders.wave_result(jobId=job_id, serverIds=[server_id])
    assert state == builders.state(
        job_id=job_id,
        region=builders.REGION,
        server_ids=[server_id],
        wave_results=[result],
    )
    assert world.execution()["status"] == "POLLING"
    assert world.execution()["waves"] == [result]


def test_first_wave_starts_when_it_asks_for_a_pause_before_it(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()

    state = lambdas.handle(begin(builders.wave(pauseBeforeWave=True)))

    assert [state["job_id"]] == world.jobs()


def test_execution_completes_at_once_when_its_plan_has_no_waves(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution()

    state = lambdas.handle(
        builders.begin_event(plan={"planId": builders.PLAN_ID})
    )

    assert (state["status"], state["all_waves_completed"]) == (
        "completed",
        True,
    )
    item = world.execution()
    assert (item["status"], item["endTime"]) == ("COMPLETED", builders.NOW)


def test_execution_goes_on_when_running_cannot_be_recorded(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    state = lambdas.handle(begin())

    assert [state["job_id"]] == world.jobs()
    assert "history could not be written" in caplog.text


def test_execution_goes_on_when_it_has_no_history(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])

    state = lambdas.handle(begin())

    assert [state["job_id"]] == world.jobs()
    assert world.execution() == {}


@pytest.mark.parametrize(
    ("status", "recorded"),
    [
        ("PENDING", "POLLING"),
        ("RUNNING", "POLLING"),
        ("POLLING", "POLLING"),
        ("PAUSED", "PAUSED"),
        ("PAUSE_PENDING", "PAUSE_PENDING"),
    ],
)
def test_wave_starts_and_a_wish_to_pause_stays_when_an_execution_begins(
    world: "OutsideWorld", lambdas: "Lambdas", status: str, recorded: str
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status=status)

    state = lambdas.handle(begin())

    assert [state["job_id"]] == world.jobs()
    assert world.execution()["status"] == recorded


def test_nothing_starts_when_a_person_cancelled_before_the_begin(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="CANCELLING")

    state = lambdas.handle(begin())

    assert (state["status"], state["all_waves_completed"]) == (
        "cancelled",
        True,
    )
    assert world.execution()["status"] == "CANCELLED"
    assert world.execution()["waves"] == []
    assert world.jobs() == []
    assert world.asked("lambda.Invoke") == []


@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        ("COMPLETED", "completed"),
        ("FAILED", "failed"),
        ("TIMEOUT", "timeout"),
        ("CANCELLED", "cancelled"),
        ("PARTIAL", "failed"),
    ],
)
def test_nothing_starts_when_a_begin_comes_after_the_end(
    world: "OutsideWorld", lambdas: "Lambdas", recorded: str, status: str
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status=recorded, endTime=builders.NOW - 60)
    before = world.execution()

    state = lambdas.handle(begin())

    assert state["status"] == status
    assert (state["end_time"], state["duration_seconds"]) == (
        builders.NOW - 60,
        0,
    )
    assert world.execution() == before
    assert world.jobs() == []
    assert world.asked("lambda.Invoke") == []


def test_same_state_results_when_a_begin_is_delivered_twice(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()

    once, twice = lambdas.handle(begin()), lambdas.handle(begin())

    assert twice == once
    assert len(world.jobs()) == 1


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({}, "UnknownActionError"),
        (None, "UnknownActionError"),
        ({"action": "start_wave_recovery"}, "UnknownActionError"),
        ({"action": ["begin"]}, "UnknownActionError"),
        ({"action": "begin"}, "ContractViolationError"),
        (builders.begin_event(isDrill="yes"), "ContractViolationError"),
        (
            {"action": "update_wave_status", "application": {}},
            "ContractViolationError",
        ),
        (
            {"action": "resume_wave", "application": builders.state()},
            "ContractViolationError",
        ),
    ],
)
def test_event_is_refused_and_nothing_is_done_when_it_is_not_valid(
    world: "OutsideWorld", lambdas: "Lambdas", event: Any, error: str
) -> None:
    with pytest.raises(Exception) as caught:
        lambdas.handle(event)

    assert type(caught.value).__name__ == error
    assert world.calls == []


def test_history_is_read_only_by_the_start_when_a_begin_was_recorded(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()

    lambdas.handle(begin())

    read = [asked["Key"] for asked in world.asked("dynamodb.GetItem")]
    assert len([key for key in read if "executionId" in key]) == 1


@pytest.mark.parametrize("wrapped", [True, False])
def test_unknown_keys_pass_when_a_wave_is_polled(
    world: "OutsideWorld", lambdas: "Lambdas", wrapped: bool
) -> None:
    server_id = world.add_server()
    world.put_group(sourceServerIds=[server_id])
    world.put_execution()
    given = lambdas.handle(begin()) | {"ticket": "INC-7"}
    event = {"action": "update_wave_status"}

    state = lambdas.handle(
        event | ({"application": given} if wrapped else given)
    )

    assert state == given | {"current_wave_total_wait_time": 30}
