"""The parts of the room: what goes wrong, case by case."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.console.options import Effort
from harness.reliability.results import Result
from harness.reliability.worlds import World


class UnsoundError(Exception):
    """An execution is wrong without any trouble: no case can be judged."""

    def __init__(self, found: Iterable[str]) -> None:
        super().__init__(f"Wrong without any trouble: {'; '.join(found)}")


@dataclass(frozen=True)
class Case:
    """Something that goes wrong in one way, to be tried once.

    Attributes:
        name: Unique in its part and orchestration, always the same for the
            same seed: people repeat a case by it. No line breaks.
        details: Whatever its part needs to carry it out.
    """

    name: str
    details: Any = None


@dataclass(frozen=True)
class Part:
    """A kind of trouble.

    Cases are shared out among processes, each with a world of its own:
    each finds all cases, in the same order, and carries out its share.

    Attributes:
        name: As in `--part`.
        summary: One line for people.
        cases: Finds all cases; may run something in the world to do so, and
            raise UnsoundError when that is wrong by itself.
        carry_out: Carries one out, in a world that anything may have
            happened in before: it must begin anew by itself.
    """

    name: str
    summary: str
    cases: Callable[[World, Effort], Iterable[Case]]
    carry_out: Callable[[World, Case], Result]


def by_name() -> Mapping[str, Part]:
    """Give all parts, in the order of the table."""
    # Here, because each of them needs the classes above.
    from harness.reliability import crashes, hostile, rivals, weather

    parts = (crashes.PART, rivals.PART, weather.PART, hostile.PART)
    return {part.name: part for part in parts}
