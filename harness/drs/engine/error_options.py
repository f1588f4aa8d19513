"""Choices about errors that no source documents."""

from dataclasses import dataclass
from typing import Literal

ConflictOrValidation = Literal["ConflictException", "ValidationException"]
QuotaOrValidation = Literal[
    "ServiceQuotaExceededException", "ValidationException"
]
Refusal = Literal[
    "AccessDeniedException", "ConflictException", "ValidationException"
]
ResourceKind = Literal[
    "source_server",
    "recovery_instance",
    "recovery_snapshot",
    "job",
    "launch_configuration_template",
    "recovery_plan",
    "recovery_plan_step",
    "recovery_plan_execution",
    "recovery_plan_execution_step",
    "unknown",
]


@dataclass(frozen=True)
class ResourceTypes:
    """Values of ``resourceType``; none was seen.

    ``unknown`` is for an ARN that no resource with tags has.
    """

    source_server: str = "SourceServer"
    recovery_instance: str = "RecoveryInstance"
    recovery_snapshot: str = "RecoverySnapshot"
    job: str = "Job"
    launch_configuration_template: str = "LaunchConfigurationTemplate"
    recovery_plan: str = "RecoveryPlan"
    recovery_plan_step: str = "RecoveryPlanStep"
    recovery_plan_execution: str = "RecoveryPlanExecution"
    recovery_plan_execution_step: str = "RecoveryPlanExecutionStep"
    unknown: str = "Resource"


@dataclass(frozen=True)
class ErrorOptions:
    """What can be switched about the members of errors.

    ``shows_code`` tells whether the body repeats the class as ``code``.
    ``service_code`` stands in errors about quotas, None leaves it out.
    ``resource_ids`` are as the request names them, ARNs for example, or
    the last part of them. ``other_reason`` is the ``reason`` of a
    ValidationException about a request that breaks no constraint of the
    service model and has no field to blame.
    """

    shows_code: bool = True
    service_code: str | None = "drs"
    resource_ids: Literal["as_named", "last_part"] = "as_named"
    other_reason: Literal["other", "fieldValidationFailed"] = "other"


@dataclass(frozen=True)
class ErrorCodes:
    """Classes of errors where the service model leaves more than one.

    Each is named as its text in ``ErrorTexts``; ``servers_per_job`` and
    ``too_many_tags`` are quotas, ``disconnected`` is for settings and for
    the reversal of what is disconnected.
    """

    not_ready: ConflictOrValidation = "ConflictException"
    not_from_ec2: ConflictOrValidation = "ValidationException"
    not_initialized: ConflictOrValidation = "ConflictException"
    already_reversed: ConflictOrValidation = "ConflictException"
    disconnected: ConflictOrValidation = "ConflictException"
    extended: Refusal = "ConflictException"
    not_extensible: Refusal = "ValidationException"
    unknown_disk: ConflictOrValidation = "ValidationException"
    long_retention: ConflictOrValidation = "ValidationException"
    servers_per_job: QuotaOrValidation = "ServiceQuotaExceededException"
    too_many_tags: QuotaOrValidation = "ValidationException"
