"""Which status may replace which, and what is kept when one may not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from shared import execution_history
from shared.execution_history import ExecutionHistoryError
from shared.tables import get_execution_history_table
from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

ACTIVE = {
    "PENDING",
    "RUNNING",
    "POLLING",
    "PAUSED",
    "PAUSE_PENDING",
    "CANCELLING",
}
TERMINAL = {"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "PARTIAL"}
ENDS = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED")

Write = Callable[[], object]


def replaced(world: "OutsideWorld", write: Write, **item: Any) -> set[str]:
    """Collect the statuses that a write replaces by another."""
    found = set()
    for status in sorted(ACTIVE | TERMINAL):
        world.put_execution(status=status, **item)
        write()
        if world.execution()["status"] != status:
            found.add(status)
    return found


def test_running_replaces_only_the_statuses_of_a_new_execution(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()

    def write() -> None:
        execution_history.record_running(table, builders.state())

    assert replaced(world, write) == {"PENDING"}


def test_running_counts_as_written_when_it_stands_already(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="RUNNING")

    assert execution_history.record_running(table, builders.state())


def test_polling_replaces_no_wish_and_no_end(world: "OutsideWorld") -> None:
    table = get_execution_history_table()

    def write() -> None:
        execution_history.record_polling(table, builders.state())

    assert replaced(world, write) == {"PENDING", "RUNNING"}


def test_paused_replaces_the_wish_to_pause_but_not_the_one_to_cancel(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    state = builders.state(waves=builders.waves(2))

    def write() -> None:
        execution_history.record_paused(table, state, 1)

    assert replaced(world, write) == {
        "PENDING",
        "RUNNING",
        "POLLING",
        "PAUSE_PENDING",
    }


def test_token_is_stored_under_the_same_condition_as_the_pause(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    state = builders.state(waves=builders.waves(2), paused_before_wave=1)
    stored = set()

    for status in sorted(ACTIVE | TERMINAL):
        world.put_execution(status=status)
        if execution_history.record_token(table, state, 1, "token"):
            stored.add(status)
            assert world.execution()["taskToken"] == "token"
            assert world.execution()["pausedBeforeWave"] == 1
            assert world.execution()["status"] == "PAUSED"
        else:
            assert "taskToken" not in world.execution()
            assert world.execution()["status"] == status

    assert stored == ACTIVE - {"CANCELLING"}


def test_gate_opens_only_where_the_execution_is_paused(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    gate = {"pausedBeforeWave": 1, "taskToken": "token"}

    def write() -> None:
        execution_history.record_resumed(table, builders.state(), 1)

    assert replaced(world, write, **gate) == {"PAUSED"}


@pytest.mark.parametrize("status", ["PAUSED", "PAUSE_PENDING"])
def test_token_and_gate_are_removed_when_the_gate_opens(
    world: "OutsideWorld", status: str
) -> None:
    table = get_execution_history_table()
    world.put_execution(status=status, pausedBeforeWave=1, taskToken="token")

    resumed = execution_history.record_resumed(table, builders.state(), 1)

    assert resumed == (status == "PAUSED")
    item = world.execution()
    assert "taskToken" not in item
    assert "pausedBeforeWave" not in item
    assert item["status"] == ("RUNNING" if resumed else "PAUSE_PENDING")


def test_gate_stays_closed_when_another_one_is_to_be_opened(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="PAUSED", pausedBeforeWave=2, taskToken="token")
    before = world.execution()

    assert not execution_history.record_resumed(table, builders.state(), 1)
    assert world.execution() == before


def test_completed_replaces_neither_an_end_nor_the_wish_to_cancel(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    state = builders.state(end_time=builders.NOW)

    def write() -> None:
        execution_history.record_end(table, state, "COMPLETED")

    assert replaced(world, write) == ACTIVE - {"CANCELLING"}


@pytest.mark.parametrize("end", ["FAILED", "TIMEOUT", "CANCELLED"])
def test_other_ends_replace_every_status_but_an_end(
    world: "OutsideWorld", end: str
) -> None:
    table = get_execution_history_table()
    state = builders.state(end_time=builders.NOW, error="no luck")

    def write() -> None:
        execution_history.record_end(table, state, end)

    assert replaced(world, write) == ACTIVE


@pytest.mark.parametrize("end", ENDS)
def test_token_and_gate_are_removed_when_the_execution_ends(
    world: "OutsideWorld", end: str
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="PAUSED", pausedBeforeWave=1, taskToken="token")
    state = builders.state(end_time=builders.NOW + 60, error="no luck")

    assert execution_history.record_end(table, state, end)

    item = world.execution()
    assert item["status"] == end
    assert item["endTime"] == builders.NOW + 60
    assert item["errorMessage"] == "no luck"
    assert not {"taskToken", "pausedBeforeWave"} & item.keys()


def test_no_error_message_is_written_when_nothing_went_wrong(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="POLLING")
    state = builders.state(end_time=builders.NOW)
    del state["error"]

    assert execution_history.record_end(table, state, "COMPLETED")
    assert "errorMessage" not in world.execution()


def test_nothing_is_made_when_the_item_is_missing(
    world: "OutsideWorld",
) -> None:
    table = get_execution_history_table()
    result = builders.wave_result()
    state = builders.polled_state(
        result, end_time=builders.NOW, paused_before_wave=1
    )

    written = [
        execution_history.record_running(table, state),
        execution_history.record_paused(table, state, 1),
        execution_history.record_token(table, state, 1, "token"),
        execution_history.record_resumed(table, state, 1),
        *(execution_history.record_end(table, state, end) for end in ENDS),
    ]
    execution_history.record_started(table, state, result)
    execution_history.record_polling(table, state)
    execution_history.record_progress(table, state, result)
    execution_history.record_wave_end(table, state, result)

    assert not any(written)
    assert world.execution() == {}
    assert execution_history.read_standing(table, state) == {}


def test_steps_go_on_when_a_passing_write_is_in_error(
    world: "OutsideWorld", caplog: pytest.LogCaptureFixture
) -> None:
    table = get_execution_history_table()
    result = builders.wave_result()
    state = builders.polled_state(result)
    world.put_execution()
    world.disturb("dynamodb.UpdateItem", *[refuse("AccessDenied")] * 5)

    assert execution_history.record_running(table, state)
    assert execution_history.record_paused(table, state, 1)
    execution_history.record_polling(table, state)
    execution_history.record_started(table, state, result)
    execution_history.record_progress(table, state, result)

    assert [record.getMessage() for record in caplog.records] == [
        f"Execution {builders.EXECUTION_ID}: history could not be written: "
        "An error occurred (AccessDenied) when calling the UpdateItem "
        "operation: refused"
    ] * 5


@pytest.mark.parametrize(
    "write",
    [
        lambda table, state: execution_history.record_token(
            table, state, 1, "t"
        ),
        lambda table, state: execution_history.record_resumed(table, state, 1),
        lambda table, state: execution_history.record_end(
            table, state, "FAILED"
        ),
        lambda table, state: execution_history.record_wave_end(
            table, state, builders.wave_result()
        ),
    ],
    ids=["token", "resume", "end", "wave end"],
)
def test_step_is_repeated_when_a_needed_write_is_in_error(
    world: "OutsideWorld", write: Callable[[Any, Any], object]
) -> None:
    table = get_execution_history_table()
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    with pytest.raises(ExecutionHistoryError, match=builders.EXECUTION_ID):
        write(table, builders.state(paused_before_wave=1))


def test_standing_is_empty_when_it_cannot_be_read(
    world: "OutsideWorld", caplog: pytest.LogCaptureFixture
) -> None:
    table = get_execution_history_table()
    world.put_execution(status="CANCELLING")
    world.disturb("dynamodb.GetItem", refuse("AccessDenied"))

    assert execution_history.read_standing(table, builders.state()) == {}
    assert "status could not be read" in caplog.text


def test_standing_holds_no_waves_and_no_token(world: "OutsideWorld") -> None:
    table = get_execution_history_table()
    gate = {"pausedBeforeWave": 1, "taskToken": builders.TASK_TOKEN}
    world.put_execution(
        status="PAUSED", waves=[builders.wave_result()], **gate
    )

    standing = execution_history.read_standing(table, builders.state())

    assert standing == {"status": "PAUSED", "pausedBeforeWave": 1}
