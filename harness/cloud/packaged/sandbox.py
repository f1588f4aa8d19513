"""One process that runs a function, and the server that it talks to."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from werkzeug import Request, Response

from harness.cloud import caller, environment
from harness.cloud.functions import FunctionSpec
from harness.cloud.lambda_runtime import (
    MAX_RESPONSE_BYTES,
    Outcome,
    failure,
    too_large,
)
from harness.cloud.packaged import launch
from harness.cloud.packaged.process_logs import ProcessLog
from harness.cloud.packaged.runtime_api import PREFIX, RuntimeApi, Work
from harness.cloud.server.ports import bind, url_of
from harness.cloud.server.serving import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Real seconds between two looks at whether the process still lives.
_LOOK = 0.05
# Real seconds that a process may take to import its code. Lambda gives ten,
# but on its own machine.
COLD_START = 60.0
# Without site, Python sees the two folders and its own library only.
COMMAND = (sys.executable, "-S", "-P", launch.__file__)


@dataclass(frozen=True)
class Place:
    """Where a function's process lives.

    Attributes:
        task: Folder of the function's code.
        runtime: Folder of what the Lambda runtime brings.
        log: File that the process writes.
    """

    task: Path
    runtime: Path
    log: Path

    @property
    def clock(self) -> Path:
        """File with the moment at which the last invocation began."""
        return self.log.with_suffix(".clock")


class Sandbox:
    """Runs a function's invocations, one at a time.

    Attributes:
        is_usable: Whether it can take another invocation.
    """

    def __init__(
        self,
        function: FunctionSpec,
        place: Place,
        answer_aws: Callable[[Request], Response],
        moment: float,
    ) -> None:
        """Start the process.

        Args:
            answer_aws: Answers the AWS calls of the process.
            moment: Virtual seconds since 1970, for the code's import.
        """
        self.is_usable = True
        self._function = function
        self._place = place
        self._answer_aws = answer_aws
        self._api = RuntimeApi(function)
        self._request_id: str | None = None
        self._stack = ExitStack()
        listener = self._stack.enter_context(bind(0))
        self._stack.enter_context(serving(self._application, listener))
        self._set_clock(moment)
        place.log.touch()
        self._process = self._start(url_of(listener))
        self._log = ProcessLog(place.log)

    def invoke(
        self, request_id: str, payload: bytes, moment: float
    ) -> Outcome:
        """Run one invocation and wait for it.

        Args:
            moment: Virtual seconds since 1970.
        """
        self._request_id = request_id
        self._set_clock(moment)
        deadline = round((moment + self._function.timeout) * 1000)
        outcome = self._outcome(Work(request_id, payload, deadline))
        with caller.running(self._function.name, request_id):
            self._log.pass_on()
        if len(outcome.payload) > MAX_RESPONSE_BYTES:
            return too_large()
        return outcome

    def kill(self) -> None:
        """End the process."""
        self.is_usable = False
        self._process.kill()
        self._process.wait()
        self._api.work.put(None)

    def close(self) -> None:
        """End the process and its server."""
        self.kill()
        self._stack.close()

    def _set_clock(self, moment: float) -> None:
        self._place.clock.write_text(repr(moment), encoding="utf-8")

    def _start(self, url: str) -> subprocess.Popen[bytes]:
        """Start the process, with the URL of the server."""
        variables = environment_of(self._function, self._place, url)
        variables["AWS_LAMBDA_RUNTIME_API"] = url.removeprefix("http://")
        return start(COMMAND, self._place, variables)

    def _outcome(self, work: Work) -> Outcome:
        asked_at, self._api.taken_at = time.monotonic(), None
        self._api.work.put(work)
        while time.monotonic() < self._end(asked_at):
            has_ended = self._process.poll() is not None
            try:
                answered, outcome = self._api.outcomes.get(timeout=_LOOK)
            except Empty:
                if has_ended:
                    return self._exited(work.request_id)
                continue
            self.is_usable = answered is not None
            return outcome
        self.kill()
        return failure(
            "Sandbox.Timedout",
            f"RequestId: {work.request_id} Error: Task timed out after "
            f"{self._function.timeout:.2f} seconds",
        )

    def _end(self, asked_at: float) -> float:
        """Tell when time is up; a cold start does not count as the work."""
        taken_at = self._api.taken_at
        if taken_at is None:
            return asked_at + COLD_START
        return taken_at + self._function.timeout

    def _exited(self, request_id: str) -> Outcome:
        self.is_usable = False
        return failure(
            "Runtime.ExitError",
            f"RequestId: {request_id} Error: Runtime exited with error: "
            f"exit status {self._process.returncode}",
        )

    def _application(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(PREFIX):
            return self._api.answer(request)(environ, start_response)
        with caller.running(self._function.name, self._request_id or ""):
            # First what was logged before the call.
            self._log.pass_on()
            response = self._answer_aws(request)
        return response(environ, start_response)


def start(
    command: Sequence[str | Path], place: Place, variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process that sees a function's code and nothing else."""
    with place.log.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=place.task,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def environment_of(
    function: FunctionSpec, place: Place, url: str
) -> dict[str, str]:
    """Give the variables that Lambda sets, and those of the local cloud.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

    Args:
        url: Where AWS calls go.
    """
    ours = {k: v for k, v in environment.sandbox().items() if v is not None}
    return {
        **ours,
        **function.environment,
        "PATH": os.defpath,
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join([str(place.task), str(place.runtime)]),
        "LAMBDA_TASK_ROOT": str(place.task),
        "_HANDLER": function.handler,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_ENDPOINT_URL": url,
        "LOCAL_CLOUD_CLOCK": str(place.clock),
        "LOCAL_CLOUD_LOG": str(place.log),
        "LOCAL_CLOUD_TIMEOUT": str(function.timeout),
    }
