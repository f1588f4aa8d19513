"""Share the cases out among processes, and count what comes of them."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from harness.reliability import worker
from harness.reliability.results import Finding, Row
from harness.reliability.worker import Message, Planned, Work


class WorkerFailedError(Exception):
    """A process broke: this room is at fault, not what it tries."""


@dataclass(frozen=True)
class Wrong:
    """A finding, and where it was found."""

    part: str
    orchestration: str
    finding: Finding


@dataclass
class Tally:
    """What came of all cases so far.

    Attributes:
        rows: By part and orchestration, in the order of the table.
    """

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def add(self, message: Message) -> None:
        """Take note of a message of a worker."""
        row = self.rows[message.part, message.orchestration]
        if isinstance(message, Planned):
            row.planned += message.cases
            return
        row.add(message.result)
        for finding in message.result.findings:
            place = message.part, message.orchestration
            self.wrong.append(Wrong(*place, finding))

    @property
    def cases(self) -> int:
        """How many cases were carried out."""
        return sum(row.cases for row in self.rows.values())


Listener = Callable[[Tally], None]


def begun(work: Work) -> Tally:
    """Make a tally of work that is still to be done."""
    return Tally(
        {
            (part, orchestration): Row(part, orchestration)
            for part in work.parts
            for orchestration in work.orchestrations
        }
    )


def run(work: Work, jobs: int, tally: Tally, listener: Listener) -> None:
    """Carry all work out.

    Args:
        jobs: Processes that work at once; one works in this process.
        tally: Counts.
        listener: Told after each message.

    Raises:
        WorkerFailedError: A process broke.
        NoLambdasError: The root holds no Lambdas.
    """
    if jobs == 1:
        messages = worker.carry_out(work)
    else:
        messages = _shared_out(work, jobs)
    for message in messages:
        tally.add(message)
        listener(tally)


def _shared_out(work: Work, jobs: int) -> Iterator[Message]:
    shares = [replace(work, share=n, shares=jobs) for n in range(jobs)]
    with _processes(shares) as connections:
        while connections:
            yield from _ready_messages(connections)


def _ready_messages(connections: list[Connection]) -> Iterator[Message]:
    """Wait for messages; forget the connections that have ended."""
    for connection in wait(connections):
        assert isinstance(connection, Connection)
        message = _received(connection)
        if message is None:
            connections.remove(connection)
        else:
            yield message


def _received(connection: Connection) -> Message | None:
    try:
        message: Message | str | None = connection.recv()
    except (EOFError, ConnectionError):
        raise WorkerFailedError("A process that tried cases died") from None
    if isinstance(message, str):
        raise WorkerFailedError(message)
    return message


@contextmanager
def _processes(shares: list[Work]) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    started: list[tuple[Any, Connection]] = []
    try:
        with _interrupts_blocked():
            for share in shares:
                here, there = context.Pipe(duplex=False)
                process = context.Process(
                    target=_serve, args=(there, share), daemon=True
                )
                process.start()
                there.close()
                started.append((process, here))
        yield [connection for _, connection in started]
    finally:
        for process, connection in started:
            connection.close()
            process.kill()
            process.join()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let processes begin that Ctrl-C does not reach: this one ends them."""
    # Starting it, as the first process does, unblocks interrupts again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, work: Work) -> None:
    # Spawned: the command's environment is here, but for boto3's own.
    try:
        for message in worker.carry_out(work):
            connection.send(message)
        connection.send(None)
    except (BrokenPipeError, KeyboardInterrupt):
        return
    except BaseException as error:
        connection.send(f"{type(error).__name__}: {error}")
