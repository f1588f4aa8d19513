"""AWS calls as a test sees them, and what a test can do to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import HTTPClientError, ReadTimeoutError

# The caller's name of calls that Step Functions makes itself.
STATE_MACHINE = "states"


@dataclass
class AwsCall:
    """One API call, whatever number of attempts botocore made of it.

    Attributes:
        function: Physical name of the calling Lambda, or `states`.
        service: botocore's name, such as `dynamodb`.
        operation: AWS's name, such as `UpdateItem`.
        params: What is sent, in the API's own shape, copied.
        account: Account of the credentials used.
        region: Region of the client.
        error: Error code or class of the connection's error; known once
            the call is over.
        session: ARN of the assumed role's session whose credentials are
            used; None for those of the caller's own role.
    """

    function: str
    service: str
    operation: str
    params: Mapping[str, Any]
    account: str
    region: str
    error: str | None = None
    session: str | None = None


@dataclass(frozen=True)
class ServiceError:
    """AWS answers with an error, as an HTTP response.

    Attributes:
        after_effect: Whether AWS does what was asked before it fails.
        attempts: How many attempts of the call fail; None for all.
    """

    code: str
    status: int = 400
    message: str = "injected"
    after_effect: bool = False
    attempts: int | None = None


@dataclass(frozen=True)
class NoAnswer:
    """The connection fails.

    Attributes:
        error: What botocore raises; read timeouts leave open whether AWS
            did what was asked.
        after_effect: Whether it did.
        attempts: How many attempts of the call fail; None for all.
    """

    error: type[HTTPClientError] = ReadTimeoutError
    after_effect: bool = False
    attempts: int | None = None


@dataclass(frozen=True)
class FunctionFailure:
    """An invoked function ends with an error of the runtime's kind.

    Attributes:
        error_type: Such as `Sandbox.Timedout` or `Runtime.ExitError`.
        after_effect: Whether its code ran to its end before.
        attempts: How many attempts of the call fail; None for all.
    """

    error_type: str
    message: str = "injected"
    after_effect: bool = False
    attempts: int | None = None


@dataclass(frozen=True)
class CallerDeath:
    """The function that makes a call dies in the course of it.

    Nothing of its code runs on: no `except Exception`, no other thread's
    next call. Only for functions that run in this process.

    Attributes:
        error_type: How Lambda reports it: `Runtime.ExitError` or
            `Sandbox.Timedout`.
        after_effect: Whether AWS did what was asked before.
        attempts: At how many attempts of the call; None for all.
    """

    error_type: str = "Runtime.ExitError"
    after_effect: bool = False
    attempts: int | None = None


Fault = ServiceError | NoAnswer | FunctionFailure | CallerDeath
Before = Callable[[AwsCall], Fault | None]
After = Callable[[AwsCall], None]


@dataclass
class PendingCall:
    """A call between its request and its answer.

    Attributes:
        outer: The call that this one is made in the course of.
        record: What a test sees; None until the first attempt, and for
            ever when neither a Lambda nor Step Functions calls.
        denial: With what AWS refuses the call, whatever a test does.
    """

    outer: "PendingCall | None"
    service: str
    operation: str
    protocol: str
    params: Mapping[str, Any]
    region: str
    attempts: int = 0
    record: AwsCall | None = None
    fault: Fault | None = None
    denial: ServiceError | None = None

    def fault_now(self) -> Fault | None:
        """Tell what goes wrong with the attempt that is being made."""
        fault = self.fault
        if fault is None or fault.attempts is None:
            return fault
        return fault if self.attempts <= fault.attempts else None


class Guard(Protocol):
    """Decides which calls AWS refuses."""

    def denial(self, call: AwsCall) -> ServiceError | None:
        """Tell with what a call is refused, once, before it is sent."""

    def over(self, call: AwsCall) -> None:
        """Note that a call is over."""


@dataclass
class CallHooks:
    """What tests asked to be told of each call."""

    before: list[Before] = field(default_factory=list)
    after: list[After] = field(default_factory=list)
