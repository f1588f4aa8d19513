"""What a poll finds, and what becomes of the wave and its execution."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import (
    refuse,
    replace_body,
    say_nothing,
)

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

State = dict[str, Any]
# Later than any job of the emulator's Linux profile takes.
LAUNCHED = 1200


def begun(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    *servers: str,
    waves: list[Any] | None = None,
) -> State:
    """Start the first wave with some servers and return the state."""
    world.put_group(sourceServerIds=list(servers))
    world.put_execution(status="RUNNING")
    state = lambdas.start(builders.state(waves=waves or builders.waves(1)))
    world.calls.clear()
    return state


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


@pytest.mark.parametrize(("waited", "ends"), [(60, True), (59, False)])
def test_wave_times_out_when_the_longest_wait_is_reached(
    world: "OutsideWorld", lambdas: "Lambdas", waited: int, ends: bool
) -> None:
    started = begun(world, lambdas, world.add_server())
    limits = {
        "current_wave_total_wait_time": waited - 30,
        "current_wave_max_wait_time": 60,
    }

    state = lambdas.poll(started | limits)

    assert state["current_wave_total_wait_time"] == waited
    assert (state["status"] == "timeout") is ends
    if ends:
        assert state["error"] == "Wave timed out after 60s"
        assert state["status_reason"] == state["error"]
        assert state["error_code"] == "WAVE_TIMEOUT"
        assert state["wave_completed"] is True
        assert state["end_time"] == builders.NOW
        item = world.execution()
        assert item["status"] == "TIMEOUT"
        assert item["errorMessage"] == "Wave timed out after 60s"
        assert item["waves"][0]["status"] == "TIMEOUT"
        assert item["waves"][0]["endTime"] == item["endTime"] == builders.NOW


def test_wave_fails_when_its_job_is_not_found(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.add_server()
    result = builders.wave_result()
    world.put_execution(status="POLLING", waves=[result])

    state = lambdas.poll(builders.polled_state(result))

    error = f"Job {builders.JOB_ID} not found"
    failed = result | {"status": "FAILED", "endTime": builders.NOW}
    assert (state["status"], state["error"]) == ("failed", error)
    assert state["error_code"] == "WAVE_POLL_FAILED"
    assert state["failed_waves"] == 1
    assert state["wave_results"] == [failed]
    item = world.execution()
    assert (item["status"], item["errorMessage"]) == ("FAILED", error)
    assert item["waves"] == [failed]


@pytest.mark.parametrize(
    "mishap",
    [
        refuse("ThrottlingException", 429),
        refuse("InternalServerException", 500),
        refuse("ServiceUnavailable", 503),
        say_nothing,
    ],
    ids=["throttled", "500", "503", "timeout"],
)
def test_wave_stays_in_progress_when_aws_has_a_bad_minute(
    world: "OutsideWorld", lambdas: "Lambdas", mishap: Any, caplog: Any
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.disturb("drs.DescribeJobs", *[mishap] * 5)
    before = world.execution()

    state = lambdas.poll(given)

    assert state == given | {"current_wave_total_wait_time": 30}
    assert world.execution() == before
    assert world.mishaps_left("drs.DescribeJobs") == 0
    assert "polled again later" in caplog.text


def test_wave_fails_when_drs_refuses_the_poll(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.disturb("drs.DescribeJobs", refuse("AccessDeniedException", 403))

    state = lambdas.poll(given)

    assert state["status"] == "failed"
    assert "AccessDeniedException" in state["error"]
    assert world.execution()["status"] == "FAILED"


@pytest.mark.parametrize("status", ["PENDING", "STARTED", None])
def test_wave_is_in_progress_when_its_job_has_no_servers_yet(
    world: "OutsideWorld", lambdas: "Lambdas", status: str | None
) -> None:
    result = builders.wave_result()
    world.put_execution(status="POLLING", waves=[result])
    given = builders.polled_state(result)
    job = {"jobID": builders.JOB_ID, "status": status}
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    assert state == given | {"current_wave_total_wait_time": 30}


def test_wave_fails_when_its_job_ends_without_servers(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    result = builders.wave_result()
    world.put_execution(status="POLLING", waves=[result])
    job = {"jobID": builders.JOB_ID, "status": "COMPLETED"}
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(builders.polled_state(result))

    error = "DRS job completed but no participating servers"
    assert (state["status"], state["error"]) == ("failed", error)
    assert state["error_code"] == "WAVE_LAUNCH_FAILED"
    assert world.execution()["errorMessage"] == error


def test_wave_fails_when_its_job_launched_nothing(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a", fail_at="snapshot")]
    given = begun(world, lambdas, *servers)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    error = "DRS job completed but no recovery instances created"
    assert (state["status"], state["error"]) == ("failed", error)
    assert state["wave_completed"] is True
    assert world.asked("drs.DescribeJobLogItems") == []


def test_wave_fails_at_once_when_a_server_fails(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    good, bad = world.add_server("a"), world.add_server("b")
    given = begun(world, lambdas, good, bad, waves=builders.waves(2))
    world.drs.get_launch_configuration(sourceServerID=bad)
    statuses = [(good, "IN_PROGRESS"), (bad, "FAILED")]
    world.disturb("drs.DescribeJobs", show(given["job_id"], *statuses))

    state = lambdas.poll(given)

    error = "1 servers failed to launch"
    assert (state["status"], state["error"]) == ("failed", error)
    assert state["error_code"] == "WAVE_LAUNCH_FAILED"
    assert state["status_reason"] == f"Wave 0 failed: {error}"
    assert (state["failed_waves"], state["completed_waves"]) == (1, 0)
    assert state["wave_completed"] is True
    (result,) = state["wave_results"]
    assert (result["status"], result["endTime"]) == ("FAILED", builders.NOW)
    assert world.execution()["waves"] == [result]
    assert len(world.jobs()) == 1
    # The wave is over: nobody looks how far its job has come.
    assert world.asked("drs.DescribeJobLogItems") == []


def show(
    job_id: str, *statuses: tuple[str, str], job_status: str = "STARTED"
) -> Any:
    """Answer with a job whose servers have some launch statuses."""
    servers = [
        {"sourceServerID": server_id, "launchStatus": status}
        for server_id, status in statuses
    ]
    job = {
        "jobID": job_id,
        "status": job_status,
        "participatingServers": servers,
    }
    return replace_body({"items": [job]})


def test_terminated_server_counts_as_failed(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    given = begun(world, lambdas, *servers)
    statuses = [(servers[0], "TERMINATED"), (servers[1], "FAILED")]
    world.disturb("drs.DescribeJobs", show(given["job_id"], *statuses))

    assert lambdas.poll(given)["error"] == "2 servers failed to launch"


@pytest.mark.parametrize(
    "left", ["PENDING", "IN_PROGRESS", "FAILED", "TERMINATED"]
)
def test_server_counts_as_failed_when_its_job_ended_without_it(
    world: "OutsideWorld", lambdas: "Lambdas", left: str
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    given = begun(world, lambdas, *servers)
    statuses = [(servers[0], "LAUNCHED"), (servers[1], left)]
    over = show(given["job_id"], *statuses, job_status="COMPLETED")
    world.disturb("drs.DescribeJobs", over)

    state = lambdas.poll(given)

    assert state["status"] == "failed"
    assert state["error"] == "1 servers failed to launch"


def test_unknown_launch_status_counts_as_in_progress_and_is_logged(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id)
    unknown = show(given["job_id"], (server_id, "DREAMING"))
    world.disturb("drs.DescribeJobs", unknown)

    state = lambdas.poll(given)

    assert (state["status"], state["wave_completed"]) == ("running", False)
    (server,) = state["wave_results"][0]["serverStatuses"]
    assert server["launchStatus"] == "DREAMING"
    assert f"Server {server_id}: launch status DREAMING is not known" in (
        caplog.text
    )


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


def test_next_wave_starts_in_the_same_poll_when_a_wave_has_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    waves = [
        builders.wave(0, serverIds=[first]),
        builders.wave(1, serverIds=[second]),
    ]
    given = begun(world, lambdas, first, waves=waves)
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
    pass_on: Any = lambda request: None  # noqa: E731
    cancel: Any = lambda request: world.wish("CANCELLING")  # noqa: E731
    # The end of the wave is written first, then the pause.
    world.disturb("dynamodb.UpdateItem", pass_on, cancel)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == (
        "cancelled",
        None,
    )
    assert world.execution()["status"] == "CANCELLED"


def test_execution_pauses_when_the_waiting_wave_is_recorded_already(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    given = begun(world, lambdas, world.add_server(), waves=waves)
    recorded = [*given["wave_results"], builders.wave_result(1)]
    world.put_execution(status="POLLING", waves=recorded)
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert (state["status"], state["paused_before_wave"]) == ("paused", 1)
    assert world.execution()["status"] == "POLLING"


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
    pass_on: Any = lambda request: None  # noqa: E731
    cancel: Any = lambda request: world.wish("CANCELLING")  # noqa: E731
    # The end of the wave is written first, then that of the execution.
    world.disturb("dynamodb.UpdateItem", pass_on, cancel)

    state = lambdas.poll(given)

    assert state["status"] == "cancelled"
    assert state["status_reason"] == "Execution cancelled by user"
    assert world.execution()["status"] == "CANCELLED"


def test_step_is_to_be_repeated_when_the_end_of_a_wave_is_not_recorded(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(LAUNCHED)
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    with pytest.raises(Exception, match="could not be written") as caught:
        lambdas.poll(given)
    again = lambdas.poll(given)

    assert type(caught.value).__name__ == "ExecutionHistoryError"
    assert again["status"] == "completed"
    assert len(again["recovery_instance_ids"]) == 1


def test_same_state_results_when_a_poll_is_delivered_twice(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    waves = [
        builders.wave(0, serverIds=[first]),
        builders.wave(1, serverIds=[second]),
    ]
    given = begun(world, lambdas, first, waves=waves)
    world.sleep(LAUNCHED)

    once, twice = lambdas.poll(given), lambdas.poll(given)

    assert twice == once
    assert len(world.jobs()) == 2


def test_servers_are_polled_in_the_target_account_when_it_is_foreign(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server(account=builders.TARGET)
    world.put_group(sourceServerIds=[server_id])
    world.put_execution()
    context = builders.foreign_account()
    given = lambdas.start(builders.state(accountContext=context))
    world.sleep(LAUNCHED)

    state = lambdas.poll(given)

    assert state["status"] == "completed"
    assert len(state["recovery_instance_ips"]) == 1


@pytest.mark.parametrize("at", [0, LAUNCHED])
def test_state_may_lack_whatever_its_contract_lets_be_missing(
    world: "OutsideWorld", lambdas: "Lambdas", at: int
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id)
    for key in (
        "plan_name",
        "accountContext",
        "total_waves",
        "status_reason",
        "error",
        "error_code",
        "paused_before_wave",
        "end_time",
        "duration_seconds",
    ):
        del given[key]
    given["wave_results"] = [
        {
            "waveNumber": 0,
            "waveName": "Tier 0",
            "status": "STARTED",
            "jobId": given["job_id"],
            "serverIds": [server_id],
            "serverStatuses": [
                {"sourceServerId": server_id, "launchStatus": "PENDING"}
            ],
        }
    ]
    world.sleep(at)

    state = lambdas.poll(given)

    assert state["status"] == ("completed" if at else "running")
    assert len(state["recovery_instance_ips"]) == (1 if at else 0)


def test_details_may_be_unknown_when_a_wave_with_a_short_record_launches(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id)
    short = {"sourceServerId": server_id, "launchStatus": "PENDING"}
    given["wave_results"][0]["serverStatuses"] = [short]
    world.sleep(LAUNCHED)
    world.disturb(
        "drs.DescribeRecoveryInstances", refuse("AccessDeniedException", 403)
    )

    state = lambdas.poll(given)

    assert state["status"] == "completed"
    assert state["recovery_instance_ids"] == []
