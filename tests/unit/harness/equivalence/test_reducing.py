"""Nothing is left in a scenario that its mismatch does not need."""

from typing import Any

from harness.equivalence.comparison import Difference
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.pairs import Mismatch, Pair
from harness.equivalence.reducing import reduced
from harness.equivalence.scenarios import Scenario, Setup, Step, Trouble

DENIED = Trouble("UpdateItem", 1, "denied")
WISH = Trouble("GetItem", 1, "cancel asked for")


class Parting(Pair):
    """Worlds that part at a poll after a pause, if its write is denied."""

    def __init__(self) -> None:
        self._has_paused = False

    def open(self, setup: Any) -> None:
        self._has_paused = False

    def perform(self, step: Step) -> tuple[Any, Mismatch | None]:
        self._has_paused |= step.do == "pause"
        parts = self._has_paused and DENIED in step.troubles
        return None, mismatch(step) if parts else None


def mismatch(step: Step) -> Mismatch:
    return Mismatch(step, (Difference("items", 1, 2),))


def test_every_step_and_trouble_is_needed_when_it_was_reduced() -> None:
    last = Step("go on", 30, (WISH, DENIED))
    steps = (Step("go on"), Step("pause"), Step("wait", 60), last, last)
    found = MismatchFoundError(Scenario(Setup(), steps), mismatch(last))

    smallest = reduced(Parting(), found).scenario

    assert smallest.steps == (
        Step("pause"),
        Step("go on", 30, (DENIED,)),
    )
