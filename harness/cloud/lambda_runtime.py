"""What Lambda's Python runtime does around a handler."""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harness.cloud.caller import FunctionDiedError
from harness.cloud.clock import VirtualClock
from harness.cloud.functions import FunctionSpec
from harness.cloud.lambda_loader import Handler

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_RESPONSE_BYTES = 6_291_556


@dataclass(frozen=True)
class Outcome:
    """What a function answered.

    Attributes:
        payload: JSON: the answer, or the error document.
        function_error: `Unhandled` for an error document, else None.
        input_changed: Whether the handler changed its own event.
    """

    payload: bytes
    function_error: str | None = None
    input_changed: bool = False


class LambdaContext:
    """The second argument of a handler."""

    def __init__(
        self, function: FunctionSpec, request_id: str, clock: VirtualClock
    ) -> None:
        self.function_name = function.name
        self.function_version = "$LATEST"
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory)
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.log_stream_name = "local"
        self._clock = clock
        self._started = clock.now()
        self._timeout = function.timeout

    def get_remaining_time_in_millis(self) -> int:
        """Tell how much (virtual) time is left, in milliseconds."""
        elapsed = (self._clock.now() - self._started).total_seconds()
        return max(int((self._timeout - elapsed) * 1000), 0)


def run_handler(
    load: Callable[[], Handler], event: Any, context: LambdaContext
) -> Outcome:
    """Load and run a handler; an error becomes an error document."""
    try:
        handler = load()
    except Exception as error:
        kind = "Runtime.ImportModuleError"
        return failure(kind, str(error))
    try:
        result = handler(event, context)
    except SystemExit as error:
        message = f"Runtime exited with error: exit status {error.code}"
        return failure("Runtime.ExitError", message)
    except FunctionDiedError as death:
        return dead(death.error_type, context.aws_request_id)
    except Exception as error:
        return _failure(_document_of(error))
    return _marshalled(result)


def error_document(
    error_type: str, message: str, stack: list[str]
) -> dict[str, Any]:
    """Make the payload of a failed invocation.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    return {
        "errorMessage": message,
        "errorType": error_type,
        "stackTrace": stack,
    }


def failure(error_type: str, message: str) -> Outcome:
    """Make the outcome of an invocation that Lambda itself ends."""
    return _failure(error_document(error_type, message, []))


def dead(error_type: str, request_id: str) -> Outcome:
    """Make the outcome of an invocation whose function died."""
    return failure(error_type, f"RequestId: {request_id} Error: it died")


def too_large() -> Outcome:
    """Make the outcome of an answer that Lambda does not carry."""
    return failure(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size "
        f"({MAX_RESPONSE_BYTES} bytes).",
    )


def _marshalled(result: Any) -> Outcome:
    try:
        payload = json.dumps(result, default=_number).encode()
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        return failure("Runtime.MarshalError", message)
    if len(payload) > MAX_RESPONSE_BYTES:
        return too_large()
    return Outcome(payload)


def _number(value: object) -> int | float:
    """Write a Decimal as AWS's runtime client does: as its number."""
    if not isinstance(value, Decimal):
        kind = type(value).__name__
        raise TypeError(f"Object of type {kind} is not JSON serializable")
    is_whole = value.is_finite() and value == value.to_integral_value()
    return int(value) if is_whole else float(value)


def _failure(document: dict[str, Any]) -> Outcome:
    return Outcome(json.dumps(document).encode(), "Unhandled")


def _document_of(error: Exception) -> dict[str, Any]:
    # The first frame is this module's own.
    frames = traceback.extract_tb(error.__traceback__)[1:]
    stack = [_in_a_container(line) for line in traceback.format_list(frames)]
    return error_document(type(error).__name__, str(error), stack)


def _in_a_container(line: str) -> str:
    """Write a frame with the path that the code has in Lambda.

    A path of this machine would make two checkouts differ.
    """
    before, marker, after = line.partition('File "')
    path, quote, rest = after.partition('"')
    below = path.replace("\\", "/").rpartition("/lambda/")[2]
    return f"{before}{marker}/var/task/{below.lstrip('/')}{quote}{rest}"
