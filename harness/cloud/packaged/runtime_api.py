"""The Runtime API of Lambda, for one process that runs one function.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import re
import time
from dataclasses import dataclass
from queue import SimpleQueue

from werkzeug import Request, Response

from harness.cloud.functions import FunctionSpec
from harness.cloud.lambda_runtime import Outcome

PREFIX = "/2018-06-01/runtime/"
_ANSWER = re.compile(f"{PREFIX}invocation/([^/]+)/(response|error)")


@dataclass(frozen=True)
class Work:
    """An invocation for the process to do.

    Attributes:
        deadline: Virtual milliseconds since 1970.
    """

    request_id: str
    payload: bytes
    deadline: int


class RuntimeApi:
    """Hands invocations to the process that asks, and takes its answers.

    Attributes:
        work: What is to be done; None when there will be no more.
        outcomes: What came of it, with the invocation's id; with None if
            the process could not even start.
        taken_at: Real moment at which the process took the last work.
    """

    def __init__(self, function: FunctionSpec) -> None:
        self._function = function
        self.taken_at: float | None = None
        self.work: SimpleQueue[Work | None] = SimpleQueue()
        self.outcomes: SimpleQueue[tuple[str | None, Outcome]] = SimpleQueue()

    def answer(self, request: Request) -> Response:
        """Answer a request of the process."""
        if request.path == f"{PREFIX}invocation/next":
            return self._next()
        body = request.get_data()
        if request.path == f"{PREFIX}init/error":
            self.outcomes.put((None, Outcome(body, "Unhandled")))
            return _accepted()
        found = _ANSWER.fullmatch(request.path)
        if found is None:
            return Response(status=404)
        error = "Unhandled" if found[2] == "error" else None
        self.outcomes.put((found[1], Outcome(body, error)))
        return _accepted()

    def _next(self) -> Response:
        work = self.work.get()
        if work is None:
            return Response(status=410)
        self.taken_at = time.monotonic()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": work.request_id,
            "Lambda-Runtime-Deadline-Ms": str(work.deadline),
            "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
            "Content-Type": "application/json",
        }
        return Response(work.payload, 200, headers)


def _accepted() -> Response:
    return Response('{"status":"OK"}', 202, mimetype="application/json")
