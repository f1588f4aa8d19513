"""The execution-handler as others invoke it."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from execution_handler import protection_groups
from execution_handler.protection_groups import ProtectionGroupNotFoundError
from shared.tables import get_protection_groups_table
from tests import builders
from tests.unit.outside_world import refuse

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld


@pytest.fixture
def handler(
    world: "OutsideWorld", load_index: Callable[[str], ModuleType]
) -> Callable[[Any], Any]:
    """Give the Lambda's handler."""
    index = load_index("execution-handler")
    return lambda event: index.lambda_handler(event, None)


def request(**changes: Any) -> dict[str, Any]:
    return {
        "action": "start_wave_recovery",
        "contract_version": "1",
        "state": builders.state(),
        "wave_number": 0,
    } | changes


def test_wave_is_started_when_it_is_asked_for(
    world: "OutsideWorld", handler: Callable[[Any], Any]
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    event = request()

    state = handler(event)

    assert [state["job_id"]] == world.jobs()
    assert event == request()


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (request(action="poll_wave_status"), "UnknownActionError"),
        (None, "UnknownActionError"),
        (request(wave_number=-1), "ContractViolationError"),
        (request(wave_number="0"), "ContractViolationError"),
        (request(state=None), "ContractViolationError"),
        (request(contract_version="2"), "ContractViolationError"),
        (request(wave_number=1), "WaveNotInPlanError"),
    ],
)
def test_request_is_refused_and_nothing_is_done_when_it_is_not_valid(
    world: "OutsideWorld",
    handler: Callable[[Any], Any],
    event: Any,
    error: str,
) -> None:
    with pytest.raises(Exception) as caught:
        handler(event)

    assert type(caught.value).__name__ == error
    assert world.calls == []


def test_step_is_to_be_repeated_when_its_end_cannot_be_recorded(
    world: "OutsideWorld", handler: Callable[[Any], Any]
) -> None:
    world.put_execution(status="RUNNING")
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    with pytest.raises(Exception, match="could not be written") as caught:
        handler(request())

    assert type(caught.value).__name__ == "ExecutionHistoryError"


def test_error_names_the_group_when_it_does_not_exist(
    world: "OutsideWorld",
) -> None:
    table = get_protection_groups_table()

    with pytest.raises(ProtectionGroupNotFoundError) as caught:
        protection_groups.read(table, builders.wave())

    assert caught.value.group_id == builders.GROUP_ID


@pytest.mark.parametrize(
    "name",
    [
        "lambda_handler",
        "ACTIONS",
        "start_wave_recovery",
        "apply_launch_config_before_recovery",
    ],
)
def test_name_can_be_imported_from_index(
    load_index: Callable[[str], ModuleType], name: str
) -> None:
    assert hasattr(load_index("execution-handler"), name)
