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
        packages: Path,
        clock: VirtualClock,
        recorder: CallRecorder,
        wire: Callable[[], AwsWire],
        ids: SeededIds,
    ) -> None:
        """Prepare to run.

        Args:
            packages: Folder of zips that were built for this machine.
            wire: Gives what answers the AWS calls of the processes.
        """
        self.lock: AbstractContextManager[object] = nullcontext()
        self._packages = packages
        self._clock = clock
        self._gateway = Gateway(recorder, wire, ids)
        self._mutex = threading.Lock()
        self._numbers = itertools.count(1)
        self._idle: dict[str, list[Sandbox]] = {}
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
                self._idle.setdefault(function.name, []).append(sandbox)
        return outcome

    def _take(self, function: FunctionSpec, moment: float) -> Sandbox:
        with self._mutex:
            if idle := self._idle.get(function.name):
                return idle.pop()
            place = self._place(function)
            sandbox = Sandbox(function, place, self._gateway.answer, moment)
            self._sandboxes.append(sandbox)
            return sandbox

    def _place(self, function: FunctionSpec) -> Place:
        package = self._packages / f"{function.folder}.zip"
        task = self._folder / f"task-{function.folder}"
        log = f"{function.folder}-{next(self._numbers)}.log"
        return Place(
            task=folders.unpack(package, task),
            runtime=self._runtime,
            log=self._folder / log,
        )
