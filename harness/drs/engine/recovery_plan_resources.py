"""Finding plans, steps and executions by ARN, and refusing their states."""

from harness.drs.engine import resources
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import DrsError
from harness.drs.engine.recovery_plan_options import (
    RecoveryPlanErrorCodes,
    RecoveryPlanTexts,
)
from harness.drs.engine.recovery_plan_records import (
    ExecutionStep,
    PlanExecution,
    PlanStep,
    RecoveryPlan,
)
from harness.drs.engine.region import Region
from harness.drs.engine.resources import not_found

PLAN: ResourceKind = "recovery_plan"
EXECUTION: ResourceKind = "recovery_plan_execution"
EXECUTION_STEP: ResourceKind = "recovery_plan_execution_step"


def texts(region: Region) -> RecoveryPlanTexts:
    """Read the error messages about recovery plans."""
    return region.options.recovery_plans.texts


def codes(region: Region) -> RecoveryPlanErrorCodes:
    """Read the classes of errors about recovery plans."""
    return region.options.recovery_plans.codes


def plan(region: Region, arn: str) -> RecoveryPlan:
    """Find a plan.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    found = region.recovery_plans.plans.get(arn)
    if found is None:
        raise not_found(region, texts(region).unknown_plan, arn, PLAN)
    return found


def step(region: Region, arn: str) -> tuple[RecoveryPlan, PlanStep]:
    """Find a step and its plan.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    for owner, found in region.recovery_plans.steps():
        if found.arn == arn:
            return owner, found
    raise not_found(
        region, texts(region).unknown_step, arn, "recovery_plan_step"
    )


def execution(region: Region, arn: str) -> PlanExecution:
    """Find an execution.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    found = region.recovery_plans.executions.get(arn)
    if found is None:
        raise not_found(
            region, texts(region).unknown_execution, arn, EXECUTION
        )
    return found


def execution_step(
    region: Region, arn: str
) -> tuple[PlanExecution, ExecutionStep]:
    """Find a step of an execution and its execution.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    for owner, found in region.recovery_plans.execution_steps():
        if found.arn == arn:
            return owner, found
    text = texts(region).unknown_execution_step
    raise not_found(region, text, arn, EXECUTION_STEP)


def refused(
    region: Region, code: str, text: str, arn: str, kind: ResourceKind = PLAN
) -> DrsError:
    """Make an error whose class is a choice of the options."""
    return resources.refused(region, code, text.format(id=arn), arn, kind)


def is_over(region: Region, found: PlanExecution) -> bool:
    """Tell whether an execution is in a terminal status."""
    ends = region.options.recovery_plans.cancelling_is_terminal
    return found.is_terminal or (ends and found.status == "CANCELLING")


def active_execution(region: Region, plan_arn: str) -> PlanExecution | None:
    """Find the execution of a plan that is not in a terminal status."""
    for found in region.recovery_plans.executions.values():
        if found.plan_arn == plan_arn and not is_over(region, found):
            return found
    return None


def refuse_executing(region: Region, found: RecoveryPlan) -> None:
    """Refuse what cannot be while an execution of the plan runs.

    Raises:
        DrsError: Of a class that the options choose.
    """
    if active_execution(region, found.arn):
        raise executing(region, found.arn)


def executing(region: Region, plan_arn: str) -> DrsError:
    """Make the error for a plan of which an execution runs."""
    code, text = codes(region).plan_executing, texts(region).plan_executing
    return refused(region, code, text, plan_arn)


def refuse_locked(region: Region, found: RecoveryPlan) -> None:
    """Refuse to change a plan in execution, if the options say so.

    Raises:
        DrsError: Of a class that the options choose.
    """
    if region.options.recovery_plans.locks_plan_while_executing:
        refuse_executing(region, found)


def execution_conflict(region: Region, found: PlanExecution) -> DrsError:
    """Make the error for an execution in a status that does not fit."""
    message = texts(region).execution_state.format(
        id=found.arn, status=found.status
    )
    code = codes(region).execution_state
    return resources.refused(region, code, message, found.arn, EXECUTION)


def step_conflict(region: Region, found: ExecutionStep) -> DrsError:
    """Make the error for an execution's step in a status that does not fit."""
    message = texts(region).step_state.format(
        id=found.arn, status=found.status
    )
    code = codes(region).step_state
    return resources.refused(region, code, message, found.arn, EXECUTION_STEP)
