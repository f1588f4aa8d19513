"""Where each AWS request goes: to a local function, or to moto.

moto listens to botocore's event `before-send`. This handler comes first,
answers every request itself (asking moto where moto knows the answer)
and then hides the request from moto's own turn, because botocore calls
all handlers of that event, whatever an earlier one answered.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import HTTPClientError
from moto.core.models import botocore_stubber

from harness.cloud import caller
from harness.cloud.calls import (
    CallerDeath,
    Fault,
    FunctionFailure,
    NoAnswer,
    PendingCall,
)
from harness.cloud.http_answers import answer, error_answer
from harness.cloud.ids import SeededIds
from harness.cloud.invoker import error_document
from harness.cloud.lambda_api import LambdaApi
from harness.cloud.recorder import CallRecorder
from harness.cloud.subjects import subject

# moto leaves alone what it is told to pass through (its own setting).
ANSWERED = "https://answered.invalid/"

_ON_BEHALF = "x-moto-account-id"
_INVOKE = "before-send.lambda.Invoke"
Deliver = Callable[[], AWSResponse]


class AwsWire:
    """Carries each request of a boto3 client to whoever answers it."""

    def __init__(
        self,
        lambda_api: LambdaApi,
        recorder: CallRecorder,
        ids: SeededIds,
        lock: AbstractContextManager[object],
    ) -> None:
        """Prepare a wire.

        Args:
            lock: Held while moto answers, so that its ids come in one
                order, and shared with the clock.
        """
        self._lambda_api = lambda_api
        self._recorder = recorder
        self._ids = ids
        self._lock = lock

    def send(
        self, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> AWSResponse:
        """Answer a request, or fail it as a test or IAM asks."""
        url = str(request.url)
        if (life := caller.life()) is not None:
            life.go_on()
        fault = self._recorder.attempt(request)
        response = self._with_fault(
            fault, lambda: self._answer(request, event_name)
        )
        request.url = ANSWERED
        response.url = url
        return response

    def _with_fault(
        self, fault: Fault | None, deliver: Deliver
    ) -> AWSResponse:
        if fault is None:
            return deliver()
        if fault.after_effect:
            deliver()
        return _failed(fault, caller.pending_call())

    def _answer(
        self, request: AWSPreparedRequest, event_name: str
    ) -> AWSResponse:
        call = caller.pending_call()
        if call is not None and call.denial is not None:
            return _failed(call.denial, call)
        if event_name == _INVOKE:
            return self._invoke(request)
        return self._ask_moto(request, event_name)

    def _invoke(self, request: AWSPreparedRequest) -> AWSResponse:
        reference = urlsplit(str(request.url)).path.split("/")[3]
        kind = request.headers.get("X-Amz-Invocation-Type", "")
        return self._lambda_api.invoke(
            unquote(reference),
            payload(request.body),
            kind.decode() if isinstance(kind, bytes) else str(kind),
        )

    def _ask_moto(
        self, request: AWSPreparedRequest, event_name: str
    ) -> AWSResponse:
        _, service, operation = event_name.split(".")
        call = caller.pending_call()
        about = subject(call.params) if call is not None else ""
        with self._lock, caller.outside():
            # An emulated service that makes something seeds it itself.
            if _ON_BEHALF not in request.headers:
                self._ids.prepare_request(service, operation, about)
            response = botocore_stubber(event_name, request)
        if response is None:
            raise UnansweredRequestError(service, operation, str(request.url))
        return response


class NobodyDiesError(BaseException):
    """A call that no function of this process makes was to kill one."""

    def __init__(self, fault: CallerDeath) -> None:
        self.fault = fault
        super().__init__(f"No function of this process makes it: {fault}")


class UnansweredRequestError(Exception):
    """A request that nothing in the local cloud can answer."""

    def __init__(self, service: str, operation: str, url: str) -> None:
        self.service = service
        self.operation = operation
        super().__init__(
            f"Nothing answers {service} {operation} at {url}: it would have "
            "left for the network"
        )


def payload(body: Any) -> bytes:
    """Give the body of a request, in whichever form botocore holds it."""
    content = body.read() if hasattr(body, "read") else body or b""
    return content.encode() if isinstance(content, str) else bytes(content)


def _failed(fault: Fault, call: PendingCall | None) -> AWSResponse:
    if isinstance(fault, CallerDeath):
        _die(fault, call)
    if isinstance(fault, NoAnswer):
        raise _connection_error(fault.error, call)
    if isinstance(fault, FunctionFailure):
        document = error_document(fault.error_type, fault.message, [])
        headers = {
            "x-amzn-RequestId": "injected",
            "X-Amz-Function-Error": "Unhandled",
        }
        return answer("", 200, headers, json.dumps(document).encode())
    protocol = call.protocol if call else "json"
    return error_answer("", protocol, fault.status, fault.code, fault.message)


def _die(fault: CallerDeath, call: PendingCall | None) -> NoReturn:
    life = caller.life()
    if life is None:
        raise NobodyDiesError(fault)
    if call is not None and call.record is not None:
        call.record.error = fault.error_type
    life.end(fault.error_type)


def _connection_error(
    error: type[HTTPClientError], call: PendingCall | None
) -> HTTPClientError:
    service = call.service if call else "aws"
    endpoint = f"https://{service}.amazonaws.com/"
    return error(endpoint_url=endpoint, error="injected")
