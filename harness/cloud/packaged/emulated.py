"""Run functions under AWS's Runtime Interface Emulator, from their zips.

It is the Runtime API of Lambda as AWS itself wrote it, with the limits of a
tool for one function at a desk: the README of this room lists them.
"""

import http.client
import itertools
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from werkzeug import Request, Response

from harness.cloud.clock import VirtualClock
from harness.cloud.functions import FunctionSpec
from harness.cloud.ids import SeededIds
from harness.cloud.lambda_runtime import Outcome, failure
from harness.cloud.packaged.runner import PackagedRunner
from harness.cloud.packaged.runtime_api import Work
from harness.cloud.packaged.sandbox import (
    COLD_START,
    COMMAND,
    Place,
    Sandbox,
    environment_of,
    start,
)
from harness.cloud.recorder import CallRecorder
from harness.cloud.server.ports import HOST, PortTakenError, bind
from harness.cloud.wire import AwsWire

# What answers the AWS calls of other processes.
AwsParts = tuple[CallRecorder, Callable[[], AwsWire], SeededIds]

_PATH = "/2015-03-31/functions/function/invocations"
# What awslambdaric tells of an exception. The emulator answers 200 all the
# same, and without X-Amz-Function-Error.
_ERROR = {"errorMessage", "errorType", "requestId", "stackTrace"}
_TIMED_OUT = b"Task timed out after "
# Below the ports that Linux gives to clients, the emulator's own among them.
_PORTS = range(20_000, 32_768)
# Real seconds that the emulator may take to listen, and to end.
_LIMIT = 30.0
_LOOK = 0.01


class EmulatorEndedError(Exception):
    """The emulator ended by itself."""

    def __init__(self, code: int | None, written: str) -> None:
        super().__init__(
            f"AWS's Runtime Interface Emulator ended with {code}: {written}"
        )


class EmulatedSandbox(Sandbox):
    """Runs a function's invocations under an emulator of its own."""

    def __init__(
        self,
        emulator: Path,
        function: FunctionSpec,
        place: Place,
        answer_aws: Callable[[Request], Response],
        moment: float,
    ) -> None:
        """Start the emulator; it starts the function when it is invoked.

        Args:
            emulator: AWS's binary.

        Raises:
            EmulatorEndedError: It did not start.
        """
        self._emulator = emulator
        self._own_log = place.log.with_suffix(".emulator")
        super().__init__(function, place, answer_aws, moment)
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.close()
            raise

    def kill(self) -> None:
        """End the emulator, which ends the function first."""
        self.is_usable = False
        self._process.terminate()
        try:
            self._process.wait(_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _outcome(self, work: Work) -> Outcome:
        connection = self._connection()
        headers = {"X-Amzn-RequestId": work.request_id}
        try:
            connection.request("POST", _PATH, work.payload, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.kill()
            raise self._ended() from error
        finally:
            connection.close()
        return _outcome_of(response.status, body, work.request_id)

    def _connection(self) -> http.client.HTTPConnection:
        # The emulator counts a cold start as work of the function.
        limit = self._function.timeout + COLD_START
        return http.client.HTTPConnection(HOST, self._port, timeout=limit)

    def _start(self, url: str) -> subprocess.Popen[bytes]:
        self._port, api = _free_port(), _free_port()
        command: list[str | Path] = [self._emulator, "--log-level", "error"]
        command += ["--runtime-interface-emulator-address"]
        command += [f"{HOST}:{self._port}"]
        command += ["--runtime-api-address", f"{HOST}:{api}", *COMMAND]
        command += [self._function.handler]
        variables = environment_of(self._function, self._place, url)
        timeout = str(self._function.timeout)
        variables["AWS_LAMBDA_FUNCTION_TIMEOUT"] = timeout
        place = Place(self._place.task, self._place.runtime, self._own_log)
        return start(command, place, variables)

    def _wait_until_it_listens(self) -> None:
        end = time.monotonic() + _LIMIT
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection((HOST, self._port)).close()
            except OSError:
                time.sleep(_LOOK)
            else:
                return
        raise self._ended()

    def _ended(self) -> EmulatorEndedError:
        written = self._own_log.read_text("utf-8", "replace")
        return EmulatorEndedError(self._process.poll(), written)


class EmulatedRunner(PackagedRunner):
    """Runs each function under an emulator, one invocation at a time.

    Two at once would end the emulator. So an invocation waits for the one
    before it, which its timeout bounds.
    """

    def __init__(
        self,
        emulator: Path,
        packages: Path | None,
        clock: VirtualClock,
        aws: AwsParts,
    ) -> None:
        """Prepare to run; see `PackagedRunner`.

        Args:
            emulator: AWS's binary.
            aws: What answers the AWS calls of the processes.
        """
        super().__init__(packages, clock, *aws)
        self._emulator = emulator
        self._turns: dict[str, threading.Lock] = {}

    def run(
        self, function: FunctionSpec, request_id: str, payload: bytes
    ) -> Outcome:
        """Run a function under its emulator; see `Runner.run`.

        Raises:
            NoPackageError: The function has no zip.
            EmulatorEndedError: The emulator did not survive.
        """
        # One step of Python's, so that two threads get one lock.
        turn = self._turns.setdefault(function.name, threading.Lock())
        with turn:
            return super().run(function, request_id, payload)

    def _start(
        self, function: FunctionSpec, place: Place, moment: float
    ) -> Sandbox:
        aws = self._gateway.answer
        return EmulatedSandbox(self._emulator, function, place, aws, moment)


def _outcome_of(status: int, body: bytes, request_id: str) -> Outcome:
    if body.startswith(_TIMED_OUT):
        message = f"RequestId: {request_id} Error: {body.decode()}"
        return failure("Sandbox.Timedout", message)
    document = json.loads(body)
    if status != http.HTTPStatus.OK:
        return failure(document["errorType"], document["errorMessage"])
    is_error = isinstance(document, dict) and set(document) == _ERROR
    return Outcome(body, "Unhandled" if is_error else None)


# From a place of its own for each process, so that they seldom meet.
_numbers = itertools.count(os.getpid() * 61)


def _free_port() -> int:
    while True:
        port = _PORTS[next(_numbers) % len(_PORTS)]
        try:
            bind(port).close()
        except PortTakenError:
            continue
        return port
