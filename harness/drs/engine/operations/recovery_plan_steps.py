"""The operations on the steps of recovery plans."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.drs.engine import client_tokens
from harness.drs.engine import recovery_plan_admission as admission
from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine import recovery_plan_views as views
from harness.drs.engine.errors import DrsError
from harness.drs.engine.paging import Listing
from harness.drs.engine.recovery_plan_records import (
    Configuration,
    PlannedServer,
    PlanStep,
    RecoveryPlan,
    servers_of,
)
from harness.drs.engine.region import Region
from harness.drs.engine.resources import refused_field

STEPS = Listing[PlanStep]("ListRecoveryPlanSteps")


def create(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add a step at its order, moving later ones, or at the end."""
    known = {step.arn: step for _, step in region.recovery_plans.steps()}
    step = client_tokens.once(
        region,
        "CreateRecoveryPlanStep",
        parameters,
        known.get,
        lambda: _add(region, parameters),
    )
    return {"recoveryPlanStep": views.step(step)}


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show a step."""
    _, step = resources.step(region, parameters["recoveryPlanStepArn"])
    return {"recoveryPlanStep": views.step(step)}


def list_all(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the steps of a plan in their order."""
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    page = STEPS.page(region, parameters, plan.steps)
    return {
        "recoveryPlanSteps": [views.step(each) for each in page.records],
        "nextToken": page.next_token,
    }


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name or the configuration, but not the type."""
    plan, step = resources.step(region, parameters["recoveryPlanStepArn"])
    resources.refuse_locked(region, plan)
    before = (step.name, step.configuration)
    configuration = step.configuration
    if "configuration" in parameters:
        configuration = admission.configuration(parameters["configuration"])
        _refuse_change(region, plan, step, configuration)
    step.name = parameters.get("stepName", step.name)
    step.configuration = configuration
    if before != (step.name, step.configuration):
        step.updated_at = region.now()
        _touch(region, plan)
    return {"recoveryPlanStep": views.step(step)}


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a step; later ones move up."""
    plan, step = resources.step(region, parameters["recoveryPlanStepArn"])
    resources.refuse_locked(region, plan)
    plan.steps.remove(step)
    plan.renumber()
    _touch(region, plan)
    return {"recoveryPlanStepArn": step.arn}


def reorder(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Put all steps of a plan in another order."""
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    resources.refuse_locked(region, plan)
    wanted = parameters["orderedStepArns"]
    if sorted(wanted) != sorted(step.arn for step in plan.steps):
        raise _incomplete(region, plan)
    plan.steps.sort(key=lambda step: wanted.index(step.arn))
    plan.renumber()
    _touch(region, plan)
    steps = [views.step(each) for each in plan.steps]
    return {"recoveryPlanSteps": steps}


def _incomplete(region: Region, plan: RecoveryPlan) -> DrsError:
    text = resources.texts(region).incomplete_order
    code = region.options.recovery_plans.incomplete_order_error
    field = ("orderedStepArns", text)
    return refused_field(region, code, field, plan.arn, resources.PLAN)


def _add(region: Region, parameters: Mapping[str, Any]) -> PlanStep:
    plan = resources.plan(region, parameters["recoveryPlanArn"])
    resources.refuse_locked(region, plan)
    configuration = admission.configuration(parameters["configuration"])
    order = _order(region, plan, parameters.get("stepOrder"))
    _refuse_addition(region, plan, configuration)
    now = region.now()
    step = PlanStep(
        arn=_arn(region, plan),
        order=order,
        name=parameters["stepName"],
        configuration=configuration,
        created_at=now,
        updated_at=now,
    )
    plan.steps.insert(order - 1, step)
    plan.renumber()
    _touch(region, plan)
    return step


def _arn(region: Region, plan: RecoveryPlan) -> str:
    form = region.options.recovery_plans.step_arn
    step_id = region.ids.new(region.options.recovery_plans.ids.step)
    kind, _, rest = form.format(parent=plan.plan_id, id=step_id).partition("/")
    return region.arn(kind, rest)


def _order(region: Region, plan: RecoveryPlan, wanted: int | None) -> int:
    end = len(plan.steps) + 1
    if wanted is None or wanted <= end:
        return wanted or end
    if region.options.recovery_plans.refuses_order_beyond_end:
        text = resources.texts(region).bad_order.format(most=end)
        code, field = resources.codes(region).bad_order, ("stepOrder", text)
        raise refused_field(region, code, field, plan.arn, resources.PLAN)
    return end


def _refuse_addition(
    region: Region, plan: RecoveryPlan, configuration: Configuration
) -> None:
    admission.refuse_servers(
        region, servers_of(configuration), _servers(plan.steps)
    )
    limit = region.options.quotas.steps_per_plan
    if len(plan.steps) >= limit:
        raise admission.over_quota(region, limit, "steps in a Recovery Plan")
    present = [step.configuration for step in plan.steps]
    if admission.too_many_servers(region, [*present, configuration]):
        raise admission.servers_over_quota(region, plan.arn, True)


def _refuse_change(
    region: Region,
    plan: RecoveryPlan,
    step: PlanStep,
    configuration: Configuration,
) -> None:
    if type(configuration) is not type(step.configuration):
        code = resources.codes(region).other_type
        field = ("configuration", resources.texts(region).other_type)
        raise refused_field(
            region, code, field, step.arn, "recovery_plan_step"
        )
    others = [each for each in plan.steps if each is not step]
    admission.refuse_servers(
        region, servers_of(configuration), _servers(others)
    )
    present = [each.configuration for each in others]
    if admission.too_many_servers(region, [*present, configuration]):
        raise admission.servers_over_quota(region, plan.arn, False)


def _servers(steps: Sequence[PlanStep]) -> list[PlannedServer]:
    return [
        server for step in steps for server in servers_of(step.configuration)
    ]


def _touch(region: Region, plan: RecoveryPlan) -> None:
    if region.options.recovery_plans.step_changes_touch_plan:
        plan.updated_at = region.now()
