"""Outages and throttling of AWS while a plan is carried out."""

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
    "weather",
    "Outages and throttling of AWS while a plan is carried out.",
    cases,
    carry_out,
)
