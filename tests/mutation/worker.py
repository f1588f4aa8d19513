"""Tries changes in the current folder, a copy of the project.

Reads requests as lines of JSON and answers each with one; started by
`tests.mutation.crew`.
"""

import functools
import gc
import importlib
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.loaders import JSONFileLoader

from tests.mutation import reach, stages, trees, trying
from tests.mutation.mutations import Mutation
from tests.mutation.stages import Stage
from tests.mutation.trying import Order

# What the tests import and no Lambda is part of.
_WARM = (
    "harness.cloud.local_cloud",
    "harness.equivalence.observing",
    "hypothesis.stateful",
    "moto.backends",
    "moto.dynamodb.models",
    "moto.ec2.models",
    "moto.stepfunctions.models",
    "yaml",
)
_SERVICES = ("drs", "dynamodb", "ec2", "lambda", "sts")
_LIKELY = 20


class Worker:
    """Tries one change after the other."""

    def __init__(
        self, limits: dict[str, float], tests: reach.Reach | None = None
    ) -> None:
        """Prepare to try changes.

        Args:
            limits: Seconds that a stage may take, by its name.
            tests: Which tests run a function.
        """
        self._limits = limits
        self._reach = tests or {}
        self._found: dict[str, Counter[str]] = {}

    def check(self, stage: Stage, trace_to: Path | None) -> dict[str, Any]:
        """Run a stage on the code as it is."""
        trial = trying.run(stage, Order(trace_to=trace_to))
        return {
            "passed": trial.passed,
            "by": trial.by,
            "seconds": trial.seconds,
        }

    def judge(self, mutation: Mutation, last: str) -> dict[str, Any]:
        """Change the code and run stages until one notices.

        Args:
            last: Name of the last stage to run.
        """
        path = Path("lambda", mutation.module)
        source = path.read_text(encoding="utf-8")
        reached = reach.tests_of(mutation, source, self._reach)
        trees.write(path, mutation.applied(source))
        try:
            return self._noticed(mutation, reached, last)
        finally:
            trees.write(path, source)

    def _noticed(
        self, mutation: Mutation, reached: Sequence[str], last: str
    ) -> dict[str, Any]:
        seconds = 0.0
        likely = self._likely(mutation.module)
        for stage in _until(last, bool(reached)):
            only = frozenset(reached if stage is stages.REACHED else ())
            limit = self._limits.get(stage.name, 600)
            trial = trying.run(stage, Order(likely, only), limit)
            seconds += trial.seconds
            if not trial.passed:
                self._remember(mutation.module, trial.by)
                return _verdict("killed", stage, trial.by, seconds)
        return _verdict("survived", stage, "", seconds)

    def _likely(self, module: str) -> list[str]:
        found = self._found.get(module, Counter())
        return [name for name, _ in found.most_common(_LIKELY)]

    def _remember(self, module: str, test: str) -> None:
        self._found.setdefault(module, Counter())[test] += 1


def _until(last: str, is_reached: bool) -> Iterator[Stage]:
    """Give the stages; a change that no test reaches by call meets all."""
    for stage in stages.ALL:
        if is_reached or stage is not stages.REACHED:
            yield stage
        elif stage.name == last:
            yield stages.UNIT
        if stage.name == last:
            return


def _verdict(
    verdict: str, stage: Stage, by: str, seconds: float
) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "stage": stage.name,
        "by": by,
        "seconds": round(seconds, 1),
    }


def _warm() -> None:
    """Do once what every process would have to do again.

    More than half of a short trial were the models of AWS's services.
    """
    for name in _WARM:
        importlib.import_module(name)
    read = functools.cache(JSONFileLoader().load_file)

    # Each session has a loader of its own, and all read the same.
    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        return read(file_path)

    JSONFileLoader.load_file = load_file  # type: ignore[method-assign]
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    for service in _SERVICES:
        session.client(service)  # type: ignore[call-overload]
    # Whoever is copied need not look for garbage in what is kept.
    gc.freeze()


def main() -> None:
    """Answer requests until there are none."""
    # Tests that run at that moment are ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _warm()
    worker = Worker({})
    for line in sys.stdin:
        request = json.loads(line)
        if "limits" in request:
            tests = reach.load(Path(request["reach"]))
            worker = Worker(request["limits"], tests)
            answer: dict[str, Any] = {}
        elif "check" in request:
            names = {stage.name: stage for stage in stages.ALL}
            target = Path(request["reach"]) if "reach" in request else None
            answer = worker.check(names[request["check"]], target)
        else:
            mutation = Mutation(**request["mutation"])
            answer = worker.judge(mutation, request["last"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
