"""What a state machine sent its Lambda is found in every kind of history."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.equivalence.recorded_histories import HistoryError, deliveries

STATE = {"execution_id": "e", "status": "running", "wave_results": []}
POLL = {"action": "update_wave_status", "application": STATE}


def scheduled(number: int, payload: Any, **more: Any) -> dict[str, Any]:
    """Make the event of a task that calls a Lambda."""
    parameters = {"FunctionName": "arn:aws:lambda:f", "Payload": payload}
    return {
        "id": number,
        "type": "TaskScheduled",
        "timestamp": "2025-06-01T10:00:00.250000+02:00",
        "taskScheduledEventDetails": {
            "resourceType": "lambda",
            "parameters": json.dumps(parameters),
        },
        **more,
    }


def succeeded(number: int, answer: Any, kind: str = "Succeeded") -> Any:
    """Make the event of a task that answered."""
    return {
        "id": number,
        "type": f"Task{kind}",
        f"task{kind}EventDetails": {"output": json.dumps({"Payload": answer})},
    }


def test_events_and_answers_are_found_when_the_order_is_reversed() -> None:
    events = [
        succeeded(5, STATE),
        scheduled(4, POLL),
        {
            "id": 2,
            "type": "TaskFailed",
            "taskFailedEventDetails": {"error": "Sandbox.Timedout"},
        },
        scheduled(1, POLL),
    ]

    first, second = deliveries({"events": events})

    assert (first.number, first.error, first.answer) == (
        1,
        "Sandbox.Timedout",
        None,
    )
    assert (second.number, second.payload, second.state) == (4, POLL, STATE)


def test_answer_is_the_lambdas_own_when_a_person_answered_later() -> None:
    events = [
        scheduled(1, POLL),
        succeeded(2, STATE, "Submitted"),
        {
            "id": 3,
            "type": "TaskSucceeded",
            "taskSucceededEventDetails": {"output": "null"},
        },
    ]

    (delivery,) = deliveries({"events": events})

    assert delivery.answer == STATE


def test_payload_is_the_input_when_the_task_names_the_function_itself() -> (
    None
):
    events = [
        {
            "id": 1,
            "type": "LambdaFunctionScheduled",
            "timestamp": 1748764800,
            "lambdaFunctionScheduledEventDetails": {"input": json.dumps(POLL)},
        },
        {
            "id": 2,
            "type": "LambdaFunctionSucceeded",
            "lambdaFunctionSucceededEventDetails": {
                "output": json.dumps(STATE)
            },
        },
    ]

    (delivery,) = deliveries({"events": events})

    assert (delivery.payload, delivery.answer) == (POLL, STATE)
    assert delivery.at == datetime(2025, 6, 1, 8, tzinfo=UTC)


def test_tasks_of_other_functions_are_passed_over() -> None:
    events = [
        scheduled(1, {"notify": "people"}),
        scheduled(2, {"action": "send"}),
        scheduled(3, POLL),
    ]

    found = deliveries({"events": events})

    assert [each.number for each in found] == [3]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (3, "/events/0: an object"),
        (
            scheduled(1, POLL, taskScheduledEventDetails={}),
            "/events/0/taskScheduledEventDetails/parameters: missing",
        ),
        (
            scheduled(1, POLL, taskScheduledEventDetails={"parameters": "{"}),
            "/events/0/taskScheduledEventDetails/parameters: no JSON",
        ),
        (scheduled(1, POLL, timestamp="soon"), "/events/0/timestamp: a time"),
    ],
)
def test_place_is_told_when_a_history_cannot_be_used(
    event: Any, message: str
) -> None:
    with pytest.raises(HistoryError, match=message):
        deliveries({"events": [event]})
