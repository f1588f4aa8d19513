"""Two worlds side by side, and whether they stay equal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from harness.equivalence import world_process
from harness.equivalence.comparison import Difference, walk
from harness.equivalence.recorded_stage import RecordedSetup
from harness.equivalence.scenarios import Setup, Step
from harness.equivalence.sides import CANDIDATE, CONTROL
from harness.equivalence.step_watching import Document
from harness.equivalence.troubles import concerns_invocations
from harness.equivalence.world import Outcome
from harness.equivalence.world_process import WorldProcess

# What must be equal when the candidate alone met a trouble: an invocation
# that failed is run again, which repeats calls and lines, but leads to the
# same end.
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
        differences = tuple(_differences(control, candidate))
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


def _differences(control: Outcome, candidate: Outcome) -> Iterator[Difference]:
    left, right = control.observation, candidate.observation
    # A trouble that met no call excuses nothing.
    if any(map(concerns_invocations, candidate.troubles_met)):
        left, right = _outcome(left), _outcome(right)
    yield from walk("", left, right)
    yield from walk("next", control.next_action, candidate.next_action)


def _outcome(observation: Document) -> Document:
    last = observation["attempts"][-1:]
    return {
        "answer": [(each["error"], each["state"]) for each in last],
        **{name: observation[name] for name in _OUTCOME},
    }
