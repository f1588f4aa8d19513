"""The operations on executions of recovery plans."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.drs.engine import client_tokens
from harness.drs.engine import recovery_plan_admission as admission
from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine import recovery_plan_views as views
from harness.drs.engine.operations import recovery
from harness.drs.engine.paging import Listing
from harness.drs.engine.recovery_plan_records import (
    ExecutionStep,
    PlanExecution,
    PlanStep,
    RecoveryPlan,
    servers_of,
)
from harness.drs.engine.recovery_plan_runs import PlanRun
from harness.drs.engine.region import Region
from harness.drs.engine.resources import refuse_tags, refused_field


def start(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Start to execute a copy of a plan."""
    execution = client_tokens.once(
        region,
        "StartRecoveryPlanExecution",
        parameters,
        region.recovery_plans.executions.get,
        lambda: _start(region, parameters),
    )
    return {"recoveryPlanExecution": views.execution(execution)}


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show an execution; its steps are listed apart."""
    arn = parameters["recoveryPlanExecutionArn"]
    execution = resources.execution(region, arn)
    return {"recoveryPlanExecution": views.execution(execution)}


def list_all(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List executions of one plan or of all, in one status or in all.

    The operation declares no NotFound: an unknown plan has no executions.
    """
    listing = Listing[PlanExecution](
        "ListRecoveryPlanExecutions",
        region.options.recovery_plans.newest_execution_first,
    )
    found = [
        execution
        for execution in region.recovery_plans.executions.values()
        if _matches(parameters, execution)
    ]
    page = listing.page(region, parameters, found)
    return {
        "recoveryPlanExecutions": [
            views.execution(each) for each in page.records
        ],
        "nextToken": page.next_token,
    }


def cancel(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Cancel an execution: what has not begun is skipped."""
    arn = parameters["recoveryPlanExecutionArn"]
    execution = resources.execution(region, arn)
    if execution.status not in ("CREATED", "IN_PROGRESS"):
        raise resources.execution_conflict(region, execution)
    run = PlanRun(region, execution, recovery.start)
    run.cancel(region.now())
    return {"recoveryPlanExecution": views.execution(execution)}


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the record of an execution that has ended."""
    arn = parameters["recoveryPlanExecutionArn"]
    execution = resources.execution(region, arn)
    if not resources.is_over(region, execution):
        raise resources.execution_conflict(region, execution)
    del region.recovery_plans.executions[arn]
    return {"recoveryPlanExecutionArn": arn}


def _matches(parameters: Mapping[str, Any], execution: PlanExecution) -> bool:
    plan_arn = parameters.get("recoveryPlanArn", execution.plan_arn)
    status = parameters.get("status", execution.status)
    return bool((plan_arn, status) == (execution.plan_arn, execution.status))


def _start(region: Region, parameters: Mapping[str, Any]) -> PlanExecution:
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    tags = dict(parameters.get("tags", {}))
    refuse_tags(region, tags)
    snapshots = _snapshots(region, plan, parameters)
    admission.refuse_plan(region, plan, snapshots)
    execution_id = region.ids.new(region.options.recovery_plans.ids.execution)
    now = region.now()
    execution = PlanExecution(
        number=next(region.numbers),
        arn=region.arn("recovery-plan-execution", execution_id),
        plan_arn=plan.arn,
        mode=parameters["mode"],
        started_at=now,
        steps=[_copy(region, execution_id, each, now) for each in plan.steps],
        snapshots=snapshots,
        tags=tags,
    )
    region.recovery_plans.executions[execution.arn] = execution
    PlanRun(region, execution, recovery.start).start()
    return execution


def _copy(
    region: Region, execution_id: str, step: PlanStep, now: datetime
) -> ExecutionStep:
    options = region.options.recovery_plans
    form = options.execution_step_arn
    step_id = region.ids.new(options.ids.execution_step)
    kind, _, rest = form.format(parent=execution_id, id=step_id).partition("/")
    return ExecutionStep(
        arn=region.arn(kind, rest),
        index=step.order,
        name=step.name,
        configuration=step.configuration,
        created_at=now,
        updated_at=now,
    )


def _snapshots(
    region: Region, plan: RecoveryPlan, parameters: Mapping[str, Any]
) -> dict[str, str]:
    wanted = parameters.get("sourceServers", [])
    planned = {
        server.server_id
        for step in plan.steps
        for server in servers_of(step.configuration)
    }
    snapshots: dict[str, str] = {}
    for index, each in enumerate(wanted):
        server_id = each["sourceServerID"]
        field = f"sourceServers[{index}].sourceServerID"
        if server_id not in planned:
            text = resources.texts(region).not_in_plan.format(id=server_id)
            code, at = resources.codes(region).not_in_plan, (field, text)
            raise refused_field(region, code, at, plan.arn, resources.PLAN)
        if server_id in snapshots:
            text = region.options.error_texts.duplicate.format(id=server_id)
            code, at = resources.codes(region).duplicate, (field, text)
            raise refused_field(region, code, at, plan.arn, resources.PLAN)
        snapshots[server_id] = each["recoverySnapshotID"]
    return snapshots
