"""The points of an execution: its calls, named by what they mean.

Calls are counted by function, operation and what they are about, never by
their place in the sequence: threads may make calls in another order.
"""

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.cloud import project
from harness.cloud.calls import STATE_MACHINE, AwsCall
from harness.cloud.subjects import subject


@dataclass(frozen=True)
class Point:
    """One call of an execution.

    Attributes:
        caller: Folder of the calling function, or `state machine`.
        operation: As AWS names it.
        about: The action of an invocation, the server or the launch
            template; empty if there is no need to tell.
        nth: Which of the calls with the same three, from 1.
    """

    caller: str
    operation: str
    about: str
    nth: int

    def __str__(self) -> str:
        words = [f"{self.caller}:", self.operation, self.about, str(self.nth)]
        return " ".join(word for word in words if word)

    @property
    def is_invocation(self) -> bool:
        """Whether a function is invoked."""
        return self.operation == "Invoke"

    @property
    def is_of_function(self) -> bool:
        """Whether a function makes the call, which can die at it."""
        return self.caller != _MACHINE


_MACHINE = "state machine"


class Points:
    """Names the calls of an execution as they come."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()
        self._folders = folders()

    def of(self, call: AwsCall) -> Point:
        """Name a call; to be asked once for each."""
        by_machine = call.function == STATE_MACHINE
        key = (
            _MACHINE if by_machine else self._folders[call.function],
            call.operation,
            _about(call.params),
        )
        with self._lock:
            self._counts[key] += 1
            return Point(*key, self._counts[key])


def folders() -> dict[str, str]:
    """Give the folders of all functions, by physical name."""
    functions = project.deployment("refactored").functions
    return {function.name: function.folder for function in functions}


def _about(params: Mapping[str, Any]) -> str:
    if "Payload" in params:
        return str(json.loads(params["Payload"]).get("action", ""))
    return subject(params)
