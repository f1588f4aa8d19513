"""Two worlds side by side, and whether they stay equal."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from harness.equivalence import world_process
from harness.equivalence.comparison import Difference, hidden, walk
from harness.equivalence.masking import secrets_in
from harness.equivalence.recorded_stage import RecordedSetup
from harness.equivalence.scenarios import Setup, Step, Trouble
from harness.equivalence.sides import CANDIDATE, CONTROL
from harness.equivalence.step_watching import CONFIDENTIAL, Document
from harness.equivalence.troubles import INVOCATION_KINDS, concerns_invocations
from harness.equivalence.world import Outcome
from harness.equivalence.world_process import WorldProcess

# What must be equal even when the candidate alone met a trouble: an invocation
# that failed is run again, which repeats lines and what is asked of DynamoDB,
# but leads to the same end.
_OUTCOME = ("items", "jobs", "compute")


@dataclass(frozen=True)
class Mismatch:
    """A step after which the two worlds differ.

    Attributes:
        step: What was done.
        differences: Each place by its path, control left, candidate right.
    """

    step: Step
    differences: tuple[Difference, ...]


class Pair:
    """The control's world and the candidate's."""

    def __init__(self, control: WorldProcess, candidate: WorldProcess) -> None:
        self._control = control
        self._candidate = candidate

    def open(self, setup: Setup | RecordedSetup) -> None:
        """Begin a scenario in both."""
        self._control.ask(setup)
        self._candidate.ask(setup)
        self._control.answer()
        self._candidate.answer()

    def perform(self, step: Step) -> tuple[Outcome, Mismatch | None]:
        """Take a step in both, and compare what an outsider sees.

        Returns:
            The candidate's outcome, and where it differs from the control's.
        """
        self._control.ask(_for_control(step))
        self._candidate.ask(step)
        control, candidate = self._control.answer(), self._candidate.answer()
        differences = _differences(control, candidate)
        mismatch = Mismatch(step, differences) if differences else None
        return candidate, mismatch


@contextmanager
def side_by_side(
    control: Path = CONTROL,
    candidate: Path = CANDIDATE,
    start: datetime | None = None,
) -> Iterator[Pair]:
    """Run the worlds of two Lambda folders as long as the block runs.

    Args:
        start: First moment of their virtual time, if it matters.

    Raises:
        NotALambdaError: A folder holds no Lambda.
    """
    with (
        world_process.running(control, control, candidate, start) as one,
        world_process.running(candidate, control, candidate, start) as other,
    ):
        yield Pair(one, other)


def _for_control(step: Step) -> Step:
    troubles = tuple(t for t in step.troubles if not concerns_invocations(t))
    return replace(step, by="control", troubles=troubles)


def _differences(
    control: Outcome, candidate: Outcome
) -> tuple[Difference, ...]:
    left, right = control.observation, candidate.observation
    # A trouble that met no call excuses nothing.
    met = [t for t in candidate.troubles_met if concerns_invocations(t)]
    found = (
        *walk("", _compared(left, met), _compared(right, met)),
        *walk("next", control.next_action, candidate.next_action),
    )
    return found and hidden(found, _secrets(left, right))


def _secrets(*observations: Document) -> Iterator[str]:
    for each in observations:
        yield from each[CONFIDENTIAL]
        yield from secrets_in(each)


def _compared(observation: Document, met: Sequence[Trouble]) -> Document:
    """Choose what must be equal when the candidate alone met troubles."""
    if not met:
        return {k: v for k, v in observation.items() if k != CONFIDENTIAL}
    attempts = observation["attempts"]
    chosen = {
        "answer": [(each["error"], each["state"]) for each in attempts[-1:]],
        "input_changed": any(each["input_changed"] for each in attempts),
        "mutations": _of_servers(observation["mutations"]),
        **{name: observation[name] for name in _OUTCOME},
    }
    if not any(map(_runs_code, met)):
        chosen["reads"] = _reads_of_servers(observation["reads"])
    return chosen


def _of_servers(mutations: Iterable[Document]) -> list[Document]:
    """Leave out writes of items: what they led to is compared as items."""
    return [each for each in mutations if each["service"] != "dynamodb"]


def _reads_of_servers(reads: Iterable[str]) -> frozenset[str]:
    """Leave out reads of items: whoever is run again looks at them anew."""
    return frozenset(
        each for each in reads if json.loads(each)["service"] != "dynamodb"
    )


def _runs_code(trouble: Trouble) -> bool:
    """Tell whether the code of a function runs though nobody hears of it."""
    fault = INVOCATION_KINDS.get(trouble.kind)
    return fault is None or fault.after_effect
