"""What the start of a wave leaves in the state and in the history."""

from typing import TYPE_CHECKING, Any

import pytest

from harness import drs
from tests import builders
from tests.unit.outside_world import refuse, replace_body

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def failure(state: dict[str, Any], error: str) -> dict[str, Any]:
    """Return a state that ended at once because a wave did not start."""
    number = state["current_wave_number"]
    return state | {
        "wave_completed": True,
        "status": "failed",
        "failed_waves": state["failed_waves"] + 1,
        "error": error,
        "error_code": "WAVE_START_FAILED",
        "status_reason": f"Wave {number} failed to start: {error}",
        "end_time": builders.NOW,
        "duration_seconds": 0,
    }


def test_state_and_history_hold_the_job_when_a_wave_starts(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    world.put_group(sourceServerIds=servers)
    world.put_execution(status="RUNNING")
    given = builders.state(
        current_wave_total_wait_time=60, wave_completed=True, ticket="INC-7"
    )

    state = lambdas.start(given)

    (job_id,) = world.jobs()
    result = builders.wave_result(jobId=job_id, serverIds=servers)
    assert state == given | {
        "job_id": job_id,
        "region": builders.REGION,
        "server_ids": servers,
        "wave_completed": False,
        "current_wave_total_wait_time": 0,
        "wave_results": [result],
    }
    assert world.asked("drs.StartRecovery") == [
        {
            "isDrill": True,
            "sourceServers": [{"sourceServerID": each} for each in servers],
        }
    ]
    item = world.execution()
    assert item["waves"] == [result]
    assert (item["drsJobId"], item["drsRegion"]) == (job_id, builders.REGION)
    assert item["status"] == "POLLING"


def test_recovery_is_started_when_it_is_no_drill(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])

    lambdas.start(builders.state(is_drill=False))

    (request,) = world.asked("drs.StartRecovery")
    assert request["isDrill"] is False


def test_servers_of_the_tags_win_over_those_that_are_named(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    tagged = world.add_server("tagged", tags={"tier": "DB"})
    other = world.add_server("other")
    world.put_group(
        serverSelectionTags={"Tier": "db"}, sourceServerIds=[other]
    )

    state = lambdas.start(
        builders.state(waves=[builders.wave(serverIds=[other])])
    )

    assert state["server_ids"] == [tagged]


def test_server_is_recovered_once_when_drs_lists_it_on_two_pages(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    tagged = world.add_server("tagged", tags={"tier": "DB"})
    listed = {"sourceServerID": tagged, "tags": {"tier": "DB"}}
    first = replace_body({"items": [listed], "nextToken": "more"})
    second = replace_body({"items": [listed]})
    world.disturb("drs.DescribeSourceServers", first, second)
    world.put_group(serverSelectionTags={"Tier": "db"})

    state = lambdas.start(builders.state())

    assert state["server_ids"] == [tagged]
    assert len(world.asked("drs.DescribeSourceServers")) == 2


@pytest.mark.parametrize("named", ["wave", "group"])
def test_servers_of_the_wave_win_over_the_group_s(
    world: "OutsideWorld", lambdas: "Lambdas", named: str
) -> None:
    servers = {name: world.add_server(name) for name in ("wave", "group")}
    world.put_group(sourceServerIds=[servers["group"]])
    of_wave = [servers["wave"]] if named == "wave" else []

    state = lambdas.start(
        builders.state(waves=[builders.wave(serverIds=of_wave)])
    )

    assert state["server_ids"] == [servers[named]]


def test_server_is_recovered_once_when_it_is_named_twice(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    world.put_group(sourceServerIds=[second, first, second])

    state = lambdas.start(builders.state())

    assert state["server_ids"] == [second, first]
    assert len(world.jobs()) == 1


@pytest.mark.parametrize("region", ["", None])
def test_region_is_the_default_when_the_group_names_none(
    world: "OutsideWorld", lambdas: "Lambdas", region: str | None
) -> None:
    world.put_group(region=region, sourceServerIds=[world.add_server()])

    assert lambdas.start(builders.state())["region"] == "us-east-1"


def test_servers_are_recovered_in_the_region_that_the_group_names(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    elsewhere = drs.region(builders.HUB, "eu-west-1")
    elsewhere.initialize()
    server_id = elsewhere.add_source_server(drs.SourceServerSeed("web"))
    world.put_group(region="eu-west-1", sourceServerIds=[server_id])

    state = lambdas.start(builders.state())

    assert state["region"] == "eu-west-1"
    assert [state["job_id"]] == list(elsewhere.jobs)


def test_servers_are_recovered_in_the_target_account_when_it_is_foreign(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server(account=builders.TARGET)
    world.put_group(
        sourceServerIds=[server_id], launchConfig={"instanceType": "m5.large"}
    )
    world.put_execution()
    given = builders.state(accountContext=builders.foreign_account())

    state = lambdas.start(given)

    assert world.jobs(builders.TARGET) == [state["job_id"]]
    assert world.jobs() == []
    assert len(world.asked("ec2.CreateLaunchTemplateVersion")) == 1


def test_wave_fails_and_names_the_role_when_it_cannot_be_assumed(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    context = builders.foreign_account(assumeRoleName="")

    state = lambdas.start(builders.state(accountContext=context))

    assert "assumeRoleName" in state["error"]
    assert world.jobs() == []


@pytest.mark.parametrize("group_id", [None, ""])
def test_wave_fails_when_it_names_no_protection_group(
    world: "OutsideWorld", lambdas: "Lambdas", group_id: str | None
) -> None:
    world.put_execution(status="RUNNING")
    given = builders.state(waves=[builders.wave(protectionGroupId=group_id)])

    state = lambdas.start(given)

    assert state == failure(given, "No protectionGroupId in wave")
    item = world.execution()
    assert item["status"] == "FAILED"
    assert item["endTime"] == builders.NOW
    assert item["errorMessage"] == "No protectionGroupId in wave"
    assert item["waves"] == []


def test_wave_fails_when_its_protection_group_does_not_exist(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="RUNNING")

    state = lambdas.start(builders.state())

    error = f"Protection Group {builders.GROUP_ID} not found"
    assert state == failure(builders.state(), error)
    assert world.execution()["errorMessage"] == error


def test_end_of_earlier_waves_stays_when_a_later_one_fails_to_start(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first = builders.completed_result(0)
    world.put_execution(status="POLLING", waves=[first])
    given = builders.polled_state(first, waves=builders.waves(2))

    state = lambdas.start(given, 1)

    assert state["wave_results"] == [first]
    assert (state["job_id"], state["server_ids"]) == (None, [])
    assert world.execution()["waves"] == [first]


def test_servers_are_started_when_one_cannot_be_configured(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    world.put_group(sourceServerIds=servers, launchConfig={"copyTags": True})
    world.disturb(
        "drs.GetLaunchConfiguration", refuse("AccessDeniedException", 403)
    )

    state = lambdas.start(builders.state())

    assert state["server_ids"] == servers
    assert len(world.asked("drs.UpdateLaunchConfiguration")) == 1


def test_own_settings_of_a_server_apply_when_its_group_has_none(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    own = {"sourceServerId": server_id, "launchTemplate": {"copyTags": True}}
    world.put_group(sourceServerIds=[server_id], servers=[own])

    lambdas.start(builders.state())

    (update,) = world.asked("drs.UpdateLaunchConfiguration")
    assert update == {"sourceServerID": server_id, "copyTags": True}


def test_step_is_to_be_repeated_when_the_record_cannot_be_read(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING")
    world.disturb("dynamodb.GetItem", refuse("AccessDeniedException"))

    with pytest.raises(Exception, match="history could not be read") as error:
        lambdas.start(builders.state())

    assert type(error.value).__name__ == "ExecutionHistoryError"
    assert world.jobs() == []


def test_job_is_kept_in_the_state_when_the_history_cannot_be_written(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING")
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    state = lambdas.start(builders.state())

    assert [state["job_id"]] == world.jobs()
    assert state["status"] == "running"
    assert "history could not be written" in caplog.text


@pytest.mark.parametrize("status", ["PAUSE_PENDING", "CANCELLING", "FAILED"])
def test_job_is_recorded_and_the_status_kept_when_a_person_wrote_meanwhile(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING")
    world.meanwhile("drs.StartRecovery", lambda: world.wish(status))

    state = lambdas.start(builders.state())

    item = world.execution()
    assert item["status"] == status
    assert item["waves"][0]["jobId"] == item["drsJobId"] == state["job_id"]


def test_nothing_is_started_when_a_person_asked_to_cancel(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="CANCELLING")

    state = lambdas.start(builders.state())

    assert world.jobs() == []
    assert state["status"] == "cancelled"
    assert state["all_waves_completed"] is True
    assert world.execution()["status"] == "CANCELLED"
    assert world.execution()["endTime"] == builders.NOW


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
@pytest.mark.parametrize("waves", [[], [builders.wave_result()]])
def test_nothing_is_started_or_written_when_the_execution_has_ended(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    recorded: str,
    status: str,
    waves: list[Any],
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(
        status=recorded, endTime=builders.NOW - 60, waves=waves
    )
    before = world.execution()

    state = lambdas.start(builders.state())

    assert state["status"] == status
    assert state["end_time"] == builders.NOW - 60
    assert world.jobs() == []
    assert world.execution() == before


def test_launch_settings_are_not_read_when_the_group_has_none(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])

    lambdas.start(builders.state())

    assert world.asked("drs.GetLaunchConfiguration") == []


def test_history_is_read_once_when_a_start_comes_after_the_end(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="CANCELLED", endTime=builders.NOW)

    lambdas.start(builders.state())

    assert len(world.asked("dynamodb.GetItem")) == 1


def test_every_read_of_the_history_sees_what_was_just_written(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group()
    world.put_execution(status="RUNNING")

    lambdas.start(builders.state())

    reads = [
        asked.get("ConsistentRead")
        for asked in world.asked("dynamodb.GetItem")
        if "executionId" in asked["Key"]
    ]
    assert reads == [True, True]
