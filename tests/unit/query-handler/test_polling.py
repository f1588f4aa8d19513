"""What a poll finds, and what becomes of the wave."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import refuse, replace_body, say_nothing
from tests.unit.polled_waves import LAUNCHED, begun, waves_of

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


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
    "left", ["PENDING", "IN_PROGRESS", "FAILED", "TERMINATED", "SKIPPED"]
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


def test_job_is_found_when_the_first_page_of_jobs_is_empty(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    empty = replace_body({"items": [], "nextToken": "more"})
    job = {"jobID": given["job_id"], "status": "PENDING"}
    second = replace_body({"items": [job]})
    world.disturb("drs.DescribeJobs", empty, second)

    state = lambdas.poll(given)

    assert (state["status"], state["job_id"]) == ("running", given["job_id"])


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
    given = begun(world, lambdas, first, waves=waves_of(first, second))
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
