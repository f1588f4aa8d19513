"""Run each function from where its code is."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Self

from harness.cloud.clock import VirtualClock
from harness.cloud.functions import FunctionSpec
from harness.cloud.ids import SeededIds
from harness.cloud.invoker import InProcessRunner, Runner
from harness.cloud.lambda_runtime import Outcome
from harness.cloud.recorder import CallRecorder
from harness.cloud.settings import LocalCloudSettings
from harness.cloud.wire import AwsWire

# What answers the AWS calls of other processes.
Gateway = tuple[CallRecorder, Callable[[], AwsWire], SeededIds]


def make(
    settings: LocalCloudSettings,
    root: Path,
    clock: VirtualClock,
    gateway: Gateway,
) -> Runner:
    """Make what runs the functions of a cloud.

    Args:
        root: Folder with one folder per Lambda, and `shared`.
    """

    def make_packaged() -> Runner:
        # Loaded only now: few clouds need a server.
        from harness.cloud.packaged import choosing

        return choosing.make(settings, clock, gateway)

    if settings.packages is not None:
        return make_packaged()
    return MixedRunner(InProcessRunner(root, clock), make_packaged)


class MixedRunner:
    """Runs functions with a package from it, and all others as before."""

    def __init__(
        self, sources: Runner, make_packaged: Callable[[], Runner]
    ) -> None:
        """Prepare to run.

        Args:
            sources: Runs functions that have no package of their own.
            make_packaged: Makes what runs the others, once it is needed.
        """
        self._sources = sources
        self._make_packaged = make_packaged
        self._packaged: Runner | None = None
        self._mutex = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._sources)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._packaged = None

    def lock_of(
        self, function: FunctionSpec
    ) -> AbstractContextManager[object]:
        """Give what is held meanwhile; see `Runner.lock_of`."""
        return self._runner_of(function).lock_of(function)

    def run(
        self, function: FunctionSpec, request_id: str, payload: bytes
    ) -> Outcome:
        """Run a function; see `Runner.run`."""
        return self._runner_of(function).run(function, request_id, payload)

    def restart(self) -> None:
        """Start all code anew; see `Runner.restart`."""
        self._sources.restart()
        if self._packaged is not None:
            self._packaged.restart()

    def _runner_of(self, function: FunctionSpec) -> Runner:
        if function.package is None:
            return self._sources
        with self._mutex:
            if self._packaged is None:
                made = self._make_packaged()
                self._stack.enter_context(made)
                self._packaged = made
            return self._packaged
