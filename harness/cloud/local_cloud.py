"""One local AWS in this process: the project deployed, in virtual time."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import boto3
from moto import mock_aws

from harness.cloud import environment, moto_patches, moto_world
from harness.cloud.botocore_handlers import installed
from harness.cloud.calls import After, AwsCall, Before
from harness.cloud.clock import EventSource, VirtualClock
from harness.cloud.deployment import Deployment
from harness.cloud.executions import Executions
from harness.cloud.functions import DEFAULT_REGION, FunctionCatalogue
from harness.cloud.ids import SeededIds
from harness.cloud.invoker import InProcessInvoker, Invocation
from harness.cloud.lambda_loader import LambdaLoader
from harness.cloud.moto_patches.task_tokens import TaskTokens
from harness.cloud.recorder import CallRecorder
from harness.cloud.wire import ANSWERED, AwsWire

_DEFAULT_START = datetime(2026, 1, 1, 12, tzinfo=UTC)
_MOTO_CONFIG: Any = {
    "core": {"passthrough": {"urls": [ANSWERED], "services": []}},
    "stepfunctions": {"execute_state_machine": True},
}


@dataclass(frozen=True)
class LocalCloudSettings:
    """What a local cloud is like.

    Attributes:
        seed: Every id and every jitter follows from it.
        start: First moment of virtual time.
        limit: Real seconds after which a wait is given up.
    """

    seed: int = 0
    start: datetime = _DEFAULT_START
    limit: float = 60


class LocalCloud:
    """A local AWS with a deployment on it, for use in a `with` statement.

    Only one can be entered at a time in a process: it is the process's
    time, environment and AWS.

    Attributes:
        clock: Virtual time.
        executions: Those of the state machine.
    """

    def __init__(
        self,
        deployment: Deployment,
        settings: LocalCloudSettings = LocalCloudSettings(),
        sources: tuple[EventSource, ...] = (),
    ) -> None:
        """Prepare a cloud; nothing exists until it is entered.

        Args:
            sources: Emulated services with events of their own.
        """
        self.deployment = deployment
        self._settings = settings
        self._stack = ExitStack()
        lock = threading.RLock()
        self._ids = SeededIds(settings.seed)
        self._tokens = TaskTokens(self._ids)
        self._recorder = CallRecorder()
        self.clock = VirtualClock(settings.start, sources, lock)
        self._loader = LambdaLoader(deployment.lambda_root)
        self._invoker = InProcessInvoker(
            FunctionCatalogue(deployment.functions),
            self._loader,
            self.clock,
            self._ids,
        )
        self._wire = AwsWire(self._invoker, self._recorder, self._ids, lock)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._enter_world(stack)
            machine = moto_world.deploy(self.deployment)
            self.executions = Executions(
                boto3.client("stepfunctions"),
                machine,
                self._tokens,
                self._settings.limit,
            )
            self._begin(self._settings.seed)
            stack.callback(self._end_work)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        failures = list(self._recorder.failures)
        self._stack.close()
        if failures and kind is None:
            raise failures[0]

    def reset(self, seed: int | None = None) -> None:
        """Make the world as it was when entered, for another scenario.

        Everything but the deployment is forgotten: items, executions,
        what other services hold, time, recordings, hooks, and all Lambda
        code with its clients. A reset world behaves exactly as a fresh
        one with the same seed.

        Args:
            seed: Instead of the one in the settings.
        """
        self._end_work()
        self._begin(self._settings.seed if seed is None else seed)

    @property
    def calls(self) -> list[AwsCall]:
        """AWS calls that Lambda code made, in order."""
        return self._recorder.calls

    @property
    def state_machine_calls(self) -> list[AwsCall]:
        """AWS calls that Step Functions made itself, in order."""
        return self._recorder.state_machine_calls

    @property
    def invocations(self) -> list[Invocation]:
        """Finished Lambda invocations, inner ones before outer ones."""
        return self._invoker.invocations

    def invoke(
        self, function_name: str, payload: Mapping[str, Any]
    ) -> Invocation:
        """Invoke a function directly, by name or ARN.

        Raises:
            FunctionNotFoundError: There is no such function.
        """
        document = json.dumps(payload).encode()
        return self._invoker.invoke(function_name, document)

    def on_call(
        self, before: Before | None = None, after: After | None = None
    ) -> None:
        """Act before and after each AWS call of Lambdas and states.

        Args:
            before: Called once per call, before it is sent; what it
                returns goes wrong with the call.
            after: Called when the answer is known.
        """
        if before:
            self._recorder.hooks.before.append(before)
        if after:
            self._recorder.hooks.after.append(after)

    def on_invocation(self, listener: Callable[[Invocation], None]) -> None:
        """Tell a listener of each invocation once it is over."""
        self._invoker.listeners.append(listener)

    def start_execution(
        self, execution_id: str, document: Mapping[str, Any]
    ) -> str:
        """Start the state machine; see `Executions.start`."""
        return self.executions.start(execution_id, document)

    def wait(self, arn: str, limit: float | None = None) -> str:
        """Wait for an end or a pause; see `Executions.wait`.

        Raises:
            BaseException: What a hook of the test raised meanwhile.
        """
        status = self.executions.wait(arn, limit)
        if self._recorder.failures:
            raise self._recorder.failures.pop(0)
        return status

    def _enter_world(self, stack: ExitStack) -> None:
        region = {"AWS_DEFAULT_REGION": DEFAULT_REGION}
        sandbox = environment.SANDBOX | region
        stack.enter_context(environment.applied(sandbox))
        stack.enter_context(self.clock)
        stack.enter_context(self._loader)
        stack.enter_context(self._invoker.logs)
        stack.enter_context(mock_aws(config=_MOTO_CONFIG))
        stack.enter_context(
            installed(
                [("before-send", self._wire.send)], self._recorder.handlers()
            )
        )
        stack.enter_context(
            moto_patches.applied(self.clock, self._ids, self._tokens)
        )

    def _end_work(self) -> None:
        self._recorder.restart()
        self._invoker.restart()
        self.executions.stop_all()

    def _begin(self, seed: int) -> None:
        moto_world.forget_data(self.deployment)
        self.clock.restart()
        self._recorder.restart()
        self._invoker.restart()
        self._ids.restart(seed)
