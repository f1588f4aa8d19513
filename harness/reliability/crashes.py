"""Functions that die in the course of each of their AWS calls."""

from collections.abc import Iterable

from harness.reliability.options import Effort
from harness.reliability.parts import Case, Part
from harness.reliability.results import Result
from harness.reliability.worlds import World


def cases(world: World, effort: Effort) -> Iterable[Case]:
    """Find all cases."""
    return ()


def carry_out(world: World, case: Case) -> Result:
    """Carry a case out."""
    return Result(case.name)


PART = Part(
    "crashes",
    "Functions that die in the course of each of their AWS calls.",
    cases,
    carry_out,
)
