"""A wave's DRS job is started once, whatever becomes of the answer."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import (
    lose_answer,
    pass_on,
    refuse,
    replace_body,
    replace_raw,
    say_nothing,
)

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld


def test_job_of_the_history_is_adopted_when_the_wave_was_started_before(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    first = lambdas.start(builders.state())
    world.sleep(40)
    world.calls.clear()

    again = lambdas.start(builders.state())

    assert again == first
    assert world.jobs() == [first["job_id"]]
    assert world.asked("drs.StartRecovery") == []
    assert world.execution()["waves"] == first["wave_results"]


@pytest.mark.parametrize("status", ["PENDING", "RUNNING", "POLLING"])
def test_status_is_polling_when_a_job_is_adopted(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_execution(status=status, waves=[builders.wave_result()])

    state = lambdas.start(builders.state())

    assert state["job_id"] == builders.JOB_ID
    assert state["region"] == builders.REGION
    assert state["server_ids"] == [builders.SERVER_ID]
    assert state["wave_results"] == [builders.wave_result()]
    assert world.execution()["status"] == "POLLING"


@pytest.mark.parametrize("status", ["PAUSE_PENDING", "CANCELLING"])
def test_job_is_adopted_and_the_wish_kept_when_a_person_asked_for_something(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_execution(status=status, waves=[builders.wave_result()])

    state = lambdas.start(builders.state())

    assert (state["job_id"], state["status"]) == (builders.JOB_ID, "running")
    assert world.execution()["status"] == status


def test_job_is_adopted_when_its_group_was_deleted_meanwhile(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="POLLING", waves=[builders.wave_result()])

    assert lambdas.start(builders.state())["job_id"] == builders.JOB_ID


def test_job_is_adopted_when_its_record_has_only_what_it_must_have(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    record = builders.wave_result()
    del record["region"], record["startTime"]
    world.put_execution(
        status="POLLING", waves=[record], drsRegion="eu-west-1"
    )

    state = lambdas.start(builders.state())

    assert state["job_id"] == builders.JOB_ID
    assert state["region"] == "eu-west-1"


def test_job_is_adopted_when_the_answer_to_its_start_was_lost(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb("drs.StartRecovery", lose_answer)

    state = lambdas.start(builders.state())

    assert [state["job_id"]] == world.jobs()
    assert state["status"] == "running"
    assert world.execution()["waves"] == state["wave_results"]
    assert world.execution()["drsJobId"] == state["job_id"]


@pytest.mark.parametrize("drill", [True, False])
def test_job_of_the_same_kind_is_adopted_when_its_answer_was_lost(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    server_id: str,
    drill: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.disturb("drs.StartRecovery", lose_answer)

    state = lambdas.start(builders.state(is_drill=drill))

    assert [state["job_id"]] == world.jobs()
    assert "StartRecovery of 1 servers left its outcome open" in caplog.text


def test_job_is_adopted_when_it_was_started_but_not_recorded(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    world.sleep(30)

    state = lambdas.start(builders.state(start_time=builders.NOW + 30))

    assert state["job_id"] == job_id
    assert world.jobs() == [job_id]


def test_job_is_adopted_when_a_duplicate_of_the_step_just_recorded_it(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    def duplicate() -> None:
        result = builders.wave_result(
            jobId=world.start_job(server_id), serverIds=[server_id]
        )
        world.put_execution(status="POLLING", waves=[result])

    world.meanwhile("drs.StartRecovery", duplicate)

    state = lambdas.start(builders.state())

    assert state["status"] == "running"
    assert [state["job_id"]] == world.jobs()
    assert world.execution()["status"] == "POLLING"


@pytest.mark.parametrize("created", [builders.NOW, builders.NOW + 0.5])
def test_job_is_adopted_when_a_repeated_begin_bears_a_later_start_time(
    world: "OutsideWorld", lambdas: "Lambdas", created: float
) -> None:
    server_id = world.add_server()
    world.put_group(sourceServerIds=[server_id])
    world.put_execution(status="RUNNING", startTime=created)
    job_id = world.start_job(server_id)
    world.sleep(60)

    state = lambdas.start(builders.state(start_time=builders.NOW + 60))

    assert state["job_id"] == job_id


def test_wave_fails_with_the_conflict_when_no_job_is_found(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    conflict = refuse("ConflictException", 409)
    world.disturb("drs.StartRecovery", conflict)

    state = lambdas.start(builders.state())

    assert "ConflictException" in state["error"]
    assert state["status"] == "failed"
    # Once before the start, and once after it.
    assert len(world.asked("drs.DescribeJobs")) == 2
    assert world.jobs() == []


@pytest.mark.parametrize(
    ("operation", "mishap", "tries"),
    [
        ("drs.StartRecovery", say_nothing, 1),
        ("drs.StartRecovery", refuse("InternalServerException", 500), 1),
        ("drs.StartRecovery", refuse("ThrottlingException", 429), 5),
        ("drs.DescribeSourceServers", refuse("ThrottlingException", 429), 5),
        ("drs.DescribeSourceServers", refuse("Unavailable", 503), 5),
        ("dynamodb.GetItem", refuse("ThrottlingException"), 5),
    ],
)
def test_step_is_to_be_repeated_when_aws_fails_the_start_in_passing(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    operation: str,
    mishap: Any,
    tries: int,
) -> None:
    server_id = world.add_server(tags={"tier": "db"})
    world.put_group(serverSelectionTags={"tier": "db"})
    world.put_execution(status="RUNNING")
    # The first item is the execution's, the next one the group.
    before = [pass_on] if operation == "dynamodb.GetItem" else []
    world.disturb(operation, *before, *[mishap] * tries)

    with pytest.raises(Exception, match="Wave 0 could not be") as caught:
        lambdas.start(builders.state())
    again = lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    assert (again["job_id"], again["server_ids"]) == (
        world.jobs()[0],
        [server_id],
    )
    assert len(world.jobs()) == 1


def test_job_is_found_by_the_next_try_when_drs_shows_it_late(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb("drs.StartRecovery", lose_answer)
    none_yet = replace_body({"items": []})
    world.disturb("drs.DescribeJobs", none_yet, none_yet)
    with pytest.raises(Exception, match="Wave 0 could not be started now"):
        lambdas.start(builders.state())
    world.sleep(5)

    state = lambdas.start(builders.state())

    assert [state["job_id"]] == world.jobs()


def test_job_is_adopted_when_the_server_error_came_after_the_start(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    def start_and_fail(request: Any) -> Any:
        world.start_job(server_id)
        return refuse("InternalServerException", 500)(request)

    world.disturb("drs.StartRecovery", start_and_fail)

    assert [lambdas.start(builders.state())["job_id"]] == world.jobs()


def test_start_is_repeated_when_drs_throttled_it(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    throttled = refuse("ThrottlingException", 429)
    world.disturb("drs.StartRecovery", throttled, throttled)

    state = lambdas.start(builders.state())

    assert [state["job_id"]] == world.jobs()
    assert world.waits == [1, 2]
    assert len(world.asked("drs.DescribeJobs")) == 1


def test_wave_fails_and_no_job_is_looked_for_again_when_drs_refuses(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb(
        "drs.StartRecovery", refuse("ServiceQuotaExceededException", 402)
    )

    state = lambdas.start(builders.state())

    assert "ServiceQuotaExceededException" in state["error"]
    assert len(world.asked("drs.DescribeJobs")) == 1
    # Nothing of the wave runs anywhere.
    assert (state["job_id"], state["region"]) == (None, None)


@pytest.mark.parametrize("unread", ["drs.DescribeJobs", "dynamodb.Scan"])
def test_wave_does_not_fail_when_its_uncertain_job_cannot_be_looked_for(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str, unread: str
) -> None:
    denied = refuse("AccessDeniedException", 403)
    world.disturb("drs.StartRecovery", lose_answer)
    if unread == "drs.DescribeJobs":
        world.disturb(unread, pass_on)
    world.disturb(unread, denied)

    with pytest.raises(Exception, match="could not be looked for") as caught:
        lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    said = str(caught.value)
    assert said.startswith("StartRecovery of 1 servers left its outcome open")
    assert "Read timeout" in said
    assert "AccessDeniedException" in said
    assert world.execution()["status"] == "RUNNING"


def test_uncertain_job_is_found_when_the_step_is_run_again(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    throttled = [refuse("ThrottlingException", 429)] * 5
    world.disturb("drs.StartRecovery", lose_answer)
    world.disturb("drs.DescribeJobs", pass_on, *throttled)
    with pytest.raises(Exception, match="left its outcome open"):
        lambdas.start(builders.state())
    world.sleep(5)

    state = lambdas.start(builders.state())

    assert [state["job_id"]] == world.jobs()
    assert world.execution()["drsJobId"] == state["job_id"]


def test_nothing_is_started_when_an_earlier_try_s_job_has_ended(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    server_id: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    job_id = world.start_job(server_id)
    # No try could look for it, and it holds its servers no more.
    world.sleep(1800)

    state = lambdas.start(builders.state())

    assert (state["job_id"], world.jobs()) == (job_id, [job_id])
    assert world.asked("drs.StartRecovery") == []
    assert f"1 servers was sent before: DRS job {job_id}" in caplog.text


def test_job_of_long_ago_is_no_earlier_try_s(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    world.sleep(3601)

    state = lambdas.start(builders.state())

    assert state["status"] == "running"
    assert world.jobs() == [job_id, state["job_id"]]


@pytest.mark.parametrize("look_up", [1, 2])
def test_step_is_repeated_when_nobody_can_read_the_jobs(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str, look_up: int
) -> None:
    world.disturb("drs.StartRecovery", lose_answer)
    unreadable = {"message": "<html>Proxy</html>"}
    answers = [pass_on] * (look_up - 1) + [replace_body(unreadable)]
    world.disturb("drs.DescribeJobs", *answers)

    with pytest.raises(Exception, match=r"\(KeyError: 'items'\)") as caught:
        lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    world.sleep(5)
    assert [lambdas.start(builders.state())["job_id"]] == world.jobs()


def test_step_is_repeated_when_nobody_can_read_an_answer_in_xml(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    world.disturb("sts.AssumeRole", replace_raw(b"<html>Proxy<br></html>"))
    state = builders.state(accountContext=builders.foreign_account())

    with pytest.raises(Exception, match="Wave 0 could not be started now"):
        lambdas.start(state)

    assert world.execution()["status"] == "RUNNING"


@pytest.mark.parametrize(
    "mishap", [refuse("ThrottlingException", 429), say_nothing]
)
def test_nothing_is_started_when_no_earlier_job_can_be_looked_for(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str, mishap: Any
) -> None:
    world.disturb("drs.DescribeJobs", *[mishap] * 5)

    with pytest.raises(Exception, match="could not be looked up") as caught:
        lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    assert "Nothing was started now" in str(caught.value)
    assert "these 1 servers" in str(caught.value)
    assert world.jobs() == []
    assert world.execution()["status"] == "RUNNING"


def test_wave_fails_at_once_when_drs_lets_nobody_look_for_jobs(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    denied = refuse("AccessDeniedException", 403)
    world.disturb("drs.DescribeJobs", denied)

    state = lambdas.start(builders.state())

    assert state["error_code"] == "WAVE_START_FAILED"
    assert "AccessDeniedException" in state["error"]
    assert world.asked("drs.StartRecovery") == []


def test_step_is_repeated_when_the_owner_of_an_earlier_job_is_not_told(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> None:
    job_id = world.start_job(server_id)
    world.sleep(5)
    denied = refuse("AccessDeniedException")
    world.disturb("dynamodb.Scan", denied)

    with pytest.raises(Exception, match="could not be looked up"):
        lambdas.start(builders.state())

    assert lambdas.start(builders.state())["job_id"] == job_id


@pytest.mark.parametrize("body", [{}, {"job": {}}])
def test_job_is_found_by_the_next_try_when_its_start_does_not_name_it(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    server_id: str,
    body: dict[str, Any],
) -> None:
    def start_and_mumble(request: Any) -> Any:
        world.start_job(server_id)
        return replace_body(body)(request)

    world.disturb("drs.StartRecovery", start_and_mumble)
    with pytest.raises(Exception, match="without a job") as caught:
        lambdas.start(builders.state())
    world.sleep(5)

    state = lambdas.start(builders.state())

    assert type(caught.value).__name__ == "RecoveryStartUncertainError"
    assert "StartRecovery of 1 servers" in str(caught.value)
    assert [state["job_id"]] == world.jobs()
