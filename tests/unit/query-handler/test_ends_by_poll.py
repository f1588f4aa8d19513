"""Polls of executions that are to be cancelled, or have ended."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import pass_on, refuse
from tests.unit.polled_waves import LAUNCHED, State, begun

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def ended_at(state: State, **changes: Any) -> State:
    """Return what every end leaves in the state."""
    return state | {"wave_completed": True} | changes


@pytest.mark.parametrize("job_id", [builders.JOB_ID, None])
def test_execution_is_cancelled_when_a_person_asked_for_it(
    world: "OutsideWorld", lambdas: "Lambdas", job_id: str | None
) -> None:
    result = builders.wave_result()
    world.put_execution(status="CANCELLING", waves=[result])
    given = builders.polled_state(result, job_id=job_id)

    state = lambdas.poll(given)

    cancelled = result | {"status": "CANCELLED", "endTime": builders.NOW}
    assert state == given | {
        "all_waves_completed": True,
        "wave_completed": True,
        "status": "cancelled",
        "status_reason": "Execution cancelled by user",
        "wave_results": [cancelled],
        "end_time": builders.NOW,
        "duration_seconds": 0,
    }
    item = world.execution()
    assert (item["status"], item["endTime"]) == ("CANCELLED", builders.NOW)
    assert item["waves"] == [cancelled]
    assert "errorMessage" not in item
    assert world.asked("drs.DescribeJobs") == []


def test_wave_that_ended_keeps_its_end_when_the_execution_is_cancelled(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    result = builders.completed_result()
    world.put_execution(status="CANCELLING", waves=[result])

    state = lambdas.poll(builders.polled_state(result))

    assert state["wave_results"] == [result]
    assert world.execution()["waves"] == [result]


def test_wave_is_ended_when_its_end_time_is_null(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    result = builders.wave_result(endTime=None)
    world.put_execution(status="CANCELLING", waves=[result])

    state = lambdas.poll(builders.polled_state(result))

    assert state["wave_results"][0]["status"] == "CANCELLED"
    assert world.execution()["waves"][0]["endTime"] == builders.NOW


def test_polling_goes_on_when_the_status_cannot_be_read(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.disturb("dynamodb.GetItem", refuse("AccessDenied"))

    state = lambdas.poll(given)

    assert (state["status"], state["wave_completed"]) == ("running", False)
    assert "status could not be read" in caplog.text
    assert len(world.asked("drs.DescribeJobs")) == 1


@pytest.mark.parametrize("recorded", ["COMPLETED", "FAILED", "CANCELLED"])
def test_nothing_is_asked_or_written_when_the_execution_has_ended(
    world: "OutsideWorld", lambdas: "Lambdas", recorded: str
) -> None:
    result = builders.wave_result()
    world.put_execution(
        status=recorded, endTime=builders.NOW - 1, waves=[result]
    )
    before = world.execution()

    state = lambdas.poll(builders.polled_state(result))

    assert state["status"] == recorded.lower()
    assert state["end_time"] == builders.NOW - 1
    assert state["duration_seconds"] == 0
    assert world.execution() == before
    assert world.asked("drs.DescribeJobs") == []


def test_execution_goes_on_when_the_current_wave_has_no_job(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.put_group(sourceServerIds=[server_id])
    world.put_execution(status="RUNNING")

    state = lambdas.poll(builders.state(waves=builders.waves(2)))

    assert state["current_wave_number"] == 1
    assert [state["job_id"]] == world.jobs()


def test_nothing_is_started_when_the_wave_has_no_job_and_the_plan_stopped(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="PAUSED")
    given = builders.state(
        waves=builders.waves(2), status="paused", paused_before_wave=1
    )

    assert lambdas.poll(given) == ended_at(given)
    assert world.execution()["status"] == "PAUSED"


@pytest.mark.parametrize("waves", [1, 2])
def test_execution_is_cancelled_when_the_wish_comes_during_the_poll(
    world: "OutsideWorld", lambdas: "Lambdas", waves: int
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id, waves=builders.waves(waves))
    world.sleep(LAUNCHED)
    world.meanwhile("drs.DescribeJobs", lambda: world.wish("CANCELLING"))

    state = lambdas.poll(given)

    assert (state["status"], state["completed_waves"]) == ("cancelled", 1)
    assert state["all_waves_completed"] is True
    assert state["duration_seconds"] == LAUNCHED
    assert state["wave_results"][0]["status"] == "COMPLETED"
    assert world.execution()["status"] == "CANCELLED"
    assert world.jobs() == [given["job_id"]]


def test_wish_to_cancel_is_obeyed_when_it_comes_just_before_the_end(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(LAUNCHED)
    cancel: Any = lambda request: world.wish("CANCELLING")  # noqa: E731
    # The end of the wave is written first, then that of the execution.
    world.disturb("dynamodb.UpdateItem", pass_on, cancel)

    state = lambdas.poll(given)

    assert state["status"] == "cancelled"
    assert state["status_reason"] == "Execution cancelled by user"
    assert world.execution()["status"] == "CANCELLED"
