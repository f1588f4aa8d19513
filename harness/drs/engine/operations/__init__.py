"""The operations of DRS that the emulator simulates, by name."""

from collections.abc import Callable, Mapping
from typing import Any

from harness.drs.engine.operations import (
    account,
    jobs,
    launch_configuration,
    recovery,
    recovery_instances,
    recovery_plan_execution_steps,
    recovery_plan_executions,
    recovery_plan_steps,
    recovery_plans,
    source_servers,
    tags,
)
from harness.drs.engine.region import Region

Operation = Callable[[Region, Mapping[str, Any]], Mapping[str, Any]]

OPERATIONS: dict[str, Operation] = {
    "InitializeService": account.initialize,
    "DescribeSourceServers": source_servers.describe,
    "GetLaunchConfiguration": launch_configuration.get,
    "UpdateLaunchConfiguration": launch_configuration.update,
    "StartRecovery": recovery.start,
    "TerminateRecoveryInstances": recovery.terminate,
    "DescribeJobs": jobs.describe,
    "DescribeJobLogItems": jobs.describe_log_items,
    "DescribeRecoveryInstances": recovery_instances.describe,
    "CreateRecoveryPlan": recovery_plans.create,
    "GetRecoveryPlan": recovery_plans.get,
    "ListRecoveryPlans": recovery_plans.list_all,
    "UpdateRecoveryPlan": recovery_plans.update,
    "DeleteRecoveryPlan": recovery_plans.delete,
    "CreateRecoveryPlanStep": recovery_plan_steps.create,
    "GetRecoveryPlanStep": recovery_plan_steps.get,
    "ListRecoveryPlanSteps": recovery_plan_steps.list_all,
    "UpdateRecoveryPlanStep": recovery_plan_steps.update,
    "ReorderRecoveryPlanSteps": recovery_plan_steps.reorder,
    "DeleteRecoveryPlanStep": recovery_plan_steps.delete,
    "StartRecoveryPlanExecution": recovery_plan_executions.start,
    "GetRecoveryPlanExecution": recovery_plan_executions.get,
    "ListRecoveryPlanExecutions": recovery_plan_executions.list_all,
    "CancelRecoveryPlanExecution": recovery_plan_executions.cancel,
    "DeleteRecoveryPlanExecution": recovery_plan_executions.delete,
    "GetRecoveryPlanExecutionStep": recovery_plan_execution_steps.get,
    "ListRecoveryPlanExecutionSteps": recovery_plan_execution_steps.list_all,
    "UpdateRecoveryPlanExecutionStep": recovery_plan_execution_steps.update,
    "RetryRecoveryPlanExecutionStep": recovery_plan_execution_steps.retry,
    "ListTagsForResource": tags.list_for_resource,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
}
