"""A world in a process of its own, so that two can run side by side."""

import gc
import multiprocessing
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from harness.equivalence import sides
from harness.equivalence.recorded_stage import RecordedSetup
from harness.equivalence.scenarios import Setup, Step
from harness.equivalence.world import CodeNotImportedError, Outcome, World

_READY = "ready"
# Steps take a second or two, and some more on a busy machine.
ANSWERED_WITHIN_SECONDS = 300
Question = Setup | RecordedSetup | Step


class WorldFailedError(BaseException):
    """A world broke: the harness is at fault, not what it compares.

    No Exception, so that Hypothesis takes it for no finding: it would try
    the scenario again in the broken world, and call it inconsistent.
    """


class WorldProcess:
    """The other end of a world."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def ask(self, question: Question) -> None:
        """Ask to begin a scenario or to take a step; does not wait."""
        self._connection.send(question)

    def answer(self) -> Any:
        """Wait for the answer to the oldest question.

        Returns:
            None for a setup, the outcome for a step.

        Raises:
            WorldFailedError: The world broke, or is still at work after
                minutes, as code is that never ends.
        """
        try:
            if not self._connection.poll(ANSWERED_WITHIN_SECONDS):
                raise WorldFailedError(
                    f"the {self._name}'s world gave no answer for "
                    f"{ANSWERED_WITHIN_SECONDS} seconds: code without an end?"
                )
            answer = self._connection.recv()
        except (EOFError, ConnectionError):
            raise WorldFailedError(f"the {self._name}'s world died") from None
        if isinstance(answer, BaseException):
            raise WorldFailedError(f"the {self._name}'s world: {answer}")
        return answer

    def finish(self) -> None:
        """Let the world end after its last answer."""
        self._connection.send(None)


@contextmanager
def running(
    own: Path, control: Path, candidate: Path, start: datetime | None = None
) -> Iterator[WorldProcess]:
    """Run a world in a process as long as the block runs.

    Args:
        own: The folder of the side whose world it is.
        start: First moment of its virtual time, if it matters.

    Raises:
        NotALambdaError: A folder holds no Lambda.
        WorldFailedError: The world could not be made.
    """
    name = "control" if own == control else "candidate"
    name = "code" if control == candidate else name
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with tempfile.TemporaryDirectory(prefix="drs-orch-") as folder:
        code = sides.stage(Path(folder) / name, own, control, candidate)
        process = context.Process(
            target=_serve, args=(there, code, start), daemon=True, name=name
        )
        with _interrupts_blocked():
            process.start()
        there.close()
        world = WorldProcess(here, name)
        try:
            if world.answer() != _READY:
                raise WorldFailedError(f"the {name}'s world did not begin")
            yield world
        finally:
            _end(process, world)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let a process begin that Ctrl-C does not reach.

    A terminal interrupts all processes of a command. The one that asks ends
    the others, in good order. What a thread blocks, its children inherit.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(process: Any, world: WorldProcess) -> None:
    try:
        world.finish()
    except OSError:
        pass
    process.join(timeout=5)
    if process.is_alive():
        process.kill()
        process.join()


def _serve(
    connection: Connection, code: sides.Code, start: datetime | None
) -> None:
    """Answer questions until there are none."""
    try:
        with World(code, start) as world:
            _spare_garbage_collection()
            connection.send(_READY)
            while (question := connection.recv()) is not None:
                connection.send(_answer(world, question))
    except (EOFError, KeyboardInterrupt):
        return
    except CodeNotImportedError as error:
        connection.send(RuntimeError(str(error)))
    except BaseException as error:
        connection.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _spare_garbage_collection() -> None:
    """Let the collector look seldom, and at nothing that stays anyway.

    Models and code of the local cloud live as long as the process, and are
    most of what it holds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _answer(world: World, question: Question) -> Outcome | None:
    if isinstance(question, Step):
        return world.perform(question)
    world.open(question)
    return None
