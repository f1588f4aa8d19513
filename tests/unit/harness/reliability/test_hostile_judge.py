"""A judge is worth what it catches: each wrong answer must be told."""

import json
from typing import Any

import pytest

from harness.cloud.invoker import Invocation
from harness.cloud.lambda_logs import LogLine
from harness.reliability import hostile_judge
from harness.reliability.hostile_answers import Answer
from harness.reliability.hostile_stages import (
    CREDENTIAL,
    EXTERNAL_ID,
    TASK_TOKEN,
)
from tests import builders

FOLDERS = {"orch": "dr-orchestration-stepfunction", "query": "query-handler"}
STATE = builders.state()
POLL = {"action": "update_wave_status", "application": STATE}


def invocation(
    payload: Any,
    function: str = "orch",
    request: Any = POLL,
    error: bool = False,
    log: str = "",
) -> Invocation:
    return Invocation(
        function=function,
        caller=None,
        request_id="1",
        request=json.dumps(request).encode(),
        payload=json.dumps(payload).encode(),
        function_error="Unhandled" if error else None,
        logs=(LogLine("INFO", log),),
    )


def raised(
    kind: str, text: str = "", request: Any = POLL, function: str = "orch"
) -> Invocation:
    document = {"errorType": kind, "errorMessage": text, "stackTrace": []}
    return invocation(document, function, request, error=True)


def answer(*invocations: Invocation, **changes: Any) -> Answer:
    return Answer(200, invocations, {}, **changes)


def told(judged: Answer) -> list[str]:
    return [str(each) for each in hostile_judge.wrongs(judged, FOLDERS)]


REFUSED = "orchestration/update_wave_status request breaks version 1"
BROKEN = (
    "orchestration/update_wave_status response breaks version 1 of its "
    'contract: at \'/status\': enum, expected "running", got "lost"'
)
PASSED_ON = BROKEN.replace("/status", "/error").replace(
    'enum, expected "running", got "lost"', "type, expected null, got 7"
)


@pytest.mark.parametrize(
    "judged",
    [
        answer(invocation(STATE)),
        answer(raised("ContractViolationError", REFUSED)),
        answer(raised("UnknownActionError", "/action: missing")),
        answer(raised("HandlerInvocationError", "handler: Unknown: ")),
        answer(raised("WaveNotInPlanError", "Wave 7 is beyond")),
        answer(
            raised(
                "ContractViolationError",
                PASSED_ON,
                {**POLL, "application": {**STATE, "error": 7}},
            )
        ),
        answer(
            raised(
                "ValueError",
                "No task token provided for callback",
                {**POLL, "action": "store_task_token"},
            )
        ),
        Answer(400),
    ],
)
def test_nothing_is_told_when_an_answer_is_as_declared(
    judged: Answer,
) -> None:
    assert told(judged) == []


@pytest.mark.parametrize(
    ("judged", "wrong"),
    [
        (answer(raised("KeyError", "'waves'")), "raised KeyError"),
        (answer(raised("ExecutionCancelled")), "raised ExecutionCancelled"),
        (answer(raised("MemoryError")), "raised MemoryError"),
        (answer(raised("Runtime.MarshalError")), "Runtime.MarshalError"),
        (answer(raised("UnicodeEncodeError")), "UnicodeEncodeError"),
        (
            answer(raised("ValueError", "no", {"action": "store_task_token"})),
            "raised ValueError",
        ),
        (answer(raised("ContractViolationError", BROKEN)), "its own contract"),
        (
            answer(
                raised(
                    "TypeError", "x", {"action": "poll_wave_status"}, "query"
                ),
                raised("HandlerInvocationError", "query: TypeError"),
            ),
            "query-handler raised TypeError",
        ),
        (
            answer(
                raised(
                    "ContractViolationError",
                    "poll_wave_status request breaks",
                    {"action": "poll_wave_status"},
                    "query",
                ),
                invocation(STATE),
            ),
            "was asked what its contract forbids",
        ),
        (
            answer(invocation(builders.state(error="'waves'"))),
            "for no reason that tells",
        ),
        (
            answer(
                invocation(
                    builders.state(
                        error="'NoneType' object is not subscriptable"
                    )
                )
            ),
            "for no reason that tells",
        ),
        (
            answer(raised("ExecutionHistoryError", "x" * 10_000)),
            "An error is too long: 10000 characters",
        ),
        (answer(invocation(STATE), seconds=60), "Too slow: 60 s of CPU time"),
        (Answer(0, died="it was killed"), "No answer: it was killed"),
    ],
)
def test_an_answer_is_told_when_it_is_not_as_declared(
    judged: Answer, wrong: str
) -> None:
    assert [text for text in told(judged) if wrong in text] != []


@pytest.mark.parametrize("secret", [EXTERNAL_ID, TASK_TOKEN, CREDENTIAL])
@pytest.mark.parametrize(
    ("spread", "place"),
    [
        (lambda s: answer(invocation(STATE, log=f"token {s}")), "the log"),
        (
            lambda s: answer(raised("ExecutionHistoryError", f"of {s}")),
            "an error",
        ),
        (
            lambda s: answer(invocation(builders.state(error=f"no {s}"))),
            "the state's error",
        ),
        (
            lambda s: answer(invocation(builders.state(status_reason=s))),
            "the state's reason",
        ),
        (
            lambda s: Answer(200, (), {"errorMessage": f"no {s}"}),
            "the record's errorMessage",
        ),
    ],
)
def test_a_secret_is_told_wherever_it_stands(
    secret: str, spread: Any, place: str
) -> None:
    assert f"A secret stands in {place}: {secret[:12]}" in told(spread(secret))


def test_a_secret_may_travel_in_the_state_itself() -> None:
    state = builders.state(accountContext={"externalId": EXTERNAL_ID})

    assert told(answer(invocation(state))) == []
