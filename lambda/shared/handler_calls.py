"""One Lambda calling another (BEHAVIOUR.md section 10)."""

import json
import os
from typing import TYPE_CHECKING, Any, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError

from shared import aws, contracts
from shared.execution_state import State
from shared.repeated_steps import REPEATED

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from shared.contract_types import (
        PollWaveStatusRequest,
        StartWaveRecoveryRequest,
    )

Request: TypeAlias = "StartWaveRecoveryRequest | PollWaveStatusRequest"

EXECUTION_HANDLER_READ_TIMEOUT = 310
QUERY_HANDLER_READ_TIMEOUT = 370

_PASSED_ON = {error.__name__: error for error in REPEATED}

_EXECUTION_HANDLER = aws.one_attempt(EXECUTION_HANDLER_READ_TIMEOUT)
_QUERY_HANDLER = aws.one_attempt(QUERY_HANDLER_READ_TIMEOUT)


class HandlerInvocationError(Exception):
    """A handler did not do what its contract promises.

    The state machine runs the step again: every step may be repeated.
    """

    def __init__(
        self, function: str, action: str, error_type: str, message: str
    ) -> None:
        super().__init__(f"{function} {action}: {error_type}: {message}")
        self.function = function
        self.action = action
        self.error_type = error_type


def start_wave_recovery(state: State, wave_number: int) -> State:
    """Have the execution-handler start a wave.

    Args:
        state: The execution's state.
        wave_number: Zero-based.

    Returns:
        The state after the start, which may have ended or paused.

    Raises:
        HandlerInvocationError: The handler did not answer as promised.
        ExecutionHistoryError: The handler could not write the history.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    return _call(
        aws.client("lambda", _EXECUTION_HANDLER),
        os.environ["EXECUTION_HANDLER_ARN"],
        {
            "action": "start_wave_recovery",
            "state": state,
            "wave_number": wave_number,
        },
    )


def poll_wave_status(state: State) -> State:
    """Have the query-handler poll the current wave.

    Returns:
        The state after the poll.

    Raises:
        HandlerInvocationError: The handler did not answer as promised.
        ExecutionHistoryError: The handler could not write the history.
        RecoveryStartUncertainError: A job may run that nobody can find.
    """
    return _call(
        aws.client("lambda", _QUERY_HANDLER),
        os.environ["QUERY_HANDLER_ARN"],
        {"action": "poll_wave_status", "state": state},
    )


def _call(client: "LambdaClient", function: str, request: Request) -> State:
    action = request["action"]
    try:
        response = client.invoke(
            FunctionName=function, Payload=json.dumps(request).encode()
        )
        payload = json.loads(response["Payload"].read())
    except (BotoCoreError, ClientError, ValueError) as error:
        raise HandlerInvocationError(
            function, action, type(error).__name__, str(error)
        ) from error
    if "FunctionError" in response:
        raise _remote_error(function, action, payload)
    return {**request["state"], **_checked(function, action, payload)}


def _remote_error(function: str, action: str, payload: Any) -> Exception:
    details = payload if isinstance(payload, dict) else {}
    error_type = details.get("errorType", "Unknown")
    message = details.get("errorMessage", "")
    if error_type in _PASSED_ON:
        return _PASSED_ON[error_type](message)
    return HandlerInvocationError(function, action, error_type, message)


def _checked(function: str, action: str, payload: Any) -> State:
    try:
        contracts.require(action, "response", payload)
    except contracts.ContractViolationError as error:
        raise HandlerInvocationError(
            function, action, type(error).__name__, str(error)
        ) from error
    answer: State = payload
    return answer
