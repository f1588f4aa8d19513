"""A wave without servers is complete with nothing to do, and the plan goes on."""

from typing import TYPE_CHECKING

import pytest

from tests import builders

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def test_plan_completes_when_its_only_wave_has_no_servers(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.add_server(tags={"Tier": "web"})
    world.put_group(serverSelectionTags={"Tier": "nobody"})
    world.put_execution(status="RUNNING")

    state = lambdas.start(builders.state())

    empty = builders.completed_result(jobId=None, serverIds=[])
    assert state["wave_results"] == [empty]
    assert (state["status"], state["completed_waves"]) == ("completed", 1)
    assert (state["job_id"], state["server_ids"]) == (None, [])
    assert world.execution()["waves"] == [empty]
    assert world.execution()["status"] == "COMPLETED"
    assert world.jobs() == []


def test_state_has_the_same_keys_when_a_wave_has_no_servers(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group()
    world.put_execution()
    before = builders.state()

    assert lambdas.start(before).keys() == before.keys()


@pytest.mark.parametrize("named", [None, []])
def test_wave_has_no_servers_when_neither_it_nor_its_group_names_any(
    world: "OutsideWorld", lambdas: "Lambdas", named: list[str] | None
) -> None:
    world.put_group(sourceServerIds=named, serverSelectionTags=None)
    world.put_execution(status="RUNNING")
    waves = [builders.wave(serverIds=named)]

    state = lambdas.start(builders.state(waves=waves))

    assert (state["status"], state["server_ids"]) == ("completed", [])


def test_next_wave_starts_at_once_when_one_has_no_servers(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.put_group()
    world.put_execution(status="RUNNING")
    waves = [builders.wave(0), builders.wave(1, serverIds=[server_id])]

    state = lambdas.start(builders.state(waves=waves))

    assert state["current_wave_number"] == 1
    assert [state["job_id"]] == world.jobs()
    assert state["completed_waves"] == 1
    assert state["wave_completed"] is False
    assert world.execution()["waves"] == state["wave_results"]


def test_same_state_results_when_an_empty_wave_is_passed_over_again(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.put_group()
    world.put_execution(status="RUNNING")
    waves = [builders.wave(0), builders.wave(1, serverIds=[server_id])]
    first = lambdas.start(builders.state(waves=waves))

    again = lambdas.start(builders.state(waves=waves))

    assert again == first
    assert len(world.jobs()) == 1


def test_empty_wave_is_passed_over_when_its_record_names_no_job(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    record = builders.completed_result(serverIds=[])
    del record["jobId"]
    world.put_execution(status="RUNNING", waves=[record])

    state = lambdas.start(builders.state())

    assert state["status"] == "completed"
    assert state["wave_results"][0]["jobId"] is None


@pytest.mark.parametrize(
    ("status", "pause"), [("RUNNING", True), ("PAUSE_PENDING", False)]
)
def test_execution_pauses_when_the_wave_after_an_empty_one_waits(
    world: "OutsideWorld", lambdas: "Lambdas", status: str, pause: bool
) -> None:
    world.put_group()
    world.put_execution(status=status)
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=pause)]

    state = lambdas.start(builders.state(waves=waves))

    assert (state["status"], state["paused_before_wave"]) == ("paused", 1)
    assert world.execution()["status"] == "PAUSED"
    assert world.execution()["pausedBeforeWave"] == 1


def test_every_wave_counts_when_an_empty_one_follows_others(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    first = builders.completed_result(0)
    world.put_group()
    world.put_execution(status="RUNNING", waves=[first])
    waves = [*builders.waves(2), builders.wave(2, serverIds=[server_id])]
    given = builders.polled_state(first, waves=waves, completed_waves=1)

    state = lambdas.start(given, 1)

    assert (state["current_wave_number"], state["completed_waves"]) == (2, 2)
