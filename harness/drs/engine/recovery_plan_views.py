"""The wire forms of recovery plans and their executions.

Lists show fewer members than single answers: what the shape of a summary
lacks is left out when the answer is written.
"""

from typing import Any

from harness.drs.engine.recovery_plan_records import (
    Configuration,
    ErrorDetail,
    ExecutionStep,
    PlanExecution,
    PlannedServer,
    PlanStep,
    RecoveryPlan,
    WaitStep,
)


def plan(record: RecoveryPlan) -> dict[str, Any]:
    """Make the wire form of a plan."""
    return {
        "recoveryPlanArn": record.arn,
        "name": record.name,
        "description": record.description,
        "status": record.status,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "tags": record.tags,
    }


def step(record: PlanStep) -> dict[str, Any]:
    """Make the wire form of a plan's step."""
    return {
        "recoveryPlanStepArn": record.arn,
        "stepOrder": record.order,
        "stepName": record.name,
        "configuration": _configuration(record.configuration),
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
    }


def execution(record: PlanExecution) -> dict[str, Any]:
    """Make the wire form of an execution."""
    return {
        "recoveryPlanExecutionArn": record.arn,
        "recoveryPlanArn": record.plan_arn,
        "mode": record.mode,
        "status": record.status,
        "startedAt": record.started_at,
        "completedAt": record.completed_at,
        "errorDetail": _error(record.error),
        "tags": record.tags,
    }


def execution_step(record: ExecutionStep) -> dict[str, Any]:
    """Make the wire form of an execution's step."""
    return {
        "recoveryPlanExecutionStepArn": record.arn,
        "stepIndex": record.index,
        "status": record.status,
        "stepName": record.name,
        "configuration": _execution_configuration(record),
        "errorDetail": _error(record.error),
        "attempt": record.attempt,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
    }


def _configuration(configuration: Configuration) -> dict[str, Any]:
    if isinstance(configuration, WaitStep):
        return _wait(configuration)
    servers = [_server(each) for each in configuration.servers]
    return {"serverStepConfiguration": {"servers": servers}}


def _execution_configuration(record: ExecutionStep) -> dict[str, Any]:
    if isinstance(record.configuration, WaitStep):
        return _wait(record.configuration)
    servers = [
        _server(each) | {"jobID": record.job_ids.get(each.server_id)}
        for each in record.configuration.servers
    ]
    return {"executionServerStepConfiguration": {"servers": servers}}


def _wait(configuration: WaitStep) -> dict[str, Any]:
    minutes = configuration.minutes
    return {"waitStepConfiguration": {"waitDurationMinutes": minutes}}


def _server(server: PlannedServer) -> dict[str, Any]:
    return {"serverArn": server.arn, "impactLevel": server.impact_level}


def _error(detail: ErrorDetail | None) -> dict[str, Any] | None:
    if detail is None:
        return None
    return {"code": detail.code, "message": detail.message}
