"""Invoke Lambda functions, as the service would."""

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

from harness.cloud import caller, environment
from harness.cloud.clock import VirtualClock
from harness.cloud.functions import FunctionCatalogue, FunctionSpec
from harness.cloud.ids import SeededIds
from harness.cloud.lambda_loader import LambdaLoader
from harness.cloud.lambda_logs import LogCapture, LogLine
from harness.cloud.lambda_runtime import (
    LambdaContext,
    Outcome,
    dead,
    error_document,
    run_handler,
)

__all__ = [
    "InProcessRunner",
    "InvalidPayloadError",
    "Invocation",
    "Invoker",
    "RecordingInvoker",
    "Runner",
    "error_document",
]


@dataclass(frozen=True)
class Invocation:
    """One finished invocation.

    Attributes:
        function: Physical name of the function.
        caller: The invoking function, or None for somebody outside of
            all functions (the state machine, a test).
        request: Payload as it arrived.
        payload: The answer, or the error document.
        function_error: `Unhandled` when the handler failed, else None.
        logs: What the code logged, those of inner invocations excluded.
        input_changed: Whether the handler changed its own event.
    """

    function: str
    caller: str | None
    request_id: str
    request: bytes
    payload: bytes
    function_error: str | None
    logs: tuple[LogLine, ...]
    input_changed: bool = False

    def json(self) -> Any:
        """Give the payload as a document."""
        return json.loads(self.payload)


class Invoker(Protocol):
    """Whatever runs functions: this process, packaged zips, an emulator."""

    def invoke(self, function_name: str, payload: bytes) -> Invocation:
        """Run a function and wait for its answer.

        Args:
            function_name: Name or ARN.
            payload: A JSON document.

        Raises:
            FunctionNotFoundError: There is no such function.
            InvalidPayloadError: The payload is no JSON.
        """


class InvalidPayloadError(Exception):
    """The payload of an invocation is not JSON."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"Could not parse request body into json: {reason}")


class Runner(Protocol):
    """Runs the code of functions, in this process or in others."""

    def lock_of(
        self, function: FunctionSpec
    ) -> AbstractContextManager[object]:
        """Give what is held while an invocation of a function runs."""

    def __enter__(self) -> object:
        """Prepare whatever code needs to run."""

    def __exit__(self, *_: object) -> None:
        """End all code."""

    def run(
        self, function: FunctionSpec, request_id: str, payload: bytes
    ) -> Outcome:
        """Run a function with a JSON document."""

    def restart(self) -> None:
        """Start all code anew: the next invocation is a cold start."""


class RecordingInvoker:
    """Invokes functions and keeps what comes of it.

    Attributes:
        invocations: Finished ones, inner before outer.
        failures: What listeners raised, which is a test's own error.
    """

    def __init__(
        self, catalogue: FunctionCatalogue, runner: Runner, ids: SeededIds
    ) -> None:
        self._catalogue = catalogue
        self._runner = runner
        self._ids = ids
        self.logs = LogCapture()
        self.listeners: list[Callable[[Invocation], None]] = []
        self.restart()

    def restart(self) -> None:
        """Forget all invocations and listeners; start all code anew."""
        self.invocations: list[Invocation] = []
        self.failures: list[BaseException] = []
        self.listeners.clear()
        self._runner.restart()

    def invoke(self, function_name: str, payload: bytes) -> Invocation:
        """Run a function and wait for it; see `Invoker.invoke`."""
        function = self._catalogue.find(function_name)
        document_of(payload)
        with self._runner.lock_of(function):
            request_id = self._ids.uuid("invocation")
            outcome = self._runner.run(function, request_id, payload)
            invocation = Invocation(
                function=function.name,
                caller=caller.function(),
                request_id=request_id,
                request=payload,
                payload=outcome.payload,
                function_error=outcome.function_error,
                logs=tuple(self.logs.take(request_id)),
                input_changed=outcome.input_changed,
            )
            self.invocations.append(invocation)
        self._tell(invocation)
        return invocation

    def _tell(self, invocation: Invocation) -> None:
        with caller.outside():
            for listener in list(self.listeners):
                try:
                    listener(invocation)
                except BaseException as error:
                    self.failures.append(error)
                    raise


class InProcessRunner:
    """Runs handlers in this process, one invocation tree at a time.

    The environment of a process is one, so two threads cannot run
    functions with different variables at once: the second waits.
    """

    def __init__(self, root: Path, clock: VirtualClock) -> None:
        """Prepare to run.

        Args:
            root: Folder with one folder per Lambda, and `shared`.
        """
        self._loader = LambdaLoader(root)
        self._clock = clock
        self._lock = threading.RLock()

    def lock_of(
        self, function: FunctionSpec
    ) -> AbstractContextManager[object]:
        """Give the one lock; see `Runner.lock_of`."""
        return self._lock

    def __enter__(self) -> Self:
        self._loader.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._loader.__exit__(*details)

    def restart(self) -> None:
        """Forget all Lambda code; see `Runner.restart`."""
        self._loader.drop()

    def run(
        self, function: FunctionSpec, request_id: str, payload: bytes
    ) -> Outcome:
        """Run a function in this thread; see `Runner.run`."""
        event = document_of(payload)
        context = LambdaContext(function, request_id, self._clock)
        variables = {
            **function.environment,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
        }
        with (
            environment.applied(variables),
            caller.running(function.name, request_id) as life,
        ):
            outcome = run_handler(
                lambda: self._loader.handler(function.folder), event, context
            )
        if life.death is not None:
            # Also where a thread of its own died, whatever it answered.
            outcome = dead(life.death, request_id)
        changed = event != document_of(payload)
        return replace(outcome, input_changed=changed)


def document_of(payload: bytes) -> Any:
    """Read a payload; an empty one is an empty object.

    Raises:
        InvalidPayloadError: It is no JSON.
    """
    try:
        return json.loads(payload or b"{}", parse_constant=_no_constant)
    except ValueError as error:
        raise InvalidPayloadError(str(error)) from error
    except RecursionError as error:
        raise InvalidPayloadError("it is nested too deeply") from error


def _no_constant(name: str) -> None:
    """Refuse what Python takes for a number and JSON does not know."""
    raise ValueError(f"{name} is no JSON")
