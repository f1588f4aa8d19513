"""What a poll does once a wave has launched: next wave, pause or end."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import pass_on, refuse
from tests.unit.polled_waves import LAUNCHED, begun, waves_of

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def test_plan_completes_when_its_last_wave_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    given = begun(world, lambdas, *servers)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    end = builders.NOW + LAUNCHED
    (result,) = state["wave_results"]
    details = result["serverStatuses"]
    assert state == given | {
        "wave_results": [result],
        "wave_completed": True,
        "all_waves_completed": True,
        "completed_waves": 1,
        "current_wave_total_wait_time": 30,
        "recovery_instance_ids": [each["instanceId"] for each in details],
        "recovery_instance_ips": [each["privateIp"] for each in details],
        "status": "completed",
        "status_reason": "All waves completed successfully",
        "end_time": end,
        "duration_seconds": LAUNCHED,
    }
    assert all(state["recovery_instance_ips"])
    assert (result["status"], result["endTime"]) == ("COMPLETED", end)
    item = world.execution()
    assert (item["status"], item["endTime"]) == ("COMPLETED", end)
    assert item["waves"] == [result]


def test_polls_stay_as_they_are_when_a_long_wave_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(9 * 3600)

    state = lambdas.poll(given)

    assert (state["status"], state["wave_completed"]) == ("completed", True)
    assert state["current_wave_update_time"] == 30


def test_polls_stay_as_they_are_when_the_plan_goes_on_after_a_long_wave(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    world.sleep(9 * 3600)

    state = lambdas.poll(given)

    assert (state["status"], state["current_wave_update_time"]) == (
        "paused",
        30,
    )


def test_next_wave_starts_in_the_same_poll_when_a_wave_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    given = begun(world, lambdas, first, waves=waves_of(first, second))
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert state["current_wave_number"] == 1
    assert world.jobs() == [given["job_id"], state["job_id"]]
    assert state["current_wave_total_wait_time"] == 0
    assert (state["completed_waves"], state["wave_completed"]) == (1, False)
    assert len(state["recovery_instance_ids"]) == 1
    statuses = [each["status"] for each in state["wave_results"]]
    assert statuses == ["COMPLETED", "STARTED"]
    assert world.execution()["waves"] == state["wave_results"]
    assert world.execution()["drsJobId"] == state["job_id"]


def test_ids_of_earlier_waves_stay_when_a_later_one_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id)
    given["recovery_instance_ids"] = ["i-0a1b2c3d4e5f60718"]
    given["recovery_instance_ips"] = ["10.0.0.7"]
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert state["recovery_instance_ids"][0] == "i-0a1b2c3d4e5f60718"
    assert state["recovery_instance_ips"][0] == "10.0.0.7"
    assert len(state["recovery_instance_ids"]) == 2


def test_every_wave_counts_when_a_later_one_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = [*builders.waves(2), builders.wave(2, pauseBeforeWave=True)]
    first = builders.completed_result(0)
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING", waves=[first])
    given = builders.polled_state(first, waves=waves, completed_waves=1)
    started = lambdas.start(given, 1)
    world.sleep(LAUNCHED)

    state = lambdas.poll(started)

    assert (state["status"], state["paused_before_wave"]) == ("paused", 2)
    assert state["completed_waves"] == 2


def test_wave_is_in_progress_again_when_the_state_called_it_completed(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())

    state = lambdas.poll(given | {"wave_completed": True})

    assert (state["status"], state["wave_completed"]) == ("running", False)


@pytest.mark.parametrize("asked", ["plan", "person"])
def test_execution_pauses_when_the_next_wave_is_to_wait(
    world: "OutsideWorld", lambdas: "Lambdas", asked: str
) -> None:
    pause = asked == "plan"
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=pause)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    if asked == "person":
        world.wish("PAUSE_PENDING")
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == ("paused", 1)
    assert (state["completed_waves"], state["wave_completed"]) == (1, True)
    assert state["end_time"] is None
    item = world.execution()
    assert (item["status"], item["pausedBeforeWave"]) == ("PAUSED", 1)
    assert world.jobs() == [given["job_id"]]


@pytest.mark.parametrize(("gate", "pauses"), [(1, True), (2, False)])
def test_pause_is_answered_again_when_it_was_recorded_before_that_wave(
    world: "OutsideWorld", lambdas: "Lambdas", gate: int, pauses: bool
) -> None:
    waves = builders.waves(3)
    given = begun(world, lambdas, world.add_server(), waves=waves)
    world.put_execution(
        status="PAUSED", pausedBeforeWave=gate, waves=given["wave_results"]
    )
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"] == "paused") is pauses
    assert len(world.jobs()) == (1 if pauses else 2)


def test_wish_to_cancel_is_obeyed_when_it_comes_just_before_the_pause(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    world.sleep(LAUNCHED)
    cancel: Any = lambda request: world.wish("CANCELLING")  # noqa: E731
    # The end of the wave is written first, then the pause.
    world.disturb("dynamodb.UpdateItem", pass_on, cancel)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == (
        "cancelled",
        None,
    )
    assert world.execution()["status"] == "CANCELLED"
    # Nobody was asked to start the next one.
    assert state["current_wave_number"] == 0
    assert world.asked("lambda.Invoke") == []


def test_end_is_written_once_when_a_person_cancels_as_the_wave_launches(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(LAUNCHED)
    world.meanwhile("dynamodb.UpdateItem", lambda: world.wish("CANCELLING"))

    state = lambdas.poll(given)

    assert (state["status"], state["completed_waves"]) == ("cancelled", 1)
    assert "not written over" not in caplog.text


@pytest.mark.parametrize("asked", ["plan", "person"])
def test_wave_behind_a_pause_is_adopted_when_it_has_started_already(
    world: "OutsideWorld", lambdas: "Lambdas", asked: str
) -> None:
    gate = {"pauseBeforeWave": True} if asked == "plan" else {}
    waves = [builders.wave(0), builders.wave(1, **gate)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    second = builders.wave_result(1)
    recorded = [*given["wave_results"], second]
    status = "POLLING" if asked == "plan" else "PAUSE_PENDING"
    world.put_execution(status=status, waves=recorded)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == ("running", None)
    assert state["job_id"] == second["jobId"]
    assert state["current_wave_number"] == 1
    # A person's wish stands, and holds for the wave after this one.
    assert world.execution()["status"] == status


@pytest.mark.parametrize("asked", ["plan", "person"])
def test_late_poll_of_the_gate_finds_the_wave_behind_it(
    world: "OutsideWorld", lambdas: "Lambdas", asked: str
) -> None:
    waits = builders.wave(1, pauseBeforeWave=asked == "plan")
    waves = [builders.wave(0), waits]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    if asked == "person":
        world.wish("PAUSE_PENDING")
    world.sleep(LAUNCHED)
    at_gate = lambdas.poll(given)
    assert at_gate["status"] == "paused"
    done = at_gate["wave_results"]
    started = builders.wave_result(1)
    world.put_execution(status="POLLING", waves=[*done, started])

    state = lambdas.poll(at_gate)

    assert (state["status"], state["paused_before_wave"]) == ("running", None)
    assert (state["job_id"], state["wave_completed"]) == (
        started["jobId"],
        False,
    )


def test_pause_holds_for_the_next_wave_when_an_empty_one_was_passed_over(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = builders.waves(3)
    given = begun(world, lambdas, world.add_server(), waves=waves)
    empty = builders.wave_result(
        1, jobId=None, serverIds=[], serverStatuses=[], status="COMPLETED"
    )
    recorded = [*given["wave_results"], empty]
    world.put_execution(status="PAUSE_PENDING", waves=recorded)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == ("paused", 2)
    assert world.execution()["status"] == "PAUSED"


def test_execution_pauses_when_the_waiting_wave_is_only_listed(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    listed = {"waveNumber": 1, "serverIds": [], "serverStatuses": []}
    recorded = [*given["wave_results"], listed]
    world.put_execution(status="POLLING", waves=recorded)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == ("paused", 1)


@pytest.mark.parametrize("reads", [1, 2])
def test_step_is_repeated_when_nobody_knows_whether_to_pause(
    world: "OutsideWorld", lambdas: "Lambdas", reads: int
) -> None:
    waves = builders.waves(2)
    given = begun(world, lambdas, world.add_server(), waves=waves)
    world.wish("PAUSE_PENDING")
    world.sleep(LAUNCHED)
    # The first read sees whether to go on with the poll.
    unread = [refuse("AccessDeniedException")] * reads
    world.disturb("dynamodb.GetItem", *[pass_on] * (2 - reads), *unread)

    with pytest.raises(Exception, match="could not be read") as caught:
        lambdas.poll(given)
    again = lambdas.poll(given)

    assert type(caught.value).__name__ == "ExecutionHistoryError"
    assert (again["status"], again["paused_before_wave"]) == ("paused", 1)
    assert len(world.jobs()) == 1


def test_plan_completes_when_a_pause_is_asked_for_after_the_last_wave(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.wish("PAUSE_PENDING")
    world.sleep(LAUNCHED)

    assert lambdas.poll(given)["status"] == "completed"
    assert world.execution()["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("pause", "reads"), [(True, 2), (False, 2)], ids=["paused", "completed"]
)
def test_history_is_read_no_more_than_is_needed_when_a_wave_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas", pause: bool, reads: int
) -> None:
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    waves = waves if pause else waves[:1]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    world.sleep(LAUNCHED)

    lambdas.poll(given)

    assert len(world.asked("dynamodb.GetItem")) == reads
