"""When outages begin, what they hit, and what was tried again."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harness.cloud.calls import STATE_MACHINE, AwsCall, Fault
from harness.reliability.runs import Execution

Strike = Callable[[AwsCall], Fault | None]


@dataclass(frozen=True)
class Moment:
    """A point of an execution: some call, for the n-th time.

    Attributes:
        call: The AWS operation, or what the state machine asks for.
        nth: Counted from one.
    """

    call: str
    nth: int = 1


@dataclass
class Steps:
    """The steps that the state machine takes, and their retries.

    Attributes:
        action: Of the last step.
        tries: How often it was tried.
        began: When it was tried first.
    """

    action: str = ""
    tries: int = 0
    began: datetime | None = None
    tried: datetime | None = None
    _payload: Any = None

    def note(self, call: AwsCall, now: datetime) -> None:
        """Note that the state machine asks for a step, perhaps again."""
        payload = call.params["Payload"]
        self.tried = now
        # A token is made for each try.
        same = _without_token(payload)
        if same == self._payload:
            self.tries += 1
            return
        self.action, self.tries = json.loads(payload)["action"], 1
        self._payload, self.began = same, now


@dataclass
class Watch:
    """What an execution meets.

    Attributes:
        strike: What goes wrong with a call, while the weather is bad.
        since: When bad weather begins; None for the start.
        seconds: How long it lasts; None for ever.
        hits: Faults by service.
        hit_steps: The tries of steps at which a fault was met: what was
            asked for, and when.
    """

    execution: Execution
    strike: Strike
    since: Moment | None = None
    seconds: float | None = None
    steps: Steps = field(default_factory=Steps)
    began: datetime | None = None
    hits: Counter[str] = field(default_factory=Counter)
    hit_steps: list[tuple[str, datetime | None]] = field(default_factory=list)
    _calls: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, call: AwsCall) -> Fault | None:
        """Look at a call; tell what goes wrong with it."""
        # Servers are configured by several threads at once.
        with self._lock:
            return self._look(call)

    def _look(self, call: AwsCall) -> Fault | None:
        now = self.execution.cloud.clock.now()
        if call.function == STATE_MACHINE and call.service == "lambda":
            self.steps.note(call, now)
        self._calls[kind(call)] += 1
        if self.began is None and self._has_come(call):
            self.began = now
        if not self._is_bad(now):
            return None
        fault = self.strike(call)
        if fault is not None:
            self.hits[call.service] += 1
            # What the state machine itself writes is no part of a step.
            if kind(call) != "UpdateItem" or call.function != STATE_MACHINE:
                self.hit_steps.append((self.steps.action, self.steps.tried))
            self.execution.faults += 1
        return fault

    def _has_come(self, call: AwsCall) -> bool:
        if self.since is None:
            return True
        nth = self._calls[self.since.call]
        return kind(call) == self.since.call and nth >= self.since.nth

    def _is_bad(self, now: datetime) -> bool:
        if self.began is None:
            return False
        if self.seconds is None:
            return True
        return now < self.began + timedelta(seconds=self.seconds)


def kind(call: AwsCall) -> str:
    """Name what a call asks for: of the state machine, the step."""
    if call.function == STATE_MACHINE and call.service == "lambda":
        return str(json.loads(call.params["Payload"])["action"])
    return call.operation


def _without_token(payload: Any) -> Any:
    document = json.loads(payload)
    document.pop("taskToken", None)
    return document
