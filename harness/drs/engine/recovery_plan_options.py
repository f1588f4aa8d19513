"""Choices about recovery plans that no source documents."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from harness.drs.engine.error_options import ConflictOrValidation

StartCheck = Literal["plan", "execution", "servers"]


@dataclass(frozen=True)
class RecoveryPlanTexts:
    """Error messages and codes of failed steps; none was seen."""

    unknown_plan: str = "Recovery Plan {id} does not exist"
    unknown_step: str = "Recovery Plan Step {id} does not exist"
    unknown_execution: str = "Recovery Plan Execution {id} does not exist"
    unknown_execution_step: str = (
        "Recovery Plan Execution Step {id} does not exist"
    )
    name_taken: str = "A Recovery Plan named {name} exists already"
    token_reused: str = (
        "The client token was used before with other parameters"
    )
    quota: str = "At most {limit} {what}"
    repeated: str = "{id} is in the Recovery Plan more than once"
    other_type: str = "The type of a step cannot change"
    bad_order: str = "The order of a new step can be at most {most}"
    incomplete_order: str = (
        "The list must name each step of the Recovery Plan once"
    )
    plan_invalid: str = "Recovery Plan {id} has no step of type SERVER"
    plan_executing: str = "Recovery Plan {id} has an execution in progress"
    not_in_plan: str = "{id} is not in the Recovery Plan"
    execution_state: str = (
        "Recovery Plan Execution {id} does not allow this in status {status}"
    )
    execution_expired: str = (
        "Recovery Plan Execution {id} has exceeded {hours} hours"
    )
    step_state: str = (
        "Recovery Plan Execution Step {id} does not allow this in status "
        "{status}"
    )
    one_change: str = (
        "Exactly one of status, servers and waitDurationMinutes is needed"
    )
    only_skipped: str = "Only SKIPPED is accepted"
    wrong_type: str = "This does not fit the type of the step"
    failed_servers: str = "Critical Source Servers were not launched: {ids}"
    failed_servers_code: str = "SERVER_LAUNCH_FAILED"
    expired_code: str = "EXECUTION_TIMED_OUT"
    nothing_to_launch: str = "No Source Server of the step can be launched"
    nothing_to_launch_code: str = "NO_SERVER_TO_LAUNCH"


@dataclass(frozen=True)
class RecoveryPlanErrorCodes:
    """Classes of errors where the service model leaves more than one.

    Each is named as its text in ``RecoveryPlanTexts`` or ``ErrorTexts``.
    """

    repeated: ConflictOrValidation = "ValidationException"
    other_type: ConflictOrValidation = "ValidationException"
    bad_order: ConflictOrValidation = "ValidationException"
    not_in_plan: ConflictOrValidation = "ValidationException"
    duplicate: ConflictOrValidation = "ValidationException"
    one_change: ConflictOrValidation = "ValidationException"
    only_skipped: ConflictOrValidation = "ValidationException"
    wrong_type: ConflictOrValidation = "ValidationException"
    name_taken: ConflictOrValidation = "ConflictException"
    plan_executing: ConflictOrValidation = "ConflictException"
    execution_state: ConflictOrValidation = "ConflictException"
    execution_expired: ConflictOrValidation = "ConflictException"
    step_state: ConflictOrValidation = "ConflictException"
    unknown_snapshot: Literal[
        "ConflictException",
        "ResourceNotFoundException",
        "ValidationException",
    ] = "ResourceNotFoundException"


@dataclass(frozen=True)
class RecoveryPlanIds:
    """How the ids begin that stand in ARNs; none was seen."""

    plan: str = "plan-"
    step: str = "st-"
    execution: str = "exec-"
    execution_step: str = "step-"


@dataclass(frozen=True)
class RecoveryPlanOptions:
    """What can be switched about recovery plans and their executions.

    ``reaction_time`` lies between the start of an execution and its first
    step, between the end of a step and the next one, and between a wish of
    the operator and what follows from it. ``step_arn`` and
    ``execution_step_arn`` are the last parts of ARNs, made from ``{parent}``
    (id of the plan or execution) and ``{id}``. ``undeclared_quota_error``
    is for an operation that declares no error for quotas, ``quota_code``
    the member ``quotaCode`` of errors about quotas of plans.
    ``start_checks`` is the order in which the start of an execution is
    checked: the plan is ACTIVE, no other execution runs, its servers can be
    launched; what it leaves out is not checked. ``active_with`` is what a plan needs to be ACTIVE, and
    ``empty_step_status`` what becomes of a step that launches no server.
    """

    reaction_time: timedelta = timedelta(seconds=1)
    failed_step_ends_execution: bool = True
    jobs_per_step: Literal["one", "one_per_server"] = "one"
    start_checks: tuple[StartCheck, ...] = ("plan", "execution", "servers")
    validates_servers_at_start: bool = True
    refuses_unknown_servers: bool = True
    refuses_repeated_servers: bool = True
    leaves_out_optional_servers: bool = True
    retries_launched_servers: bool = False
    expiry_skips_remaining_steps: bool = True
    retries_expired_executions: bool = False
    cancel_waits_for_job: bool = True
    cancelling_is_terminal: bool = False
    cancelled_wait_status: Literal["SKIPPED", "COMPLETED", "FAILED"] = (
        "SKIPPED"
    )
    one_change_per_update: bool = True
    refuses_order_beyond_end: bool = True
    unique_plan_names: bool = False
    locks_plan_while_executing: bool = False
    step_changes_touch_plan: bool = True
    deletes_executions_with_plan: bool = False
    newest_execution_first: bool = True
    jobs_carry_execution_tags: bool = False
    invalid_plan_error: Literal["ConflictException", "ValidationException"] = (
        "ConflictException"
    )
    second_execution_error: Literal[
        "ConflictException", "ServiceQuotaExceededException"
    ] = "ConflictException"
    reused_token_error: Literal["ConflictException", "ValidationException"] = (
        "ConflictException"
    )
    incomplete_order_error: Literal[
        "ConflictException", "ValidationException"
    ] = "ValidationException"
    undeclared_quota_error: Literal[
        "ConflictException",
        "ServiceQuotaExceededException",
        "ValidationException",
    ] = "ValidationException"
    quota_code: str | None = None
    active_with: Literal["server", "step"] = "server"
    empty_step_status: Literal["COMPLETED", "SKIPPED", "FAILED"] = "COMPLETED"
    tokens_outlive_resources: bool = False
    client_token_lifetime: timedelta = timedelta(hours=24)
    step_arn: str = "recovery-plan-step/{id}"
    execution_step_arn: str = "recovery-plan-execution-step/{id}"
    ids: RecoveryPlanIds = field(default_factory=RecoveryPlanIds)
    codes: RecoveryPlanErrorCodes = field(
        default_factory=RecoveryPlanErrorCodes
    )
    texts: RecoveryPlanTexts = field(default_factory=RecoveryPlanTexts)
