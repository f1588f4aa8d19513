"""Play the state machine: deliver events, carry the state, run steps again.

What is sent, and which errors are tried again, is as in the definition of
`cfn/step-functions-stack.yaml`; that whole executions agree through the real
definition is tested apart. No time passes between two tries of a step.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.cloud.invoker import Invocation

# Errors of the Lambda tasks' Retry list that a function can answer with.
RETRYABLE = frozenset(
    {
        "Lambda.Unknown",
        "Sandbox.Timedout",
        "Runtime.ExitError",
        "HandlerInvocationError",
        "ExecutionHistoryError",
        "RecoveryStartUncertainError",
    }
)
MAX_ATTEMPTS = 7
# Time passes between two attempts only where the answer depends on it: both
# sides meet such an error equally often, others not.
WAITED_FOR = "RecoveryStartUncertainError"
BACK_OFF_SECONDS = 8
Event = dict[str, Any]
Deliver = Callable[[Event], Invocation]


@dataclass(frozen=True)
class Attempt:
    """One delivery of an event.

    Attributes:
        action: What the event asked for.
        error: Type and message of the error; None for success.
        state: The answer; None for an error.
        input_changed: Whether the handler changed its own event.
    """

    action: str
    error: dict[str, Any] | None
    state: Any
    input_changed: bool


class NothingToDeliverError(Exception):
    """A step asks for an event that the execution cannot have yet."""


def status_of(answer: object) -> str | None:
    """Give the status in an answer; None if it is no state, or has none."""
    status = answer.get("status") if isinstance(answer, Mapping) else None
    return status if isinstance(status, str) else None


class Driver:
    """The state machine's side of one execution.

    Attributes:
        state: The last that was answered, a state or not; None before.
        events: Every event that was delivered, in order.
        states: Every state that was answered, in order.
    """

    def __init__(self, begin_event: Event) -> None:
        self._begin = begin_event
        self._tokens = 0
        self._has_begun = False
        self.state: Any = None
        self.events: list[Event] = []
        self.states: list[Any] = []

    def next_action(self) -> str | None:
        """Name what the state machine would do now; None at an end."""
        if not self._has_begun:
            return "begin"
        if not isinstance(self.state, dict):
            # No Choice of the definition can look into it.
            return None
        status = status_of(self.state)
        if status in ("failed", "timeout", "completed", "cancelled"):
            return None
        if status == "paused":
            return "resume_wave" if self._at_gate() else "store_task_token"
        return "update_wave_status"

    def limit_wait(self, seconds: int) -> None:
        """Let the waves of the execution time out after some seconds."""
        if isinstance(self.state, dict):
            self.state["current_wave_max_wait_time"] = seconds

    def add_key(self, name: str) -> None:
        """Let the state hold a key that no version knows."""
        if isinstance(self.state, dict):
            self.state[name] = {"kept": True}

    def event(self, action: str, of: int | None = None) -> Event:
        """Make an event, with the last state or an older one.

        Args:
            of: Index of an older answer, counted round; None for the last.

        Raises:
            NothingToDeliverError: There is no state to send.
        """
        if action == "begin":
            return copy.deepcopy(self._begin)
        state = self._state(of)
        event = {"action": action, "application": copy.deepcopy(state)}
        if action == "store_task_token":
            self._tokens += 1
            event["taskToken"] = f"token-{self._tokens}"
        return event

    def earlier(self, of: int) -> Event:
        """Give an event that was delivered before, counted round.

        Raises:
            NothingToDeliverError: None was.
        """
        if not self.events:
            raise NothingToDeliverError
        return copy.deepcopy(self.events[of % len(self.events)])

    def deliver(
        self,
        event: Event,
        deliver: Deliver,
        sleep: Callable[[float], None],
        follows: bool = True,
    ) -> list[Attempt]:
        """Deliver an event until it is answered or given up.

        Args:
            deliver: Invokes the function.
            sleep: Lets time pass, in seconds.
            follows: Whether the execution goes on from the answer; a late
                duplicate is answered and forgotten.
        """
        self.events.append(copy.deepcopy(event))
        attempts: list[Attempt] = []
        while len(attempts) < MAX_ATTEMPTS:
            attempts.append(_attempt(event, deliver(copy.deepcopy(event))))
            error = attempts[-1].error
            if error is None or error["errorType"] not in RETRYABLE:
                break
            if error["errorType"] == WAITED_FOR:
                sleep(BACK_OFF_SECONDS)
        answer = attempts[-1].state
        if attempts[-1].error is None:
            self.states.append(answer)
            if follows:
                self.state, self._has_begun = answer, True
        return attempts

    def _at_gate(self) -> bool:
        return bool(
            self.events and self.events[-1]["action"] == "store_task_token"
        )

    def _state(self, of: int | None) -> Any:
        if not self.states:
            raise NothingToDeliverError
        if of is None:
            return self.state
        return self.states[of % len(self.states)]


def _attempt(event: Event, invocation: Invocation) -> Attempt:
    answer = invocation.json()
    failed = invocation.function_error is not None
    return Attempt(
        action=str(event.get("action")),
        error=_error(answer) if failed else None,
        state=None if failed else answer,
        input_changed=invocation.input_changed,
    )


def _error(document: Any) -> dict[str, Any]:
    # Stack traces name lines of code, which differ by design.
    return {key: document.get(key) for key in ("errorType", "errorMessage")}
