"""Run functions from their zips, as many processes as are needed at once."""

import itertools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from harness.cloud.clock import VirtualClock
from harness.cloud.functions import FunctionSpec
from harness.cloud.ids import SeededIds
from harness.cloud.lambda_runtime import Outcome
from harness.cloud.packaged import folders
from harness.cloud.packaged.gateway import Gateway
from harness.cloud.packaged.sandbox import Place, Sandbox
from harness.cloud.recorder import CallRecorder
from harness.cloud.wire import AwsWire


class PackagedRunner:
    """Runs each invocation in a process that runs no other meanwhile.

    A process serves later invocations of its function, as Lambda's do.
    """

    def __init__(
        self,
        packages: Path | None,
        clock: VirtualClock,
        recorder: CallRecorder,
        wire: Callable[[], AwsWire],
        ids: SeededIds,
    ) -> None:
        """Prepare to run.

        Args:
            packages: Folder of zips that were built for this machine, for
                functions that bring none of their own.
            wire: Gives what answers the AWS calls of the processes.
        """
        self._packages = packages
        self._clock = clock
        self._gateway = Gateway(recorder, wire, ids)
        self._mutex = threading.Lock()
        self._numbers = itertools.count(1)
        self._idle: list[tuple[FunctionSpec, Sandbox]] = []
        self._sandboxes: list[Sandbox] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(TemporaryDirectory()))
            self._runtime = folders.make_runtime(self._folder / "runtime")
            stack.callback(self.restart)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def lock_of(
        self, function: FunctionSpec
    ) -> AbstractContextManager[object]:
        """Give a lock that keeps nobody waiting; see `Runner.lock_of`."""
        return nullcontext()

    def restart(self) -> None:
        """End all processes; see `Runner.restart`."""
        with self._mutex:
            sandboxes, self._sandboxes = self._sandboxes, []
            self._idle.clear()
        for sandbox in sandboxes:
            sandbox.close()

    def run(
        self, function: FunctionSpec, request_id: str, payload: bytes
    ) -> Outcome:
        """Run a function in a process of its own; see `Runner.run`.

        Raises:
            NoPackageError: The function has no zip.
        """
        moment = self._clock.now().timestamp()
        sandbox = self._take(function, moment)
        outcome = sandbox.invoke(request_id, payload or b"{}", moment)
        if sandbox.is_usable:
            with self._mutex:
                self._idle.append((function, sandbox))
        return outcome

    def _take(self, function: FunctionSpec, moment: float) -> Sandbox:
        with self._mutex:
            # A function that was changed since is not equal.
            for number, (idle, sandbox) in enumerate(self._idle):
                if idle == function:
                    del self._idle[number]
                    return sandbox
            sandbox = self._start(function, self._place(function), moment)
            self._sandboxes.append(sandbox)
            return sandbox

    def _start(
        self, function: FunctionSpec, place: Place, moment: float
    ) -> Sandbox:
        return Sandbox(function, place, self._gateway.answer, moment)

    def _place(self, function: FunctionSpec) -> Place:
        package, name = self._package(function)
        log = f"{function.folder}-{next(self._numbers)}.log"
        return Place(
            task=folders.unpack(package, self._folder / f"task-{name}"),
            runtime=self._runtime,
            log=self._folder / log,
        )

    def _package(self, function: FunctionSpec) -> tuple[Path, str]:
        """Give a function's zip, and a name for its folder."""
        given = function.package
        if given is None:
            folder = self._packages or Path()
            return folder / f"{function.folder}.zip", function.folder
        path = self._folder / f"{given.digest}.zip"
        if not path.is_file():
            path.write_bytes(given.content)
        return path, given.digest
