"""Recovery plans, written and executed through boto3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs
from harness.drs.engine.recovery_plan_options import RecoveryPlanOptions

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@dataclass
class Planner:
    """Writes plans and steers their executions."""

    emulator: Emulator

    def choose(self, quotas: drs.Quotas | None = None, **options: Any) -> None:
        """Begin a new world with other choices."""
        chosen = drs.EmulatorOptions(
            recovery_plans=RecoveryPlanOptions(**options),
            quotas=quotas or drs.Quotas(),
        )
        self.emulator.restart(options=chosen)
        self.emulator.initialize()

    def call(self, operation: str, **parameters: Any) -> Any:
        return getattr(self.emulator.drs, operation)(**parameters)

    def error(self, operation: str, **parameters: Any) -> tuple[str, str]:
        """Make a call that must fail; tell the class and the message."""
        with pytest.raises(ClientError) as error:
            self.call(operation, **parameters)
        answer: Any = error.value.response
        return answer["Error"]["Code"], answer["Error"]["Message"]

    def server(self, server_id: str, impact: str | None = None) -> Any:
        arn = f"arn:aws:drs:us-east-1:123456789012:source-server/{server_id}"
        level = {"impactLevel": impact} if impact else {}
        return {"serverArn": arn, **level}

    def plan(self, *steps: Any, name: str = "plan", **more: Any) -> str:
        """Make a plan of steps: minutes to wait or lists of servers."""
        answer = self.call("create_recovery_plan", name=name, **more)
        arn: str = answer["recoveryPlan"]["recoveryPlanArn"]
        for number, step in enumerate(steps, start=1):
            self.add(arn, step, f"step {number}")
        return arn

    def add(
        self, plan: str, step: Any, name: str = "step", **more: Any
    ) -> Any:
        return self.call(
            "create_recovery_plan_step",
            recoveryPlanArn=plan,
            stepName=name,
            configuration=self.configuration(step),
            **more,
        )["recoveryPlanStep"]

    def configuration(self, step: Any) -> dict[str, Any]:
        if isinstance(step, int):
            return {"waitStepConfiguration": {"waitDurationMinutes": step}}
        servers = [
            self.server(each) if isinstance(each, str) else each
            for each in step
        ]
        return {"serverStepConfiguration": {"servers": servers}}

    def plan_steps(self, plan: str) -> Any:
        answer = self.call("list_recovery_plan_steps", recoveryPlanArn=plan)
        return answer["recoveryPlanSteps"]

    def start(self, plan: str, mode: str = "DRILL", **more: Any) -> str:
        answer = self.call(
            "start_recovery_plan_execution",
            recoveryPlanArn=plan,
            mode=mode,
            **more,
        )
        arn: str = answer["recoveryPlanExecution"]["recoveryPlanExecutionArn"]
        return arn

    def execution(self, arn: str) -> Any:
        return self.call(
            "get_recovery_plan_execution", recoveryPlanExecutionArn=arn
        )["recoveryPlanExecution"]

    def status(self, arn: str) -> str:
        status: str = self.execution(arn)["status"]
        return status

    def steps(self, arn: str) -> Any:
        return self.call(
            "list_recovery_plan_execution_steps", recoveryPlanExecutionArn=arn
        )["recoveryPlanExecutionSteps"]

    def statuses(self, arn: str) -> list[str]:
        return [step["status"] for step in self.steps(arn)]

    def step(self, arn: str, index: int = 1) -> Any:
        """Show one step of an execution in full."""
        step_arn = self.step_arn(arn, index)
        return self.call(
            "get_recovery_plan_execution_step",
            recoveryPlanExecutionStepArn=step_arn,
        )["recoveryPlanExecutionStep"]

    def step_arn(self, arn: str, index: int = 1) -> str:
        found: str = self.steps(arn)[index - 1]["recoveryPlanExecutionStepArn"]
        return found

    def job_ids(self, arn: str, index: int = 1) -> list[str | None]:
        configuration = self.step(arn, index)["configuration"]
        servers = configuration["executionServerStepConfiguration"]["servers"]
        return [each.get("jobID") for each in servers]

    def cancel(self, arn: str) -> Any:
        return self.call(
            "cancel_recovery_plan_execution", recoveryPlanExecutionArn=arn
        )["recoveryPlanExecution"]

    def skip(self, arn: str, index: int) -> Any:
        return self.update(arn, index, status="SKIPPED")

    def update(self, arn: str, index: int, **change: Any) -> Any:
        return self.call(
            "update_recovery_plan_execution_step",
            recoveryPlanExecutionStepArn=self.step_arn(arn, index),
            **change,
        )["recoveryPlanExecutionStep"]

    def retry(self, arn: str, index: int = 1) -> Any:
        return self.call(
            "retry_recovery_plan_execution_step",
            recoveryPlanExecutionStepArn=self.step_arn(arn, index),
        )["recoveryPlanExecutionStep"]

    def sleep(self, minutes: float) -> None:
        self.emulator.sleep(minutes * 60)

    def add_server(self, hostname: str, **seed: Any) -> str:
        return self.emulator.add(hostname, **seed)


@pytest.fixture
def planner(emulator: Emulator) -> Planner:
    """Give a planner for an account without plans."""
    emulator.initialize()
    return Planner(emulator)
