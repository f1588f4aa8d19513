"""What comes of one hostile request, tried where it can do no harm."""

import os
import pickle
import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.cloud.invoker import Invocation
from harness.reliability.hostile_stages import StagedWorld
from harness.reliability.scenes import PLAN_ID

# A Lambda of the smallest kind would have less, but Python is there already.
MEMORY_BYTES = 1 << 30
# Far more than any request needs, and less than a Lambda's timeout.
MAX_SECONDS = 60
REFUSED_BY_SERVICE = 400


@dataclass(frozen=True)
class Answer:
    """How the Lambdas took a request.

    Attributes:
        status: HTTP status of the Invoke API.
        invocations: Those it led to, inner before outer; none if the
            service itself refused the payload.
        history: The execution's record afterwards.
        seconds: CPU time.
        megabytes: By which the process grew.
        died: How the process ended that tried it, None if it did not.
    """

    status: int
    invocations: tuple[Invocation, ...] = ()
    history: Any = None
    seconds: float = 0
    megabytes: float = 0
    died: str | None = None

    @property
    def outer(self) -> Invocation | None:
        """The invocation that was asked for."""
        return self.invocations[-1] if self.invocations else None


def ask(staged: StagedWorld, folder: str, payload: bytes) -> Answer:
    """Send a request to a Lambda, in this process."""
    cloud = staged.world.cloud
    cloud.invocations.clear()
    size, began = peak_megabytes(), time.process_time()
    status = staged.send(folder, payload)
    seconds = time.process_time() - began
    return Answer(
        status,
        tuple(cloud.invocations),
        _history(staged),
        seconds,
        peak_megabytes() - size,
    )


def ask_aside(staged: StagedWorld, folder: str, payload: bytes) -> Answer:
    """Send a request in a copy of this process, which then ends.

    So the world stays as it is, however much the request changes in it,
    and neither endless loops nor endless memory can spread.
    """
    return in_a_copy(lambda: ask(staged, folder, payload))


def in_a_copy(work: Callable[[], Answer]) -> Answer:
    """Do something in a copy of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in the copy
        _work_and_end(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, ending = os.waitpid(child, 0)
    if ending or not told:
        return Answer(0, died=_ending(ending))
    answer: Answer = pickle.loads(told)
    return answer


def _work_and_end(work: Callable[[], Answer], writing: int) -> None:
    code = 1
    try:
        _limit()
        told = pickle.dumps(work())
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # Nothing of the copied process may run on: no exit handlers.
        os._exit(code)


def _limit() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(MAX_SECONDS)
    with open("/proc/self/statm", encoding="ascii") as statistics:
        pages = int(statistics.read().split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = signal.Signals(os.WTERMSIG(status))
        if number == signal.SIGALRM:
            return f"no answer within {MAX_SECONDS} s"
        return f"the process was ended by {number.name}"
    return f"the process ended with {os.waitstatus_to_exitcode(status)}"


def peak_megabytes() -> float:
    """Give the most memory that this process has had, in MiB, on Linux."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024


def _history(staged: StagedWorld) -> Any:
    cloud = staged.world.cloud
    return cloud.history_item(staged.execution_id, PLAN_ID)
