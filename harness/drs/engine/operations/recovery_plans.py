"""CreateRecoveryPlan, and the operations that read and change plans."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import client_tokens
from harness.drs.engine import recovery_plan_admission as admission
from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine import recovery_plan_views as views
from harness.drs.engine.paging import Listing
from harness.drs.engine.recovery_plan_records import RecoveryPlan
from harness.drs.engine.region import Region
from harness.drs.engine.resources import refuse_tags

PLANS = Listing[RecoveryPlan]("ListRecoveryPlans")


def create(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Make a plan without steps; it is INVALID until it has some."""
    plan = client_tokens.once(
        region,
        "CreateRecoveryPlan",
        parameters,
        region.recovery_plans.plans.get,
        lambda: _add(region, parameters),
    )
    return {"recoveryPlan": views.plan(plan)}


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show a plan; its steps are listed apart."""
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    return {"recoveryPlan": views.plan(plan)}


def list_all(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List plans in the order they were made."""
    plans = region.recovery_plans.plans.values()
    page = PLANS.page(region, parameters, plans)
    return {
        "recoveryPlans": [views.plan(plan) for plan in page.records],
        "nextToken": page.next_token,
    }


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name or the description and leave what is not given."""
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    resources.refuse_locked(region, plan)
    name = parameters.get("name", plan.name)
    if name != plan.name:
        _refuse_name(region, name)
    description = parameters.get("description", plan.description)
    if (name, description) != (plan.name, plan.description):
        plan.updated_at = region.now()
    plan.name, plan.description = name, description
    return {"recoveryPlan": views.plan(plan)}


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a plan with its steps, unless an execution of it runs."""
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    resources.refuse_executing(region, plan)
    book = region.recovery_plans
    del book.plans[plan.arn]
    if region.options.recovery_plans.deletes_executions_with_plan:
        book.executions = {
            arn: execution
            for arn, execution in book.executions.items()
            if execution.plan_arn != plan.arn
        }
    return {"recoveryPlanArn": plan.arn}


def _add(region: Region, parameters: Mapping[str, Any]) -> RecoveryPlan:
    plans = region.recovery_plans.plans
    tags = dict(parameters.get("tags", {}))
    refuse_tags(region, tags)
    _refuse_name(region, parameters["name"])
    limit = region.options.quotas.recovery_plans
    if len(plans) >= limit:
        raise admission.over_quota(region, limit, "Recovery Plans")
    plan_id = region.ids.new(region.options.recovery_plans.ids.plan)
    now = region.now()
    plan = RecoveryPlan(
        number=next(region.numbers),
        plan_id=plan_id,
        arn=region.arn("recovery-plan", plan_id),
        name=parameters["name"],
        description=parameters.get("description"),
        created_at=now,
        updated_at=now,
        tags=tags,
        active_with=region.options.recovery_plans.active_with,
    )
    plans[plan.arn] = plan
    return plan


def _refuse_name(region: Region, name: str) -> None:
    if not region.options.recovery_plans.unique_plan_names:
        return
    for plan in region.recovery_plans.plans.values():
        if plan.name == name:
            text = resources.texts(region).name_taken.format(name=name)
            code = resources.codes(region).name_taken
            raise resources.refused(region, code, text, plan.arn)
