"""The operations on the steps of an execution of a recovery plan."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.drs.engine import recovery_plan_admission as admission
from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine import recovery_plan_views as views
from harness.drs.engine.operations import recovery
from harness.drs.engine.paging import Listing
from harness.drs.engine.recovery_plan_records import (
    Configuration,
    ExecutionStep,
    PlanExecution,
    ServerStep,
    WaitStep,
    servers_of,
)
from harness.drs.engine.recovery_plan_runs import PlanRun
from harness.drs.engine.region import Region
from harness.drs.engine.resources import refused_field

STEPS = Listing[ExecutionStep]("ListRecoveryPlanExecutionSteps")
KIND = resources.EXECUTION_STEP
CHANGES = ("status", "servers", "waitDurationMinutes")


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show a step of an execution."""
    arn = parameters["recoveryPlanExecutionStepArn"]
    _, step = resources.execution_step(region, arn)
    return {"recoveryPlanExecutionStep": views.execution_step(step)}


def list_all(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the steps of an execution, all or those in one status."""
    arn = parameters["recoveryPlanExecutionArn"]
    execution = resources.execution(region, arn)
    status = parameters.get("filter", {}).get("status")
    found = [step for step in execution.steps if status in (None, step.status)]
    page = STEPS.page(region, parameters, found)
    return {
        "recoveryPlanExecutionSteps": [
            views.execution_step(each) for each in page.records
        ],
        "nextToken": page.next_token,
    }


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Skip a step, or change the servers or the wait of one to come."""
    arn = parameters["recoveryPlanExecutionStepArn"]
    execution, step = resources.execution_step(region, arn)
    changes = [name for name in CHANGES if name in parameters]
    most = 1 if region.options.recovery_plans.one_change_per_update else 2
    if not 1 <= len(changes) <= most:
        code = resources.codes(region).one_change
        text = resources.texts(region).one_change
        raise resources.refused(region, code, text, arn, KIND)
    if changes != ["status"]:
        _configure(region, execution, step, parameters)
    if "status" in parameters:
        _skip(region, execution, step, parameters["status"])
    return {"recoveryPlanExecutionStep": views.execution_step(step)}


def retry(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Try a failed step again; an execution that it ended goes on."""
    arn = parameters["recoveryPlanExecutionStepArn"]
    execution, step = resources.execution_step(region, arn)
    if step.status != "FAILED":
        raise resources.step_conflict(region, step)
    run = PlanRun(region, execution, recovery.start)
    _refuse_over(region, run)
    run.retry(step, region.now())
    return {"recoveryPlanExecutionStep": views.execution_step(step)}


def _skip(
    region: Region, execution: PlanExecution, step: ExecutionStep, status: str
) -> None:
    if status != "SKIPPED":
        code = resources.codes(region).only_skipped
        field = ("status", resources.texts(region).only_skipped)
        raise refused_field(region, code, field, step.arn, KIND)
    if step.status not in ("NOT_STARTED", "FAILED"):
        raise resources.step_conflict(region, step)
    run = PlanRun(region, execution, recovery.start)
    _refuse_over(region, run)
    run.skip(step, region.now())


def _configure(
    region: Region,
    execution: PlanExecution,
    step: ExecutionStep,
    parameters: Mapping[str, Any],
) -> None:
    configuration = _configuration(region, step, parameters)
    if step.status != "NOT_STARTED":
        raise resources.step_conflict(region, step)
    _refuse_over(region, PlanRun(region, execution, recovery.start))
    _refuse_servers(region, execution, step, configuration)
    step.configuration = configuration
    step.updated_at = region.now()


def _configuration(
    region: Region, step: ExecutionStep, parameters: Mapping[str, Any]
) -> Configuration:
    servers = parameters.get("servers")
    if isinstance(step.configuration, ServerStep) and servers is not None:
        return ServerStep(admission.servers(servers))
    minutes = parameters.get("waitDurationMinutes")
    if isinstance(step.configuration, WaitStep) and minutes is not None:
        return replace(step.configuration, minutes=minutes)
    name = "servers" if minutes is None else "waitDurationMinutes"
    field = (name, resources.texts(region).wrong_type)
    code = resources.codes(region).wrong_type
    raise refused_field(region, code, field, step.arn, KIND)


def _refuse_servers(
    region: Region,
    execution: PlanExecution,
    step: ExecutionStep,
    configuration: Configuration,
) -> None:
    others = [
        each.configuration for each in execution.steps if each is not step
    ]
    present = [server for each in others for server in servers_of(each)]
    added = servers_of(configuration)
    admission.refuse_servers(region, added, present, "servers")
    if admission.too_many_servers(region, [*others, configuration]):
        raise admission.servers_over_quota(region, execution.plan_arn, False)


def _refuse_over(region: Region, run: PlanRun) -> None:
    """Refuse to change an execution that cannot go on.

    Raises:
        DrsError: It was cancelled or has expired, or it failed and another
            one of the plan runs now.
    """
    execution = run.execution
    if execution.status in ("COMPLETED", "CANCELLING", "CANCELLED"):
        raise resources.execution_conflict(region, execution)
    retries = region.options.recovery_plans.retries_expired_executions
    if region.now() >= run.expires_at and not retries:
        text = resources.texts(region).execution_expired.format(
            id=execution.arn, hours=region.options.quotas.plan_execution_hours
        )
        raise resources.refused(
            region,
            resources.codes(region).execution_expired,
            text,
            execution.arn,
            resources.EXECUTION,
        )
    active = resources.active_execution(region, execution.plan_arn)
    if active not in (None, execution):
        raise resources.executing(region, execution.plan_arn)
