"""A handler that does not answer as promised is one error, or its own."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.cloud import project
from shared import handler_calls
from shared.execution_history import ExecutionHistoryError
from shared.handler_calls import HandlerInvocationError
from shared.recovery_starts import RecoveryStartUncertainError
from tests import builders
from tests.unit.outside_world import (
    EXECUTION_HANDLER,
    QUERY_HANDLER,
    FunctionFailure,
    refuse,
    replace_raw,
    say_nothing,
)

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld


def failing(**report: Any) -> Any:
    def invoke(_: dict[str, Any]) -> Any:
        raise FunctionFailure(json.dumps(report).encode())

    return invoke


def test_state_of_the_handler_is_returned_when_it_answers(
    world: "OutsideWorld",
) -> None:
    asked = []

    def start(event: dict[str, Any]) -> dict[str, Any]:
        asked.append(event)
        return dict(event["state"], failed_waves=7)

    world.functions[EXECUTION_HANDLER] = start
    state = builders.polled_state(builders.wave_result(), ticket="INC-7")

    answer = handler_calls.start_wave_recovery(state, 0)

    assert answer == state | {"failed_waves": 7}
    assert asked == [
        {"action": "start_wave_recovery", "state": state, "wave_number": 0}
    ]


def test_unknown_keys_stay_when_a_handler_forgets_them(
    world: "OutsideWorld",
) -> None:
    state = builders.polled_state(builders.wave_result())
    world.functions[QUERY_HANDLER] = lambda event: state

    answer = handler_calls.poll_wave_status(state | {"ticket": "INC-7"})

    assert answer == state | {"ticket": "INC-7"}


def test_error_of_the_handler_is_told_when_it_raised_one(
    world: "OutsideWorld",
) -> None:
    world.functions[EXECUTION_HANDLER] = failing(
        errorType="KeyError", errorMessage="'region'", stackTrace=[]
    )

    with pytest.raises(HandlerInvocationError) as caught:
        handler_calls.start_wave_recovery(builders.state(), 0)

    assert caught.value.function == EXECUTION_HANDLER
    assert caught.value.action == "start_wave_recovery"
    assert caught.value.error_type == "KeyError"
    assert str(caught.value) == (
        "execution-handler start_wave_recovery: KeyError: 'region'"
    )


def test_error_has_an_unknown_type_when_the_handler_timed_out(
    world: "OutsideWorld",
) -> None:
    world.functions[QUERY_HANDLER] = failing(
        errorMessage="2026-01-05T10:06:00Z 1f2e Task timed out after 360.00 s"
    )

    with pytest.raises(HandlerInvocationError, match="Unknown: .*timed out"):
        handler_calls.poll_wave_status(builders.state())


@pytest.mark.parametrize(
    "error", [ExecutionHistoryError, RecoveryStartUncertainError]
)
def test_error_of_the_step_passes_as_itself_when_a_handler_raised_it(
    world: "OutsideWorld", error: type[Exception]
) -> None:
    world.functions[QUERY_HANDLER] = failing(
        errorType=error.__name__, errorMessage="not known"
    )

    with pytest.raises(error, match="^not known$"):
        handler_calls.poll_wave_status(builders.state())


@pytest.mark.parametrize("payload", [b"", b"<html>", b'{"status": '])
def test_answer_is_an_error_when_it_is_not_json(
    world: "OutsideWorld", payload: bytes
) -> None:
    world.disturb("lambda.Invoke", replace_raw(payload))

    with pytest.raises(HandlerInvocationError, match="JSONDecodeError"):
        handler_calls.poll_wave_status(builders.state())


@pytest.mark.parametrize("payload", [b'"Unhandled"', b"null", b"[]"])
def test_failure_is_an_error_when_its_report_is_no_object(
    world: "OutsideWorld", payload: bytes
) -> None:
    def fail(_: dict[str, Any]) -> Any:
        raise FunctionFailure(payload)

    world.functions[QUERY_HANDLER] = fail

    with pytest.raises(HandlerInvocationError) as caught:
        handler_calls.poll_wave_status(builders.state())

    assert str(caught.value) == "query-handler poll_wave_status: Unknown: "


def test_call_is_an_error_when_lambda_refuses_it(
    world: "OutsideWorld",
) -> None:
    throttled = refuse("TooManyRequestsException", 429)
    world.disturb("lambda.Invoke", throttled)

    with pytest.raises(HandlerInvocationError) as caught:
        handler_calls.poll_wave_status(builders.state())

    assert "TooManyRequestsException" in str(caught.value)
    assert world.waits == []


@pytest.mark.parametrize("answer", [{}, None, [], "done"])
def test_answer_is_an_error_when_it_breaks_the_contract(
    world: "OutsideWorld", answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONTRACT_RESPONSES")
    world.functions[QUERY_HANDLER] = lambda event: answer

    with pytest.raises(HandlerInvocationError) as caught:
        handler_calls.poll_wave_status(builders.state())

    assert caught.value.error_type == "ContractViolationError"


def test_call_is_sent_once_when_no_answer_comes(
    world: "OutsideWorld",
) -> None:
    world.disturb("lambda.Invoke", say_nothing, say_nothing)

    with pytest.raises(HandlerInvocationError, match="ReadTimeoutError"):
        handler_calls.poll_wave_status(builders.state())

    assert world.mishaps_left("lambda.Invoke") == 1


def test_caller_waits_longer_than_the_handler_may_run() -> None:
    timeouts = declared_timeouts()
    execution = timeouts["execution-handler"]
    query = timeouts["query-handler"]
    reads = (
        handler_calls.EXECUTION_HANDLER_READ_TIMEOUT,
        handler_calls.QUERY_HANDLER_READ_TIMEOUT,
    )

    assert execution < reads[0] < query
    assert query < reads[1] < timeouts["dr-orchestration-stepfunction"]


def declared_timeouts() -> dict[str, int]:
    functions = project.deployment("refactored").functions
    return {function.folder: function.timeout for function in functions}
