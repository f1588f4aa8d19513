"""One local AWS in this process: the project deployed, in virtual time."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Self

import boto3
from moto import mock_aws

from harness import drs
from harness.cloud import (
    deployed_functions,
    environment,
    mixed_runner,
    moto_patches,
    moto_world,
    project,
)
from harness.cloud.botocore_handlers import installed
from harness.cloud.calls import After, AwsCall, Before
from harness.cloud.deployment import Deployment
from harness.cloud.executions import Executions, Transition
from harness.cloud.functions import DEFAULT_REGION, FunctionCatalogue
from harness.cloud.hook_failures import HookFailures
from harness.cloud.ids import SeededIds
from harness.cloud.invoker import Invocation, RecordingInvoker
from harness.cloud.lambda_api import LambdaApi
from harness.cloud.moto_patches import assumed_roles
from harness.cloud.moto_patches.task_tokens import TaskTokens
from harness.cloud.operator import Operator
from harness.cloud.own_deployment import OwnDeployment
from harness.cloud.permissions.guard import Guard
from harness.cloud.recorder import CallRecorder
from harness.cloud.settings import LocalCloudSettings, make_clock
from harness.cloud.tables import Item, Tables
from harness.cloud.wire import ANSWERED, AwsWire

__all__ = ["LocalCloud", "LocalCloudSettings"]

_MOTO_CONFIG: Any = {
    "core": {"passthrough": {"urls": [ANSWERED], "services": []}},
    "stepfunctions": {"execute_state_machine": True},
}


class LocalCloud:
    """A local AWS with the project on it, for use in a `with` statement.

    Only one can be entered at a time in a process: it is the process's
    time, environment and AWS.

    Attributes:
        deployment: What is deployed.
        clock: Virtual time.
        lock: Held while moto answers and while time moves.
        lambda_api: Invokes functions for requests from outside.
        executions: Those of the state machine.
        hook_failures: What hooks raised and nobody was told yet.
        tables: Items as the service's API reads and writes them.
        state_machine_arn: ARN of the deployed state machine.
    """

    executions: Executions
    tables: Tables
    state_machine_arn: str
    _wire: AwsWire

    def __init__(
        self,
        settings: LocalCloudSettings = LocalCloudSettings(),
        deployment: Deployment | None = None,
    ) -> None:
        """Prepare a cloud; nothing exists until it is entered.

        Args:
            deployment: Instead of the project's own.
        """
        self._settings = settings
        self.deployment = deployment or self._project(settings.orchestration)
        self._stack = ExitStack()
        self.lock = threading.RLock()
        self._ids = SeededIds(settings.seed)
        self._tokens = TaskTokens(self._ids)
        self._recorder = CallRecorder()
        self.clock = make_clock(settings, self.lock)
        gateway = self._recorder, lambda: self._wire, self._ids
        self._runner = mixed_runner.make(
            settings, self.deployment.lambda_root, self.clock, gateway
        )
        catalogue = FunctionCatalogue(
            self.deployment.functions, deployed_functions.find
        )
        self._invoker = RecordingInvoker(catalogue, self._runner, self._ids)
        self.hook_failures = HookFailures(self._recorder, self._invoker)
        self.lambda_api = LambdaApi(self._invoker)
        self._wire = AwsWire(
            self.lambda_api, self._recorder, self._ids, self.lock
        )

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._enter_world(stack)
            self._deploy()
            settings = self._settings
            self._begin(settings.seed, settings.profile, settings.options)
            stack.callback(self._end_work)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        failures = self.hook_failures.take()
        self._stack.close()
        if failures and kind is None:
            raise failures[0]

    def reset(
        self,
        seed: int | None = None,
        orchestration: project.Orchestration | None = None,
        profile: drs.Profile | None = None,
        options: drs.EmulatorOptions | None = None,
    ) -> None:
        """Make the world as it was when entered, for another scenario.

        Everything but the deployment is forgotten: items, executions,
        what other services hold, time, recordings, hooks, and all Lambda
        code with its clients. A reset world behaves exactly as a fresh
        one with the same seed.

        Args:
            seed: Instead of the one in the settings.
            orchestration: The Lambda to call from now on, if another.
            profile: How long DRS jobs take, instead of the settings'.
            options: What DRS is like, instead of the settings'.
        """
        self._end_work()
        if orchestration is not None:
            self._switch_to(self._project(orchestration))
        self._begin(
            self._settings.seed if seed is None else seed,
            profile or self._settings.profile,
            options or self._settings.options,
        )

    @property
    def enforces_iam(self) -> bool:
        """Whether calls need permissions in the policies of roles."""
        return self._settings.enforces_iam

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
            before: Called once per call, before it is sent, in the thread
                that makes it; what it returns goes wrong with the call.
            after: Called when the answer is known.
        """
        if before:
            self._recorder.hooks.before.append(before)
        if after:
            self._recorder.hooks.after.append(after)

    def on_invocation(self, listener: Callable[[Invocation], None]) -> None:
        """Tell a listener of each invocation once it is over."""
        self._invoker.listeners.append(listener)

    def operator(self, execution_id: str, plan_id: str) -> Operator:
        """Give the person who watches over an execution."""
        return Operator(
            self.tables.history_key(execution_id, plan_id),
            self.tables,
            self.executions,
            self.clock,
        )

    def put_protection_group(self, item: Item) -> None:
        """Store a protection group (DATA_MODEL.md section 1)."""
        self.tables.put("ProtectionGroupsTable", item)

    def put_execution(self, item: Item) -> None:
        """Store an execution's record (DATA_MODEL.md section 3)."""
        self.tables.put("ExecutionHistoryTable", item)

    def history_item(self, execution_id: str, plan_id: str) -> Item | None:
        """Read an execution's record; numbers are int or float."""
        key = self.tables.history_key(execution_id, plan_id)
        return self.tables.get("ExecutionHistoryTable", key)

    def start_execution(
        self, execution_id: str, document: Mapping[str, Any]
    ) -> str:
        """Start the state machine; see `Executions.start`."""
        return self.executions.start(execution_id, document)

    def describe(self, arn: str) -> Mapping[str, Any]:
        """Describe an execution as the API does."""
        return self.executions.describe(arn)

    def transitions(self, arn: str) -> list[Transition]:
        """List the states entered and left, with their data, in order."""
        return self.executions.transitions(arn)

    def wait(self, arn: str, limit: float | None = None) -> str:
        """Wait for an end or a pause; see `Executions.wait`.

        Raises:
            BaseException: What a hook raised, as soon as it has.
        """
        status = self.executions.wait(arn, limit, self.hook_failures.exist)
        if failures := self.hook_failures.take():
            raise failures[0]
        return status

    def _switch_to(self, deployment: Deployment) -> None:
        # moto parses a definition for a good twentieth of a second.
        if deployment is not self.deployment:
            self.deployment = deployment
            moto_world.switch(self.state_machine_arn, deployment)

    def _project(self, orchestration: project.Orchestration) -> Deployment:
        responses = self._settings.contract_responses
        return project.deployment(orchestration, responses)

    def _enter_world(self, stack: ExitStack) -> None:
        region = {"AWS_DEFAULT_REGION": DEFAULT_REGION}
        sandbox = environment.sandbox() | region
        drs.register()
        stack.enter_context(environment.applied(sandbox))
        stack.enter_context(self.clock)
        stack.enter_context(self._runner)
        stack.enter_context(self._invoker.logs)
        stack.enter_context(mock_aws(config=_MOTO_CONFIG))
        stack.enter_context(installed(self._recorder, self._wire))
        stack.enter_context(
            moto_patches.applied(self.clock, self._ids, self._tokens)
        )
        if self._settings.checks_roles or self.enforces_iam:
            stack.enter_context(assumed_roles.patch())
        if self.enforces_iam:
            guard = Guard(lambda: self.deployment, self.lock)
            stack.enter_context(guard.watching(self._recorder))

    def _deploy(self) -> None:
        self.state_machine_arn = moto_world.deploy(self.deployment)
        self._own = OwnDeployment()
        self.tables = Tables(self.deployment.tables)
        self.executions = Executions(
            boto3.client("stepfunctions"),
            self.state_machine_arn,
            self._tokens,
            self._settings.limit,
        )

    def _end_work(self) -> None:
        self.hook_failures.take()
        self._recorder.restart()
        self._invoker.restart()
        self.clock.release()
        self.executions.stop_all()

    def _begin(
        self, seed: int, profile: drs.Profile, options: drs.EmulatorOptions
    ) -> None:
        self._own.forget_others()
        moto_world.forget_data()
        drs.reset(seed, profile, options)
        self.clock.restart()
        self._recorder.restart()
        self._invoker.restart()
        self._ids.restart(seed)
