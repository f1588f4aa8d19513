"""Choices about recovery plans that no source documents."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


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


@dataclass(frozen=True)
class RecoveryPlanOptions:
    """What can be switched about recovery plans and their executions.

    ``reaction_time`` lies between the start of an execution and its first
    step, between the end of a step and the next one, and between a wish of
    the operator and what follows from it. ``step_arn`` and
    ``execution_step_arn`` are the last parts of ARNs, made from ``{parent}``
    (id of the plan or execution) and ``{id}``.
    """

    reaction_time: timedelta = timedelta(seconds=1)
    failed_step_ends_execution: bool = True
    validates_servers_at_start: bool = True
    refuses_unknown_servers: bool = True
    refuses_repeated_servers: bool = True
    leaves_out_optional_servers: bool = True
    retries_launched_servers: bool = False
    expiry_skips_remaining_steps: bool = True
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
    client_token_lifetime: timedelta = timedelta(hours=24)
    step_arn: str = "recovery-plan-step/{id}"
    execution_step_arn: str = "recovery-plan-execution-step/{id}"
    texts: RecoveryPlanTexts = field(default_factory=RecoveryPlanTexts)
