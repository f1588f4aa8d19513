"""Where the AWS calls of a function's process enter the local cloud."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import HTTPClientError
from botocore.model import OperationModel
from botocore.parsers import create_parser
from werkzeug import Request, Response

from harness.cloud import caller
from harness.cloud.calls import PendingCall
from harness.cloud.ids import SeededIds
from harness.cloud.packaged import aws_requests
from harness.cloud.packaged.aws_requests import (
    AwsRequest,
    UnreadableRequestError,
)
from harness.cloud.recorder import CallRecorder
from harness.cloud.subjects import subject
from harness.cloud.wire import AwsWire, payload

# What all attempts of a call have in common; the SDK sends it.
_CALL = "amz-sdk-invocation-id"


class Gateway:
    """Carries requests that come over HTTP as those made in this process.

    So they are recorded, refused and answered in the same way.
    """

    def __init__(
        self,
        recorder: CallRecorder,
        wire: Callable[[], AwsWire],
        ids: SeededIds,
    ) -> None:
        """Prepare a gateway.

        Args:
            wire: Gives what answers requests; asked for each.
        """
        self._recorder = recorder
        self._wire = wire
        self._ids = ids
        self._tokens: dict[str, str] = {}
        self._failed: dict[str, PendingCall | None] = {}

    def answer(self, request: Request) -> Response:
        """Answer a call, in a thread that runs as the calling function.

        Raises:
            ConnectionAbortedError: There is to be no answer.
        """
        asked = self._with_seeded_token(self._read(request))
        name = request.headers.get(_CALL, "")
        call = self._begin(asked, name)
        try:
            response = self._wire().send(asked.prepared, asked.event_name)
        except HTTPClientError as error:
            self._failed[name] = call
            self._recorder.end_without_answer(error)
            raise ConnectionAbortedError(str(error)) from error
        if response.status_code >= 300:
            self._failed[name] = call
        self._recorder.end(response, _parsed(asked.operation, response))
        return _answered(response)

    def _read(self, request: Request) -> AwsRequest:
        try:
            return aws_requests.read(request)
        except UnreadableRequestError as error:
            # Else only the function would be told, by a strange answer.
            self._recorder.failures.append(error)
            raise

    def _begin(self, asked: AwsRequest, name: str) -> PendingCall | None:
        """Begin a call, or go on with one that failed and is tried again."""
        if name and (failed := self._failed.pop(name, None)):
            self._recorder.go_on(failed)
        else:
            context = {"client_region": asked.region}
            self._recorder.keep_params(asked.params, context)
            self._recorder.begin(asked.operation, context)
        return caller.pending_call()

    def _with_seeded_token(self, asked: AwsRequest) -> AwsRequest:
        """Replace the token that botocore drew in the other process.

        The same one again is another attempt of the same call.
        """
        name = asked.operation.idempotent_members[:1]
        drawn = asked.params.get(name[0]) if name else None
        if drawn is None:
            return asked
        if drawn not in self._tokens:
            about = subject(asked.params)
            self._tokens[drawn] = self._ids.uuid("client token", about)
        seeded = self._tokens[drawn]
        body = payload(asked.prepared.body)
        asked.prepared.body = body.replace(drawn.encode(), seeded.encode())
        return replace(asked, params={**asked.params, name[0]: seeded})


def _parsed(
    operation: OperationModel, response: AWSResponse
) -> Mapping[str, Any]:
    parser: Any = create_parser(operation.service_model.resolved_protocol)
    answer = {
        "status_code": response.status_code,
        "headers": response.headers,
        "body": response.content,
    }
    if operation.has_streaming_output:
        return {}
    parsed: Mapping[str, Any] = parser.parse(answer, operation.output_shape)
    return parsed


def _answered(response: AWSResponse) -> Response:
    headers = {
        name: value
        for name, value in response.headers.items()
        if name.lower() not in ("content-length", "transfer-encoding")
    }
    return Response(response.content, response.status_code, headers)
