"""Run one stage of tests in a process of its own, which may hang or die."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.mutation import reach
from tests.mutation.stages import CAMPAIGN, Stage


class StageBrokenError(Exception):
    """There are no tests where a stage says they are."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"{stage.name}: no tests in {stage.tests}")


@dataclass(frozen=True)
class Trial:
    """How a stage went.

    Attributes:
        passed: Whether no test noticed anything.
        by: The test that failed first; `time limit` for a hang.
    """

    passed: bool
    by: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class Order:
    """Which of a stage's tests are run, and in which order.

    Attributes:
        first: Names of tests to begin with.
        only: Names of the tests to run; all where there are none.
        trace_to: File for the functions that each test calls.
    """

    first: Sequence[str] = ()
    only: frozenset[str] = frozenset()
    trace_to: Path | None = None


EVERY = Order()


class _Watcher:
    """A plugin that chooses the tests, and sees which fails first."""

    def __init__(self, stage: Stage, order: Order) -> None:
        self._stage = stage
        self._only = order.only
        self._rank = {name: rank for rank, name in enumerate(order.first)}
        self.failed = ""

    def pytest_collection_modifyitems(
        self, items: list[pytest.Item], config: pytest.Config
    ) -> None:
        items[:] = [i for i in items if self._is_wanted(i.nodeid)]
        items.sort(key=lambda i: self._rank.get(i.nodeid, len(self._rank)))

    def _is_wanted(self, name: str) -> bool:
        part = self._stage.deselected
        if part and part in name:
            return False
        return not self._only or name in self._only

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"import of {report.nodeid}"


def run(stage: Stage, order: Order = EVERY, limit: float = 600) -> Trial:
    """Run a stage's tests until one fails.

    The process is a copy of this one, so that what is imported here need not
    be imported for each change; the Lambdas' code must not be.

    Args:
        order: Which tests, and which first.
        limit: Seconds after which the code counts as hanging.

    Raises:
        StageBrokenError: There are no tests.
    """
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        _report(stage, order, writing)
    os.close(writing)
    try:
        answer = _answer(reading, limit)
    finally:
        os.close(reading)
        _kill_group(child)
        os.waitpid(child, 0)
    seconds = time.monotonic() - began
    if answer is None:
        return Trial(False, "time limit", seconds)
    code, by = answer["code"], answer["by"]
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise StageBrokenError(stage)
    # Whatever else a change leads to was noticed: the code as it is passes.
    return Trial(code == 0, by or f"exit code {code}", seconds)


def _report(stage: Stage, order: Order, writing: int) -> None:
    """Run the stage and tell of it; never returns."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        code, by = _search() if stage.name == CAMPAIGN else _test(stage, order)
        os.write(writing, json.dumps({"code": code, "by": by}).encode())
    except BaseException as error:
        text = f"{type(error).__name__}: {error}"
        os.write(writing, json.dumps({"code": -1, "by": text}).encode())
    finally:
        os._exit(0)


def _test(stage: Stage, order: Order) -> tuple[int, str]:
    watcher = _Watcher(stage, order)
    if order.trace_to is None:
        # Not even read are the files that hold none of the tests.
        files = {name.partition("::")[0] for name in order.only}
        paths = sorted(files) or stage.tests
        return _pytest(paths, watcher), watcher.failed
    tracer = reach.Tracer(Path("lambda"))
    code = _pytest(stage.tests, watcher, tracer)
    reach.save(tracer.reach(), order.trace_to)
    return code, watcher.failed


def _pytest(paths: Sequence[str], *plugins: object) -> int:
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    # Nobody reads why a test failed.
    options += ["--assert=plain"]
    # Plugins were imported before the process was copied.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *paths], plugins=[*plugins]))


def _search() -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.mutation.searching"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout or done.stderr).strip()[-300:]


def _answer(reading: int, limit: float) -> Any:
    text, until = b"", time.monotonic() + limit
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            return None
        part = os.read(reading, 65536)
        if not part:
            return json.loads(text or b'{"code": -1, "by": "no answer"}')
        text += part


def _kill_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
