"""Workers side by side, each in a copy of the project of its own."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.mutation import stages, trees
from tests.mutation.mutations import Mutation

Result = dict[str, Any]
# What the slowest machine of the moment may need more than before.
PATIENCE = 4
LEAST = 60.0


class WorkerDiedError(Exception):
    """A worker ended without an answer."""


class TestsFailError(Exception):
    """The tests fail before anything was changed."""

    def __init__(self, stage: str, by: str) -> None:
        super().__init__(f"{stage}: {by} fails on the code as it is")


class Worker:
    """The other end of a worker."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, request: Mapping[str, Any]) -> Result:
        """Ask, and wait for the answer.

        Raises:
            WorkerDiedError: There is none.
        """
        reading, writing = self._process.stdout, self._process.stdin
        if reading is None or writing is None:
            raise WorkerDiedError
        writing.write(json.dumps(request) + "\n")
        writing.flush()
        line = reading.readline()
        if not line:
            raise WorkerDiedError(f"exit code {self._process.wait()}")
        answer: Result = json.loads(line)
        return answer


@contextmanager
def crew(source: Path, size: int) -> Iterator[list[Worker]]:
    """Run workers as long as the block runs.

    Args:
        source: A copy of the project that nobody edits.
        size: How many workers.
    """
    with ExitStack() as stack:
        yield [
            Worker(stack.enter_context(_process(source))) for _ in range(size)
        ]


def measure(
    workers: Iterable[Worker], names: Iterable[str], reach: Path
) -> None:
    """Run the stages on the code as it is; their times become limits.

    Args:
        reach: File for the functions that each unit test calls.

    Raises:
        TestsFailError: A test fails already.
    """
    everyone = list(workers)
    limits = {}
    for name in names:
        asked = {"check": name}
        if name == stages.REACHED.name:
            asked["reach"] = str(reach)
        check = everyone[0].ask(asked)
        if not check["passed"]:
            raise TestsFailError(name, check["by"])
        limits[name] = max(LEAST, PATIENCE * check["seconds"])
    for worker in everyone:
        worker.ask({"limits": limits, "reach": str(reach)})


def judge(
    workers: Iterable[Worker],
    mutations: Iterable[Mutation],
    last: str,
    tell: Callable[[Mutation, Result], None],
) -> None:
    """Try changes, as many at a time as there are workers.

    Args:
        last: Name of the last stage to run.
        tell: Told of each change that was judged.
    """
    waiting: queue.SimpleQueue[Mutation] = queue.SimpleQueue()
    for mutation in mutations:
        waiting.put(mutation)
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threads = [
        threading.Thread(
            target=_work, args=(worker, waiting, last, done), daemon=True
        )
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    _listen(done, len(threads), tell)


def _work(
    worker: Worker,
    waiting: "queue.SimpleQueue[Mutation]",
    last: str,
    done: "queue.SimpleQueue[Any]",
) -> None:
    try:
        while True:
            mutation = waiting.get_nowait()
            request = {"mutation": asdict(mutation), "last": last}
            done.put((mutation, worker.ask(request)))
    except queue.Empty:
        done.put(None)
    except Exception as error:
        done.put(error)


def _listen(
    done: "queue.SimpleQueue[Any]",
    working: int,
    tell: Callable[[Mutation, Result], None],
) -> None:
    while working:
        news = done.get()
        if isinstance(news, Exception):
            raise news
        if news is None:
            working -= 1
        else:
            tell(*news)


@contextmanager
def _process(source: Path) -> Iterator["subprocess.Popen[str]"]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = trees.copy(Path(folder) / "project", source)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.worker"],
            cwd=tree,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate()
