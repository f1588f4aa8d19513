"""Entry n of ``waves`` is wave n, and a started job is never lost."""

from typing import TYPE_CHECKING, Any

import pytest

from shared import execution_history, wave_records
from shared.tables import get_execution_history_table
from tests import builders

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld


@pytest.mark.parametrize("status", ["PENDING", "RUNNING", "POLLING"])
def test_job_and_wave_are_recorded_when_a_wave_starts(
    world: "OutsideWorld", status: str
) -> None:
    table = get_execution_history_table()
    world.put_execution(status=status)
    result = builders.wave_result()

    execution_history.record_started(
        table, builders.polled_state(result), result
    )

    item = world.execution()
    assert item["waves"] == [result]
    assert item["drsJobId"] == builders.JOB_ID
    assert item["drsRegion"] == builders.REGION
    assert item["status"] == "POLLING"
    # In one write: a crash leaves no job that nobody polls.
    assert len(world.asked("dynamodb.UpdateItem")) == 1


@pytest.mark.parametrize("status", ["PAUSE_PENDING", "CANCELLING", "FAILED"])
def test_job_is_recorded_and_the_status_kept_when_it_may_not_be_replaced(
    world: "OutsideWorld", status: str
) -> None:
    table = get_execution_history_table()
    world.put_execution(status=status)
    result = builders.wave_result()

    execution_history.record_started(
        table, builders.polled_state(result), result
    )

    item = world.execution()
    assert item["waves"] == [result]
    assert item["drsJobId"] == builders.JOB_ID
    assert item["status"] == status


def test_wave_replaces_its_own_record_when_it_is_recorded_again(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    first, second = builders.wave_result(0), builders.wave_result(1)
    world.put_execution(status="POLLING", waves=[first, second])
    ended = builders.completed_result(0)

    execution_history.record_wave_end(
        table, builders.polled_state(second), ended
    )

    assert world.execution()["waves"] == [ended, second]


@pytest.mark.parametrize("recorded", [{"waves": []}, {}])
def test_wave_lands_at_its_index_when_the_list_is_too_short(
    world: "OutsideWorld", recorded: dict[str, object]
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="RUNNING")
    if not recorded:
        world.history.update_item(
            Key={
                "executionId": builders.EXECUTION_ID,
                "planId": builders.PLAN_ID,
            },
            UpdateExpression="REMOVE waves",
        )
    known, result = builders.completed_result(1), builders.wave_result(2)
    state = builders.polled_state(result, wave_results=[known, result])

    execution_history.record_started(table, state, result)

    item = world.execution()
    assert item["waves"] == [
        {
            "waveNumber": 0,
            "waveName": "Tier 0",
            "serverIds": [],
            "serverStatuses": [],
        },
        known,
        result,
    ]
    assert item["drsJobId"] == builders.JOB_ID
    assert item["status"] == "POLLING"


def test_job_is_recorded_when_list_is_short_and_a_person_asks_to_cancel(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="CANCELLING")
    result = builders.wave_result(1)

    execution_history.record_started(
        table, builders.polled_state(result), result
    )

    item = world.execution()
    assert item["waves"][1]["jobId"] == builders.JOB_ID
    assert item["status"] == "CANCELLING"


def test_progress_changes_nothing_but_its_wave_and_names_its_job(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    result = builders.wave_result()
    world.put_execution(status="PAUSE_PENDING", waves=[result])
    before = world.execution()
    launching = result | {"status": "LAUNCHING"}

    execution_history.record_progress(
        table, builders.polled_state(result), launching
    )

    assert world.execution() == before | {
        "waves": [launching],
        "drsJobId": builders.JOB_ID,
        "drsRegion": builders.REGION,
    }


def test_names_are_explained_only_where_a_write_uses_them(
    world: "OutsideWorld",
) -> None:
    # DynamoDB refuses a request that explains a name which it does not use.
    table = get_execution_history_table()
    result = builders.wave_result()
    world.put_execution(status="POLLING", waves=[result])
    state = builders.polled_state(result)

    execution_history.record_progress(table, state, result)
    execution_history.record_polling(table, state)

    progress, polling = world.asked("dynamodb.UpdateItem")
    assert "ExpressionAttributeNames" not in progress
    assert polling["ExpressionAttributeNames"] == {"#status": "status"}


def test_wave_that_never_started_is_named_by_its_place_or_the_plan(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="RUNNING")
    result = builders.wave_result(2)
    waves = [{}, builders.wave(1), builders.wave(2)]
    state = builders.polled_state(result, waves=waves)

    execution_history.record_wave_end(table, state, result)

    recorded = world.execution()["waves"]
    assert [wave["waveName"] for wave in recorded] == [
        "Wave 1",
        "Tier 1",
        "Tier 2",
    ]
    assert [wave["waveNumber"] for wave in recorded] == [0, 1, 2]


@pytest.mark.parametrize("recorded", [{}, {"endTime": None}])
def test_progress_is_recorded_when_the_wave_has_not_ended(
    world: "OutsideWorld", recorded: dict[str, Any]
) -> None:
    result = builders.wave_result() | recorded
    world.put_execution(status="POLLING", waves=[result])
    launching = result | {"status": "LAUNCHING"}

    execution_history.record_progress(
        get_execution_history_table(), builders.polled_state(result), launching
    )

    assert world.execution()["waves"] == [launching]


def test_end_of_a_wave_stands_when_a_late_poll_finds_another(
    world: "OutsideWorld",
) -> None:
    ended = builders.completed_result()
    later = builders.wave_result(1, jobId="drsjob-2")
    world.put_execution(
        status="POLLING", waves=[ended, later], drsJobId="drsjob-2"
    )
    before = world.execution()
    table = get_execution_history_table()
    late = builders.polled_state(ended)

    execution_history.record_progress(table, late, builders.wave_result())
    execution_history.record_wave_end(
        table, late, ended | {"endTime": builders.NOW + 60}
    )

    assert world.execution() == before


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (
            {},
            {"drsJobId": builders.JOB_ID, "drsRegion": builders.REGION},
        ),
        ({"region": None}, {"drsJobId": builders.JOB_ID}),
        ({"jobId": None}, {}),
    ],
)
def test_nothing_is_named_that_a_wave_does_not_have(
    changes: dict[str, Any], named: dict[str, str]
) -> None:
    result: Any = builders.wave_result(**changes)

    assert wave_records.job(result) == named
