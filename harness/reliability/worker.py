"""Carry out a share of the cases, in one world after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from harness.cloud.project import Orchestration
from harness.console.options import Effort
from harness.reliability import parts, worlds
from harness.reliability.parts import Case, Part, UnsoundError
from harness.reliability.results import Finding, Result
from harness.reliability.worlds import World


@dataclass(frozen=True)
class Work:
    """What is to be tried, and which share of it.

    Attributes:
        only: Names of the cases to carry out; none for all.
        root: Folder of the Lambdas.
        share: Which of the shares, from 0.
        shares: How many there are.
    """

    parts: tuple[str, ...]
    orchestrations: tuple[Orchestration, ...]
    effort: Effort
    seed: int
    root: Path
    only: frozenset[str] = frozenset()
    share: int = 0
    shares: int = 1


@dataclass(frozen=True)
class Planned:
    """So many cases of a part are about to be carried out."""

    part: str
    orchestration: str
    cases: int


@dataclass(frozen=True)
class Done:
    """A case was carried out."""

    part: str
    orchestration: str
    result: Result


Message = Planned | Done


def carry_out(work: Work) -> Iterator[Message]:
    """Carry out a share of the work, telling of each case.

    Raises:
        NoLambdasError: The root holds no Lambdas.
    """
    known = parts.by_name()
    for orchestration in work.orchestrations:
        with worlds.entered(orchestration, work.seed, work.root) as world:
            for name in work.parts:
                yield from _part(work, world, known[name])


def _part(work: Work, world: World, part: Part) -> Iterator[Message]:
    place = part.name, world.orchestration
    try:
        found = _chosen(part.cases(world, work.effort), work.only)
    except UnsoundError as error:
        if work.share == 0:
            yield Planned(*place, 1)
            yield Done(*place, _wrong("undisturbed", str(error)))
        return
    own = found[work.share :: work.shares]
    yield Planned(*place, len(own))
    for case in own:
        yield Done(*place, _carried_out(part, world, case))


def _chosen(cases: Iterable[Case], names: frozenset[str]) -> list[Case]:
    """Give all cases, or those of some names: no more than must be found."""
    if not names:
        return list(cases)
    found = (case for case in cases if case.name in names)
    return list(islice(found, len(names)))


def _carried_out(part: Part, world: World, case: Case) -> Result:
    try:
        return part.carry_out(world, case)
    except Exception as error:
        # Whoever is at fault, the Lambdas or this room: nothing was shown.
        kind = type(error).__name__
        return _wrong(case.name, f"It cannot be judged: {kind}: {error}")


def _wrong(case: str, violation: str) -> Result:
    return Result(case, findings=(Finding(case, (violation,)),))
