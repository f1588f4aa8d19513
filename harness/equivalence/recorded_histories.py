"""Read what a state machine sent its Lambda from an execution's history.

The history is what `aws stepfunctions get-execution-history` prints, see
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.equivalence.draws import ACTIONS

Document = dict[str, Any]


class HistoryError(ValueError):
    """A document is no history that can be used; says where and why."""


@dataclass(frozen=True)
class Delivery:
    """One event that the state machine sent its Lambda.

    Attributes:
        number: Id of the history's event.
        at: When it was scheduled.
        payload: What was sent.
        answer: What the Lambda answered; None for an error.
        error: The error's name, where it failed.
    """

    number: int
    at: datetime
    payload: Document
    answer: Document | None = None
    error: str | None = None

    @property
    def state(self) -> Document:
        """The state that the Lambda answered, empty if it failed."""
        return self.answer or {}


# Per type of event: the member with its details, and which one holds JSON.
_SCHEDULED = {
    "TaskScheduled": ("taskScheduledEventDetails", "parameters"),
    "LambdaFunctionScheduled": (
        "lambdaFunctionScheduledEventDetails",
        "input",
    ),
}
_ANSWERED = {
    "TaskSucceeded": ("taskSucceededEventDetails", "output"),
    # Before a person answers: the Lambda's own answer.
    "TaskSubmitted": ("taskSubmittedEventDetails", "output"),
    "LambdaFunctionSucceeded": (
        "lambdaFunctionSucceededEventDetails",
        "output",
    ),
}
_FAILED = {
    "TaskFailed": "taskFailedEventDetails",
    "TaskTimedOut": "taskTimedOutEventDetails",
    "TaskStartFailed": "taskStartFailedEventDetails",
    "TaskSubmitFailed": "taskSubmitFailedEventDetails",
    "LambdaFunctionFailed": "lambdaFunctionFailedEventDetails",
    "LambdaFunctionTimedOut": "lambdaFunctionTimedOutEventDetails",
    "LambdaFunctionStartFailed": "lambdaFunctionStartFailedEventDetails",
    "LambdaFunctionScheduleFailed": (
        "lambdaFunctionScheduleFailedEventDetails"
    ),
}


def deliveries(document: Mapping[str, Any]) -> list[Delivery]:
    """Find the events that an orchestration Lambda was sent, in order.

    Tasks of other functions are passed over.

    Args:
        document: With the list `events`; any order will do.

    Raises:
        HistoryError: It is no history, or holds no such event.
    """
    events = _events(document)
    found: list[Delivery] = []
    for position, (pointer, event) in enumerate(events):
        if event["type"] in _SCHEDULED:
            after = events[position + 1 :]
            delivery = _delivery(pointer, event, after)
            if delivery is not None:
                found.append(delivery)
    if not found:
        raise HistoryError(
            "/events: no Lambda task with an action of the orchestration "
            f"({', '.join(ACTIONS)}) and its payload"
        )
    return found


def _events(
    document: Mapping[str, Any],
) -> list[tuple[str, Mapping[str, Any]]]:
    events = document.get("events")
    if not isinstance(events, list):
        raise HistoryError("/events: a list is expected")
    placed = []
    for index, event in enumerate(events):
        pointer = f"/events/{index}"
        if not isinstance(event, Mapping):
            raise HistoryError(f"{pointer}: an object is expected")
        for name, kind in (("id", int), ("type", str)):
            if not isinstance(event.get(name), kind):
                raise HistoryError(f"{pointer}/{name}: missing or unusable")
        placed.append((pointer, event))
    return sorted(placed, key=lambda each: int(each[1]["id"]))


def _delivery(
    pointer: str,
    event: Mapping[str, Any],
    after: Sequence[tuple[str, Mapping[str, Any]]],
) -> Delivery | None:
    payload = _json(pointer, event, *_SCHEDULED[event["type"]])
    if event["type"] == "TaskScheduled" and isinstance(payload, Mapping):
        payload = payload.get("Payload")
    if not isinstance(payload, dict) or payload.get("action") not in ACTIONS:
        return None
    answer, error = _ending(after)
    return Delivery(
        number=event["id"],
        at=_moment(f"{pointer}/timestamp", event.get("timestamp")),
        payload=payload,
        answer=answer,
        error=error,
    )


def _ending(
    after: Sequence[tuple[str, Mapping[str, Any]]],
) -> tuple[Document | None, str | None]:
    for pointer, event in after:
        kind = event["type"]
        if kind in _SCHEDULED:
            break
        if kind in _ANSWERED:
            output = _json(pointer, event, *_ANSWERED[kind])
            if kind.startswith("Task") and isinstance(output, Mapping):
                output = output.get("Payload")
            return (output if isinstance(output, dict) else None), None
        if kind in _FAILED:
            details = event.get(_FAILED[kind]) or {}
            return None, str(details.get("error", kind))
    return None, None


def _json(
    pointer: str, event: Mapping[str, Any], details: str, member: str
) -> Any:
    place = f"{pointer}/{details}/{member}"
    text = (event.get(details) or {}).get(member)
    if not isinstance(text, str):
        raise HistoryError(
            f"{place}: missing; get-execution-history must be asked with "
            "--include-execution-data"
        )
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise HistoryError(f"{place}: no JSON: {error}") from None


def _moment(pointer: str, value: object) -> datetime:
    """Read a time: seconds as a number, or ISO 8601."""
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError):
        raise HistoryError(
            f"{pointer}: a time is expected, not {value!r}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def states(found: Sequence[Delivery]) -> Iterator[Document]:
    """Give every state that went in or out, in order."""
    for delivery in found:
        application = delivery.payload.get("application")
        if isinstance(application, dict):
            yield application
        if delivery.state:
            yield delivery.state
