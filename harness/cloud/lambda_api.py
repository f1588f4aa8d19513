"""Lambda's Invoke API, whichever way a request comes in."""

from botocore.awsrequest import AWSResponse

from harness.cloud.functions import FunctionNotFoundError
from harness.cloud.http_answers import answer, error_answer
from harness.cloud.invoker import (
    InvalidPayloadError,
    Invocation,
    Invoker,
)


class LambdaApi:
    """Answers requests to invoke a function."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    def invoke(
        self, reference: str, payload: bytes, invocation_type: str
    ) -> AWSResponse:
        """Run a function and answer as the service does.

        Args:
            reference: Name, partial ARN or ARN.
            payload: A JSON document.
            invocation_type: `Event` is answered 202 without a payload,
                once the function has run.
        """
        try:
            invocation = self._invoker.invoke(reference, payload)
        except FunctionNotFoundError as error:
            code = "ResourceNotFoundException"
            return error_answer("", "rest-json", 404, code, str(error))
        except InvalidPayloadError as error:
            code = "InvalidRequestContentException"
            return error_answer("", "rest-json", 400, code, str(error))
        return _answered(invocation, invocation_type == "Event")


def _answered(invocation: Invocation, is_event: bool) -> AWSResponse:
    headers = {"x-amzn-RequestId": invocation.request_id}
    if is_event:
        return answer("", 202, headers, b"")
    headers |= {"X-Amz-Executed-Version": "$LATEST"}
    if invocation.function_error:
        headers |= {"X-Amz-Function-Error": invocation.function_error}
    return answer("", 200, headers, invocation.payload)
