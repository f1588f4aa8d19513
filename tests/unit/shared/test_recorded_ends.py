"""A late step tells of the recorded end as the step that ended did."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

Document = dict[str, Any]
ENDED = builders.NOW - 60
PADDED = {
    "waveNumber": 0,
    "waveName": "Tier 0",
    "serverIds": [],
    "serverStatuses": [],
}


def failed(number: int = 0, **changes: Any) -> Document:
    ended = {"status": "FAILED"} | changes
    return builders.completed_result(number, **ended)


def told(
    world: "OutsideWorld", lambdas: "Lambdas", given: Document, **record: Any
) -> Document:
    """Poll an execution that has ended."""
    world.put_execution(**({"status": "FAILED", "endTime": ENDED} | record))
    return lambdas.poll(given)


def late(count: int = 1, **changes: Any) -> Document:
    """Build the state of a step that comes after the end."""
    known = {"waves": builders.waves(count), "failed_waves": 5}
    return builders.polled_state(builders.wave_result(), **(known | changes))


def test_state_holds_the_recorded_waves_when_a_later_one_failed(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    launched = builders.server_status(
        launchStatus="LAUNCHED", instanceId="i-1", privateIp="10.0.0.1"
    )
    lost = builders.server_status(
        "s-2", instanceId="i-2", privateIp="10.0.0.2"
    )
    first = builders.completed_result(0, serverStatuses=[launched])
    second = failed(
        1,
        jobId="drsjob-2",
        region="eu-west-1",
        serverIds=["s-2"],
        serverStatuses=[lost],
    )
    given = late(3, completed_waves=7)

    state = told(world, lambdas, given, waves=[first, second])

    assert state == given | {
        "wave_results": [first, second],
        "current_wave_number": 1,
        "completed_waves": 1,
        "failed_waves": 1,
        "recovery_instance_ids": ["i-1"],
        "recovery_instance_ips": ["10.0.0.1"],
        "job_id": "drsjob-2",
        "region": "eu-west-1",
        "server_ids": ["s-2"],
        "wave_completed": True,
        "status": "failed",
        "status_reason": "Wave 1 failed: FAILED",
        "error": "FAILED",
        "error_code": "WAVE_POLL_FAILED",
        "end_time": ENDED,
        "duration_seconds": 0,
    }


def test_wave_without_a_status_is_left_out_when_the_list_was_made_whole(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    second = failed(1)

    state = told(world, lambdas, late(2), waves=[PADDED, second])

    assert state["wave_results"] == [second]


def test_record_may_lack_whatever_its_contract_lets_be_missing(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    short = {"waveNumber": 0, "waveName": "Tier 0", "status": "COMPLETED"}
    nulls = {"serverIds": None, "serverStatuses": None}

    for record in (short, short | nulls):
        state = told(
            world, lambdas, late(), status="COMPLETED", waves=[record]
        )

        assert state["status"] == "completed"
        assert (state["job_id"], state["region"]) == (None, None)
        assert (state["server_ids"], state["recovery_instance_ids"]) == (
            [],
            [],
        )


@pytest.mark.parametrize(
    ("last", "job_id", "waited"),
    [
        (builders.completed_result(), builders.JOB_ID, 90),
        (failed(), builders.JOB_ID, 90),
        (failed(status="TIMEOUT"), builders.JOB_ID, 90),
        (failed(status="CANCELLED"), builders.JOB_ID, 60),
        (builders.completed_result(), "drsjob-other", 60),
        (builders.completed_result(), None, 60),
        (builders.completed_result(jobId=None), None, 60),
        (builders.completed_result(1), builders.JOB_ID, 0),
    ],
    ids=[
        "completed",
        "failed",
        "timeout",
        "cancelled",
        "other job",
        "no job yet",
        "no job at all",
        "later wave",
    ],
)
def test_time_waited_is_that_of_the_poll_that_ended_the_last_wave(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    last: Document,
    job_id: str | None,
    waited: int,
) -> None:
    given = late(2, current_wave_total_wait_time=60, job_id=job_id)

    state = told(world, lambdas, given, status="CANCELLED", waves=[last])

    assert state["current_wave_total_wait_time"] == waited


@pytest.mark.parametrize(
    ("status", "waves", "planned", "count"),
    [
        ("FAILED", [], 1, 1),
        ("FAILED", [failed(0)], 1, 1),
        ("FAILED", [failed(0), failed(1)], 2, 2),
        ("FAILED", [], 0, 0),
        ("TIMEOUT", [failed(status="TIMEOUT")], 1, 0),
        ("PARTIAL", [], 1, 0),
        ("CANCELLED", [], 1, 0),
        ("COMPLETED", [failed(0)], 1, 0),
    ],
)
def test_failed_waves_are_counted_anew_when_the_execution_has_ended(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    status: str,
    waves: list[Document],
    planned: int,
    count: int,
) -> None:
    given = builders.state(waves=builders.waves(planned), failed_waves=5)

    state = told(world, lambdas, given, status=status, waves=waves)

    assert state["failed_waves"] == count


@pytest.mark.parametrize(
    ("waves", "error", "error_code", "reason"),
    [
        (
            [],
            "no luck",
            "WAVE_START_FAILED",
            "Wave 0 failed to start: no luck",
        ),
        (
            [builders.completed_result()],
            "no luck",
            "WAVE_START_FAILED",
            "Wave 1 failed to start: no luck",
        ),
        (
            [failed()],
            "no luck",
            "WAVE_POLL_FAILED",
            "Wave 0 failed: no luck",
        ),
        *(
            (
                [failed()],
                error,
                "WAVE_LAUNCH_FAILED",
                f"Wave 0 failed: {error}",
            )
            for error in (
                "DRS job completed but no participating servers",
                "DRS job completed but no recovery instances created",
                "2 servers failed to launch",
            )
        ),
        (
            [failed(status="TIMEOUT")],
            "Wave timed out after 90s",
            "WAVE_TIMEOUT",
            "Wave timed out after 90s",
        ),
        ([builders.wave_result()], "the Lambda died", None, None),
        (
            [builders.completed_result(n) for n in range(2)],
            "the Lambda died",
            None,
            None,
        ),
    ],
)
def test_reason_is_the_one_that_the_failed_step_gave(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    waves: list[Document],
    error: str,
    error_code: str | None,
    reason: str | None,
) -> None:
    given = late(2, error_code="STALE", status_reason="stale")

    state = told(world, lambdas, given, waves=waves, errorMessage=error)

    assert state["error"] == error
    assert (state["error_code"], state["status_reason"]) == (
        error_code,
        reason,
    )
    assert state["all_waves_completed"] is False


def test_nothing_of_the_wave_runs_when_it_had_failed_to_start(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first = builders.completed_result()
    given = late(2, current_wave_total_wait_time=60)

    state = told(world, lambdas, given, waves=[first], errorMessage="no luck")

    assert state["current_wave_number"] == 1
    assert (state["job_id"], state["region"], state["server_ids"]) == (
        None,
        None,
        [],
    )
    assert state["current_wave_total_wait_time"] == 0
    assert state["wave_completed"] is True


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("COMPLETED", "All waves completed successfully"),
        ("CANCELLED", "Execution cancelled by user"),
    ],
)
def test_no_wave_and_no_error_is_left_when_the_end_was_wanted(
    world: "OutsideWorld", lambdas: "Lambdas", status: str, reason: str
) -> None:
    given = late(2, error="stale", error_code="STALE")

    state = told(world, lambdas, given, status=status)

    assert state["all_waves_completed"] is True
    assert state["status_reason"] == reason
    assert (state["error"], state["error_code"]) == (None, None)
    assert state["completed_waves"] == (2 if status == "COMPLETED" else 0)


def test_step_is_repeated_when_an_end_is_refused_for_no_reason(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_execution(status="POLLING")
    refused = refuse("ConditionalCheckFailedException", 400)
    world.disturb("dynamodb.UpdateItem", refused)

    with pytest.raises(Exception, match="FAILED refused over POLLING") as told:
        lambdas.start(builders.state())

    assert type(told.value).__name__ == "ExecutionHistoryError"
    assert builders.EXECUTION_ID in str(told.value)


@pytest.mark.parametrize("status", ["CANCELLED", "COMPLETED", "TIMEOUT"])
def test_end_is_the_one_on_record_when_another_step_was_quicker(
    world: "OutsideWorld", lambdas: "Lambdas", status: str
) -> None:
    world.put_execution(status="RUNNING")
    world.meanwhile(
        "dynamodb.UpdateItem",
        lambda: world.put_execution(status=status, endTime=ENDED),
    )

    state = lambdas.start(builders.state())

    assert (state["status"], state["end_time"]) == (status.lower(), ENDED)
    assert world.execution()["status"] == status
