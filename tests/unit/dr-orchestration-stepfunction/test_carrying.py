"""The refactored orchestration carries; it does not recover."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import FunctionFailure, say_nothing

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

DRS_SERVICES = {"drs", "ec2", "sts"}


@pytest.fixture
def index(
    world: "OutsideWorld", load_index: Callable[[str], ModuleType]
) -> ModuleType:
    """Give the orchestration Lambda alone, without its handlers."""
    return load_index("dr-orchestration-stepfunction")


@pytest.mark.parametrize("action", ["update_wave_status", "poll_wave_status"])
def test_query_handler_polls_under_both_names_of_the_action(
    world: "OutsideWorld", index: ModuleType, action: str
) -> None:
    asked: list[Any] = []

    def poll(event: dict[str, Any]) -> Any:
        asked.append(event)
        return event["state"]

    world.functions["query-handler"] = poll
    given = builders.polled_state(builders.wave_result())

    state = index.lambda_handler({"action": action, "application": given}, 0)

    assert state == given
    assert asked == [{"action": "poll_wave_status", "state": given}]
    assert [call.operation for call in world.calls] == ["lambda.Invoke"]


def test_neither_drs_nor_ec2_is_called_when_a_wave_starts(
    world: "OutsideWorld", index: ModuleType
) -> None:
    world.put_execution()
    started = builders.polled_state(builders.wave_result())
    world.functions["execution-handler"] = lambda event: started

    index.lambda_handler(builders.begin_event(), None)

    services = {call.operation.split(".")[0] for call in world.calls}
    assert services == {"dynamodb", "lambda"}
    assert not services & DRS_SERVICES


@pytest.mark.parametrize(
    ("report", "error"),
    [
        (b'{"errorType": "KeyError"}', "HandlerInvocationError"),
        (b'{"errorType": "ValueError"}', "HandlerInvocationError"),
        (
            b'{"errorType": "ContractViolationError"}',
            "HandlerInvocationError",
        ),
        (b'{"errorType": "ExecutionHistoryError"}', "ExecutionHistoryError"),
    ],
)
@pytest.mark.parametrize("action", ["begin", "update_wave_status"])
def test_step_is_to_be_repeated_when_a_handler_fails(
    world: "OutsideWorld",
    index: ModuleType,
    report: bytes,
    error: str,
    action: str,
) -> None:
    def fail(_: Any) -> Any:
        raise FunctionFailure(report)

    world.functions.update({"execution-handler": fail, "query-handler": fail})
    events = {
        "begin": builders.begin_event(),
        "update_wave_status": {
            "action": "update_wave_status",
            "application": builders.state(),
        },
    }

    with pytest.raises(Exception) as caught:
        index.lambda_handler(events[action], None)

    assert type(caught.value).__name__ == error


def test_no_second_job_starts_when_the_answer_of_a_handler_was_lost(
    world: "OutsideWorld",
    index: ModuleType,
    load_index: Callable[[str], ModuleType],
) -> None:
    handler = load_index("execution-handler")
    world.functions["execution-handler"] = lambda event: (
        handler.lambda_handler(event, None)
    )
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()

    def act_and_be_lost(request: Any) -> Any:
        world.answer_invocation(request)
        return say_nothing(request)

    world.disturb("lambda.Invoke", act_and_be_lost)

    with pytest.raises(Exception, match="ReadTimeoutError"):
        index.lambda_handler(builders.begin_event(), None)
    state = index.lambda_handler(builders.begin_event(), None)

    assert [state["job_id"]] == world.jobs()
    assert state["status"] == "running"


@pytest.mark.parametrize(
    "name",
    [
        "lambda_handler",
        "ACTIONS",
        "begin_wave_plan",
        "poll_wave_status",
        "store_task_token",
        "resume_wave",
        "get_account_context",
        "DecimalEncoder",
        "get_protection_groups_table",
        "get_execution_history_table",
    ],
)
def test_name_can_be_imported_from_index(
    load_index: Callable[[str], ModuleType], name: str
) -> None:
    assert hasattr(load_index("dr-orchestration-stepfunction"), name)


@pytest.mark.parametrize(
    "name",
    [
        "start_wave_recovery",
        "update_wave_status",
        "apply_launch_config_before_recovery",
        "query_drs_servers_by_tags",
    ],
)
def test_name_of_the_recovery_is_gone_from_index(
    load_index: Callable[[str], ModuleType], name: str
) -> None:
    assert not hasattr(load_index("dr-orchestration-stepfunction"), name)
