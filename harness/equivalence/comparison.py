"""Compare two observations, and say where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.equivalence.masking import MASK, masked, names_secret
from harness.equivalence.observations import Observation, canonical

# Shown where one side has nothing.
ABSENT = "(nothing)"


@dataclass(frozen=True)
class Difference:
    """One value that is not the same on both sides.

    Attributes:
        path: Where, for example `transitions[4].data.status`.
        left: Value on the left, or `(nothing)`; secrets are masked.
        right: Value on the right, likewise.
    """

    path: str
    left: Any
    right: Any


@dataclass(frozen=True)
class Count:
    """How many things of a kind were compared."""

    what: str
    left: int
    right: int


@dataclass(frozen=True)
class Comparison:
    """What comparing two observations found.

    Attributes:
        counts: How much was compared, by kind.
        differences: Every difference, in the order of the kinds.
    """

    counts: tuple[Count, ...]
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Tell whether nothing differs."""
        return not self.differences


def compare(left: Observation, right: Observation) -> Comparison:
    """Compare everything that two observations hold.

    Transitions, steps, mutating calls and log lines must be equal one by
    one and in order, items, jobs and instances by key; reads as a set.
    """
    counts = zip(_counts(left), _counts(right), strict=True)
    return Comparison(
        counts=tuple(
            Count(what, number, other) for (what, number), (_, other) in counts
        ),
        differences=tuple(_differences(left, right)),
    )


def _counts(observation: Observation) -> list[tuple[str, int]]:
    items = [len(items) for items in observation.tables.values()]
    return [
        ("transitions", observation.states_entered),
        ("steps", len(observation.steps)),
        ("items", sum(items)),
        ("mutating calls", len(observation.mutations)),
        ("distinct reads", len(observation.reads)),
        ("DRS jobs", _size(observation.jobs)),
        ("instances", _size(observation.instances)),
        ("log lines", len(observation.lines)),
    ]


def _size(by_place: Any) -> int:
    return sum(len(things) for things in by_place.values())


def _differences(
    left: Observation, right: Observation
) -> Iterator[Difference]:
    yield from walk("ending", left.ending, right.ending)
    yield from walk("transitions", left.transitions, right.transitions)
    yield from walk("steps", left.steps, right.steps)
    yield from walk("tables", left.tables, right.tables)
    yield from walk("mutations", left.mutations, right.mutations)
    yield from _only_on_one_side("reads", left.reads, right.reads)
    yield from walk("jobs", left.jobs, right.jobs)
    yield from walk("instances", left.instances, right.instances)
    yield from walk("lines", left.lines, right.lines)


def walk(path: str, left: Any, right: Any) -> Iterator[Difference]:
    """Find where two JSON values differ, each place by its path."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            inner = f".{key}" if key.isidentifier() else f"[{key}]"
            yield from walk(
                f"{path}{inner}".removeprefix("."),
                left.get(key, ABSENT),
                right.get(key, ABSENT),
            )
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        for index in range(max(len(left), len(right))):
            yield from walk(
                f"{path}[{index}]", _at(left, index), _at(right, index)
            )
    elif canonical(left) != canonical(right):
        yield _masked(path, left, right)


def _at(values: Any, index: int) -> Any:
    return values[index] if index < len(values) else ABSENT


def _only_on_one_side(
    path: str, left: frozenset[str], right: frozenset[str]
) -> Iterator[Difference]:
    for read in sorted(left ^ right):
        sides = ("made", ABSENT) if read in left else (ABSENT, "made")
        yield Difference(f"{path}[{read}]", *sides)


def _masked(path: str, left: Any, right: Any) -> Difference:
    if names_secret(path):
        return Difference(path, f"{MASK} (one)", f"{MASK} (another)")
    return Difference(path, masked(left), masked(right))
