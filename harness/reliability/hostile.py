"""Broken and hostile requests and plan files.

Every Lambda is asked what nobody should ask, at each step of an execution,
and the loader is given plan files that nobody should write. Counted as
survived is what a Lambda's own code or a plan had to deal with, as ended
what was refused.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness.console.options import Effort
from harness.reliability import (
    hostile_files,
    hostile_plan_files,
    hostile_requests,
)
from harness.reliability.hostile_answers import Answer, ask, ask_aside
from harness.reliability.hostile_judge import Wrong, passed_contract, wrongs
from harness.reliability.hostile_plan_files import HostileFile, PlanFiles
from harness.reliability.hostile_requests import HostileRequest
from harness.reliability.hostile_search import Search
from harness.reliability.hostile_stages import (
    ORCHESTRATIONS,
    SCENES,
    STEPS,
    Stage,
    StagedWorld,
    good_requests,
)
from harness.reliability.parts import Case, Part
from harness.reliability.results import Finding, Result
from harness.reliability.worlds import World

# Batches for each stage, requests in each; the same for plan files.
_BATCHES = {
    Effort.QUICK: (1, 12, 1, 60),
    Effort.CI: (1, 200, 3, 500),
    Effort.NIGHTLY: (5, 600, 10, 1_000),
}


@dataclass(frozen=True)
class Batch:
    """Inputs that are drawn together.

    Attributes:
        inputs: How many.
        stage: Where requests arrive; None for plan files.
    """

    inputs: int
    stage: Stage | None = None


@dataclass
class Costs:
    """What was dealt with, and what it cost at most.

    Attributes:
        passed: How many requests their contract let pass.
        seconds: CPU time.
        megabytes: By which a process grew.
    """

    passed: int = 0
    seconds: float = 0
    megabytes: float = 0

    def add(self, answer: Answer) -> None:
        """Count an answer in."""
        self.passed += passed_contract(answer)
        self.seconds = max(self.seconds, answer.seconds)
        self.megabytes = max(self.megabytes, answer.megabytes)


@dataclass
class Requests:
    """Tries requests at one stage of a world.

    Attributes:
        search: Who draws them.
    """

    staged: StagedWorld
    stage: Stage
    costs: Costs = field(default_factory=Costs)
    search: Search[HostileRequest] | None = None

    def attempt(self, request: HostileRequest) -> list[Wrong]:
        """Send a request; tell what is wrong with the answer."""
        self.staged.put(self.stage)
        send = ask_aside if request.passes else ask
        payload = request.payload.encode()
        answer = send(self.staged, request.function, payload)
        if self.search is None or not self.search.is_shrinking:
            self.costs.add(answer)
        return wrongs(answer, self.staged.folders)


def cases(world: World, effort: Effort) -> Iterator[Case]:
    """Find all cases: batches of inputs for each stage."""
    batches, inputs, file_batches, files = _BATCHES[effort]
    for scene in SCENES:
        for step in range(len(STEPS)):
            for number in range(batches):
                name = f"requests {scene} {step} {number}"
                yield Case(name, Batch(inputs, Stage(scene, step)))
    # The loader is the same whichever orchestration runs.
    if world.orchestration == "refactored":
        for number in range(file_batches):
            yield Case(f"plan files {number}", Batch(files))


def carry_out(world: World, case: Case) -> Result:
    """Try a batch."""
    batch: Batch = case.details
    seed = world.seed + zlib.crc32(case.name.encode())
    if batch.stage is None:
        return try_plan_files(case.name, batch.inputs, seed)
    staged = StagedWorld(world)
    is_reference = world.orchestration == "reference"
    good = [
        request
        for request in good_requests(staged, batch.stage)
        if (request.function == ORCHESTRATIONS[1]) == is_reference
    ]
    requests = Requests(staged, batch.stage)
    search = Search(hostile_requests.drawn(good), requests.attempt)
    requests.search = search
    search.run(batch.inputs, seed)
    found = [
        (hostile_files.of_request(request, batch.stage), wrong)
        for request, wrong in search.found.values()
    ]
    return _result(case.name, search.tried, requests.costs, found)


def try_plan_files(name: str, inputs: int, seed: int) -> Result:
    """Try a batch of plan files, which needs no world."""
    files = PlanFiles()
    search: Search[HostileFile] = Search(
        hostile_plan_files.drawn(), files.attempt
    )
    search.run(inputs, seed)
    costs = Costs(files.passed, files.seconds, files.megabytes)
    found = [
        (hostile_files.of_plan_file(file), wrong)
        for file, wrong in search.found.values()
    ]
    return _result(name, search.tried, costs, found)


def _result(
    name: str,
    tried: int,
    costs: Costs,
    found: list[tuple[Path, list[Wrong]]],
) -> Result:
    passed = min(costs.passed, tried)
    return Result(
        name,
        runs=tried,
        faults=tried,
        survived=max(0, passed - len(found)),
        ended=tried - passed,
        findings=tuple(
            Finding(name, (*map(str, wrong), f"input: {path}"))
            for path, wrong in found
        ),
        peaks={"CPU seconds": costs.seconds, "megabytes": costs.megabytes},
    )


PART = Part(
    "hostile", "Broken and hostile requests and plan files.", cases, carry_out
)
