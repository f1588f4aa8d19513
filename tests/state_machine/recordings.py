"""What one interpreter told of an execution, for another to do the same."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

Document = dict[str, Any]
Definition = Mapping[str, Any]
Event = Mapping[str, Any]

_ENDS = {"ExecutionSucceeded": "SUCCEEDED", "ExecutionFailed": "FAILED"}


@dataclass
class Told:
    """The path of an execution, as an interpreter tells it.

    Attributes:
        entered: Each state that was entered, with its input.
        calls: Each attempt of a task: its state, and what it was given.
        waits: Seconds of each state that waited.
        end: Status and output, or error and cause; `RUNNING` when a task
            still waits for its answer.
    """

    entered: list[list[Any]]
    calls: list[list[Any]]
    waits: list[float]
    end: Document

    def differences(self, other: Self) -> list[tuple[str, Any, Any]]:
        """List where two paths part, each with what stands there."""
        sides = _numbered(self), _numbered(other)
        places = dict.fromkeys([*sides[0], *sides[1]])
        return [
            (place, *both)
            for place in places
            if (both := [side.get(place) for side in sides])[0] != both[1]
        ]


@dataclass(frozen=True)
class Recording:
    """An execution: what went into it, and what came of it.

    Attributes:
        document: Its input.
        answers: Of the tasks, in the order of their attempts.
    """

    definition: Definition
    document: Any
    answers: list[Document]
    told: Told


def read(definition: Definition, events: Iterable[Event]) -> Recording:
    """Read the history of an execution of a definition."""
    reader = _Reader()
    for event in events:
        reader.read(event["type"], event["timestamp"], _detail(event))
    return Recording(definition, reader.document, reader.answers, reader.told)


class _Reader:
    """Collects what the events of a history say, one after the other."""

    def __init__(self) -> None:
        self.document: Any = None
        self.answers: list[Document] = []
        self.told = Told([], [], [], {"status": "RUNNING"})
        self._entered_at = datetime.min

    def read(self, kind: str, at: datetime, detail: Event) -> None:
        if kind == "ExecutionStarted":
            self.document = json.loads(detail["input"])
        elif kind.endswith("StateEntered"):
            self._entered_at = at
            given = json.loads(detail["input"])
            self.told.entered.append([detail["name"], given])
        elif kind == "WaitStateExited":
            waited = (at - self._entered_at).total_seconds()
            self.told.waits.append(waited)
        elif kind == "TaskScheduled":
            self._call(json.loads(detail["parameters"]))
        elif kind in ("TaskSucceeded", "TaskFailed", "TaskTimedOut"):
            del self.answers[-1]["isPending"]
            self.answers[-1] |= _result(detail)
        elif kind in _ENDS:
            self.told.end = {"status": _ENDS[kind], **_result(detail)}

    def _call(self, parameters: Document) -> None:
        state, _ = self.told.entered[-1]
        self.told.calls.append([state, parameters])
        self.answers.append(
            {
                "state": state,
                "enteredAt": self._entered_at.isoformat(),
                "token": parameters.get("Payload", {}).get("taskToken"),
                "isPending": True,
            }
        )


def _numbered(told: Told) -> dict[str, Any]:
    """Give each step of a path a name of its own."""
    return {"end": told.end} | {
        f"{kind} {number}": step
        for kind in ("entered", "calls", "waits")
        for number, step in enumerate(getattr(told, kind))
    }


def _detail(event: Event) -> Event:
    keys = [key for key in event if key.endswith("EventDetails")]
    detail: Event = event[keys[0]] if keys else {}
    return detail


def _result(detail: Event) -> Document:
    if "error" in detail:
        return {"error": detail["error"], "cause": detail.get("cause")}
    return {"output": json.loads(detail["output"])}
