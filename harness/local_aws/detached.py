"""Start the server in a process of its own, and end it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from harness.local_aws.control_client import (
    ControlClient,
    NotUpError,
    RefusedError,
)
from harness.local_aws.options import UpOptions
from harness.local_aws.runtime_directory import (
    AlreadyUpError,
    RunningServer,
    RuntimeDirectory,
)

# Real seconds.
_START = 90.0
_STOP = 30.0
_BETWEEN_LOOKS = 0.05
_PROGRAM = "from harness.cli import main; main()"


class StartFailedError(Exception):
    """The server did not come up.

    Attributes:
        exit_code: Of its process; 1 if it had to be ended.
    """

    def __init__(self, exit_code: int, reason: str) -> None:
        self.exit_code = exit_code
        super().__init__(reason)


class StopFailedError(Exception):
    """The server's process does not end."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        super().__init__(f"The process {pid} of the local AWS does not end")


def start(options: UpOptions) -> RunningServer:
    """Start a server and wait until it answers.

    Raises:
        AlreadyUpError: One is up.
        StartFailedError: It ended by itself, or took too long.
    """
    directory = RuntimeDirectory()
    if directory.is_locked():
        raise AlreadyUpError(directory.server())
    with directory.log.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "up", *options.arguments()],
            stdin=None if options.until_stdin_ends else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _wait(
        lambda: process.poll() is not None or _answers(directory, process.pid),
        _START,
    )
    server = directory.server()
    if process.poll() is None and server is not None:
        # It goes on without this process, which waits for it no more.
        process.returncode = 0
        return server
    raise _failed(process, directory)


def stop() -> RunningServer:
    """End the server of this user and wait until its process has ended.

    Raises:
        NotUpError: There is none.
        StopFailedError: It does not end, whatever is done.
    """
    directory = RuntimeDirectory()
    server = directory.server()
    if server is None:
        raise NotUpError()
    for end in (_ask, _terminate, _kill):
        end(server)
        if _wait(lambda: not directory.is_locked(), _STOP):
            return server
    raise StopFailedError(server.pid)


def _answers(directory: RuntimeDirectory, pid: int) -> bool:
    server = directory.published()
    if server is None or server.pid != pid:
        return False
    try:
        return bool(ControlClient(server.url).get("health")["pid"] == pid)
    except (NotUpError, RefusedError):
        return False


def _failed(
    process: "subprocess.Popen[bytes]", directory: RuntimeDirectory
) -> StartFailedError:
    if process.poll() is None:
        process.terminate()
        if not _wait(lambda: process.poll() is not None, _STOP):
            process.kill()
        process.wait(_STOP)
        return StartFailedError(
            1, f"The local AWS was not up within {_START:g} seconds"
        )
    said = directory.log.read_text(encoding="utf-8", errors="replace")
    lines = said.strip().splitlines()[-20:]
    return StartFailedError(process.returncode, "\n".join(lines))


def _ask(server: RunningServer) -> None:
    try:
        ControlClient(server.url).post("shutdown")
    except (NotUpError, RefusedError):
        # It hangs, or ends already: the next step tells.
        return


# The server holds the lock, so its process id is still its own.
def _terminate(server: RunningServer) -> None:
    os.kill(server.pid, signal.SIGTERM)


def _kill(server: RunningServer) -> None:
    os.kill(server.pid, signal.SIGKILL)


def _wait(holds: Callable[[], bool], limit: float) -> bool:
    end = time.monotonic() + limit
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(_BETWEEN_LOOKS)
    return True
