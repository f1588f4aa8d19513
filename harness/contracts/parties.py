"""Who serves an action, who calls it, and which errors it answers with.

A schema says what crosses a boundary, not between whom. A test compares what
stands here with what Lambdas do.
"""

from dataclasses import dataclass

STATE_MACHINE = "the state machine"
ANYONE = "anyone with the permission to invoke it"
ORCHESTRATIONS = (
    "orchestration-stepfunctions",
    "dr-orchestration-stepfunction",
)
EVERY_ACTION = ("UnknownActionError", "ContractViolationError")
ERRORS = {
    "UnknownActionError": "The request names no action that the Lambda "
    "serves. The message lists those it does.",
    "ContractViolationError": "The request breaks its contract, or asks for "
    "a version that is not served. Nothing was started. The message names "
    "each place, the rule and what is expected.",
    "WaveNotInPlanError": "The wave number lies beyond the plan.",
    "HandlerInvocationError": "Another Lambda did not answer as its contract "
    "promises. Every step may be repeated: the state machine does.",
    "ExecutionHistoryError": "The execution history could not be written, "
    "or read, where it must be. Every step may be repeated.",
    "RecoveryStartUncertainError": "A DRS job may run or not, and neither "
    "DRS nor the history can tell. Every step may be repeated.",
    "ValueError": "The request holds no task token.",
    "ExecutionCancelled": "A person asked to cancel before the pause began; "
    "the state machine catches it.",
    "AccountContextError": "The account context of a foreign account lacks "
    "what is needed to assume its role.",
    "RoleAssumptionDeniedError": "The foreign account does not let the "
    "Lambda in: check role, trust and external id.",
    "RoleAssumptionInvalidError": "STS does not accept what the account "
    "context says: check account id, role name and external id.",
    "ClientError": "AWS refused.",
}
_START_ERRORS = ("ExecutionHistoryError", "RecoveryStartUncertainError")
_STEP_ERRORS = ("HandlerInvocationError", *_START_ERRORS)
# The state itself may say that it stands at a wave beyond its plan.
_NO_WAVE = "WaveNotInPlanError"


@dataclass(frozen=True)
class Parties:
    """Both sides of an action.

    Attributes:
        servers: Folders of the Lambdas that answer.
        callers: Folders of the Lambdas that ask, or who else does.
        errors: Types of the errors that it answers with, beside those of
            every action.
    """

    servers: tuple[str, ...]
    callers: tuple[str, ...]
    errors: tuple[str, ...]


PARTIES = {
    "orchestration/begin": Parties(
        ORCHESTRATIONS, (STATE_MACHINE,), _STEP_ERRORS
    ),
    "orchestration/update_wave_status": Parties(
        ORCHESTRATIONS, (STATE_MACHINE,), (_NO_WAVE, *_STEP_ERRORS)
    ),
    "orchestration/store_task_token": Parties(
        ORCHESTRATIONS,
        (STATE_MACHINE,),
        (
            "ValueError",
            _NO_WAVE,
            "ExecutionCancelled",
            "ExecutionHistoryError",
        ),
    ),
    "orchestration/resume_wave": Parties(
        ORCHESTRATIONS,
        (STATE_MACHINE,),
        (_NO_WAVE, *_STEP_ERRORS),
    ),
    "start_wave_recovery": Parties(
        ("execution-handler",),
        ("dr-orchestration-stepfunction", "query-handler"),
        (_NO_WAVE, *_START_ERRORS),
    ),
    "poll_wave_status": Parties(
        ("query-handler",),
        ("dr-orchestration-stepfunction",),
        (_NO_WAVE, *_STEP_ERRORS),
    ),
    "query_servers_by_tags": Parties(
        ("query-handler",),
        (ANYONE,),
        (
            "AccountContextError",
            "RoleAssumptionDeniedError",
            "RoleAssumptionInvalidError",
            "ClientError",
        ),
    ),
}
