"""A job found in DRS is the wave's own, or somebody else's."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from execution_handler import recovery_jobs
from tests import builders
from tests.unit.outside_world import (
    lose_answer,
    refuse,
    replace_body,
    say_nothing,
)

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

BUSY = "currently being processed by a Job"


def record_elsewhere(
    world: "OutsideWorld", job_id: str, **changes: Any
) -> None:
    result = builders.wave_result(jobId=job_id)
    world.put_execution(
        executionId="another-execution", waves=[result], **changes
    )


@pytest.mark.parametrize("kind", [{"type": "CREATE_CONVERTED_SNAPSHOT"}, {}])
def test_job_is_not_adopted_when_it_launches_nothing(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    server_id: str,
    kind: dict[str, str],
) -> None:
    job = {
        "jobID": builders.JOB_ID,
        "initiatedBy": "START_DRILL",
        "participatingServers": [{"sourceServerID": server_id}],
    }
    found = replace_body({"items": [job | kind]})
    world.disturb("drs.StartRecovery", refuse("ConflictException", 409))
    world.disturb("drs.DescribeJobs", found, found)

    assert lambdas.start(builders.state())["status"] == "failed"


def test_job_without_servers_is_passed_over_when_one_is_looked_for(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    drill = {"type": "LAUNCH", "initiatedBy": "START_DRILL"}
    other = {"jobID": "drsjob-1", **drill}
    own = {
        "jobID": builders.JOB_ID,
        "participatingServers": [{"sourceServerID": server_id}],
        **drill,
    }
    world.disturb("drs.StartRecovery", say_nothing)
    found = {"items": [other, own]}
    world.disturb("drs.DescribeJobs", replace_body(found))

    assert lambdas.start(builders.state())["job_id"] == builders.JOB_ID


def test_only_what_tells_whose_a_job_is_is_read_when_a_start_is_uncertain(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb("drs.StartRecovery", lose_answer)

    lambdas.start(builders.state())

    (asked,) = world.asked("dynamodb.Scan")
    assert {key: asked[key] for key in asked if key != "TableName"} == {
        "FilterExpression": (
            "attribute_not_exists(endTime) OR endTime >= :since"
        ),
        "ExpressionAttributeValues": {":since": {"N": str(builders.NOW)}},
        "ProjectionExpression": "executionId, waves",
        "ConsistentRead": True,
    }


def test_wave_that_never_started_claims_no_job(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    padded = {"waveNumber": 0, "serverIds": [], "serverStatuses": []}
    world.put_execution(executionId="another-execution", waves=[padded])
    world.disturb("drs.StartRecovery", lose_answer)

    assert [lambdas.start(builders.state())["job_id"]] == world.jobs()


def test_job_is_not_adopted_when_another_execution_has_recorded_it(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    record_elsewhere(world, world.start_job(server_id), status="POLLING")

    state = lambdas.start(builders.state())

    assert (state["status"], state["job_id"]) == ("failed", None)
    assert BUSY in state["error"]
    assert world.execution()["status"] == "FAILED"


def test_job_is_not_adopted_when_its_execution_ended_since_the_start(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    record_elsewhere(
        world,
        world.start_job(server_id),
        status="CANCELLED",
        endTime=builders.NOW,
    )

    assert lambdas.start(builders.state())["status"] == "failed"


def test_job_is_not_adopted_when_another_wave_has_it(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    first = builders.wave_result(jobId=world.start_job(server_id))
    state = builders.polled_state(first, waves=builders.waves(2))

    ended = lambdas.start(state, 1)

    assert ended["status"] == "failed"
    assert BUSY in ended["error"]


@pytest.mark.parametrize("difference", ["drill", "age", "type"])
def test_job_is_not_adopted_when_it_cannot_be_this_wave_s(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    server_id: str,
    difference: str,
) -> None:
    start_time = builders.NOW
    if difference == "drill":
        world.start_job(server_id, drill=False)
    elif difference == "age":
        world.start_job(server_id)
        start_time += 60
        world.put_execution(status="RUNNING", startTime=start_time)
        world.clock.shift(timedelta(seconds=60))
    else:
        instances = launched(world, server_id)
        world.drs.terminate_recovery_instances(recoveryInstanceIDs=instances)
        start_time += 3600
        world.put_execution(status="RUNNING", startTime=start_time)

    state = lambdas.start(builders.state(start_time=start_time))

    assert (state["status"], state["job_id"]) == ("failed", None)
    assert state["error_code"] == "WAVE_START_FAILED"


def test_job_with_other_servers_is_named_when_it_is_in_the_way(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    # Such as that of an earlier try, before a server got or lost a tag.
    job_id = world.start_job(server_id, world.add_server("other"))
    world.sleep(5)

    state = lambdas.start(builders.state())

    assert (state["status"], state["job_id"]) == ("failed", None)
    assert BUSY in state["error"]
    assert (
        f"DRS job {job_id} has some of these servers and is on no "
        "execution's record, look at it in DRS" in state["error"]
    )
    assert job_id in world.execution()["errorMessage"]


def test_job_with_other_servers_is_not_named_when_it_is_on_record(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id, world.add_server("other"))
    record_elsewhere(world, job_id, status="POLLING")

    state = lambdas.start(builders.state())

    assert BUSY in state["error"]
    assert job_id not in state["error"]


def test_young_job_with_other_servers_is_left_until_it_shows_whose_it_is(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id, world.add_server("other"))

    with pytest.raises(Exception, match=f"{job_id} was just started"):
        lambdas.start(builders.state())


def test_job_with_other_servers_is_passed_over_when_it_is_in_nobody_s_way(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.start_job(server_id, world.add_server("other"))
    world.sleep(1800)

    state = lambdas.start(builders.state())

    assert (state["status"], state["job_id"]) == ("running", world.jobs()[-1])
    assert len(world.jobs()) == 2


def test_job_without_any_of_the_servers_is_not_named(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(world.add_server("other"))
    world.disturb("drs.StartRecovery", refuse("ConflictException", 409))

    state = lambdas.start(builders.state())

    assert state["status"] == "failed"
    assert job_id not in state["error"]


def test_job_in_the_way_is_adopted_however_long_it_has_run(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    world.sleep(7200)
    world.disturb("drs.StartRecovery", refuse("ConflictException", 409))

    assert lambdas.start(builders.state())["job_id"] == job_id


def test_job_with_other_servers_is_no_reason_when_the_answer_was_lost(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.start_job(server_id, world.add_server("other"))
    world.sleep(1800)
    world.disturb("drs.StartRecovery", say_nothing)

    with pytest.raises(Exception, match="Wave 0 could not be started now"):
        lambdas.start(builders.state())

    state = lambdas.start(builders.state())

    assert state["status"] == "running"
    assert world.jobs()[1:] == [state["job_id"]]


def launched(world: "OutsideWorld", server_id: str) -> list[str]:
    world.start_job(server_id)
    world.sleep(3600)
    items = world.drs.describe_recovery_instances()["items"]
    return [item["recoveryInstanceID"] for item in items]


def test_all_pages_of_the_history_are_read_when_a_start_is_uncertain(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    filler = builders.wave_result(note="x" * 390_000)
    for number in range(4):
        world.put_execution(executionId=f"e-{number}", waves=[filler])
    record_elsewhere(world, world.start_job(server_id), status="POLLING")

    state = lambdas.start(builders.state())

    assert state["status"] == "failed"
    # Looked for before the start and after it, two pages each time.
    pages = world.asked("dynamodb.Scan")
    assert ["ExclusiveStartKey" in page for page in pages] == [
        False,
        True,
        False,
        True,
    ]


def test_job_of_a_later_wave_is_not_taken_when_a_late_start_looks_for_its_own(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    later = world.start_job(server_id)
    lost = builders.wave_result(0, jobId=None)
    record = builders.wave_result(1, jobId=later, serverIds=[server_id])
    world.put_execution(status="POLLING", waves=[lost, record])

    state = lambdas.start(builders.state(waves=builders.waves(2)))

    assert (state["status"], state["job_id"]) == ("failed", None)


def test_history_without_waves_claims_no_job(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.put_execution(executionId="another-execution", waves=None)
    world.disturb("drs.StartRecovery", lose_answer)

    assert [lambdas.start(builders.state())["job_id"]] == world.jobs()


def test_young_job_on_no_record_is_left_until_it_shows_whose_it_is(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    world.sleep(4)

    with pytest.raises(Exception, match="not on record yet") as caught:
        lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    assert job_id in str(caught.value)
    assert world.execution()["status"] == "RUNNING"


def test_job_is_another_s_when_it_is_recorded_while_it_is_young(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    with pytest.raises(Exception, match="not on record yet"):
        lambdas.start(builders.state())
    record_elsewhere(world, job_id, status="POLLING")

    state = lambdas.start(builders.state())

    assert (state["status"], state["job_id"]) == ("failed", None)
    assert BUSY in state["error"]


def test_job_of_unknown_age_is_adopted(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job = {
        "jobID": builders.JOB_ID,
        "type": "LAUNCH",
        "initiatedBy": "START_DRILL",
        "participatingServers": [{"sourceServerID": server_id}],
    }
    world.disturb("drs.StartRecovery", refuse("ConflictException", 409))
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    assert lambdas.start(builders.state())["job_id"] == builders.JOB_ID


def test_history_is_not_read_when_no_job_matches(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb("drs.StartRecovery", refuse("ConflictException", 409))

    lambdas.start(builders.state())

    assert world.asked("dynamodb.Scan") == []


def test_stray_job_is_told_to_whoever_catches_the_error() -> None:
    error = recovery_jobs.StrayJobError(ValueError("busy"), builders.JOB_ID)

    assert error.job_id == builders.JOB_ID
    assert str(error).startswith(f"busy: DRS job {builders.JOB_ID} has ")
