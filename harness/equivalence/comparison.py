"""Compare two observations, and say where they differ."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.equivalence.masking import (
    MASK,
    Secrets,
    masked,
    names_secret,
    secrets_in,
)
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
    differences = tuple(_differences(left, right))
    return Comparison(
        counts=tuple(
            Count(what, number, other) for (what, number), (_, other) in counts
        ),
        differences=differences and hidden(differences, _secrets(left, right)),
    )


def _secrets(*observations: Observation) -> Iterator[str]:
    for each in observations:
        yield from each.secrets
        yield from secrets_in(list(vars(each).values()))


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
    yield from walk("reads", left.reads, right.reads)
    yield from walk("jobs", left.jobs, right.jobs)
    yield from walk("instances", left.instances, right.instances)
    yield from walk("lines", left.lines, right.lines)


def walk(path: str, left: Any, right: Any) -> Iterator[Difference]:
    """Find where two JSON values differ, each place by its path.

    A set is one of calls, as `canonical` writes them. Values that stand
    under the name of a secret are masked; `hidden` does it everywhere.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            inner = f".{key}" if key.isidentifier() else f"[{key}]"
            yield from walk(
                f"{path}{inner}".removeprefix("."),
                left.get(key, ABSENT),
                right.get(key, ABSENT),
            )
    elif isinstance(left, frozenset) and isinstance(right, frozenset):
        yield from _calls_of_one_side(path, left, right)
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        yield from _walk_lists(path, left, right)
    elif canonical(left) != canonical(right):
        yield _masked(path, left, right)


def hidden(
    differences: Iterable[Difference], secrets: Iterable[str]
) -> tuple[Difference, ...]:
    """Hide secrets in differences, paths included.

    Args:
        secrets: Texts that nobody may see.
    """
    veil = Secrets(secrets)
    return tuple(_hidden(each, veil) for each in differences)


def _hidden(difference: Difference, veil: Secrets) -> Difference:
    left, right = map(veil.hidden, (difference.left, difference.right))
    if isinstance(left, str) and left == right:
        left, right = f"{left} (one)", f"{right} (another)"
    return Difference(veil.hidden(difference.path), left, right)


def _walk_lists(
    path: str, left: Sequence[Any], right: Sequence[Any]
) -> Iterator[Difference]:
    """Compare by position; what one side has more may stand in the middle."""
    if len(left) != len(right):
        same = _same_at_end(left, right)
        left, right = left[: len(left) - same], right[: len(right) - same]
    for index in range(max(len(left), len(right))):
        yield from walk(
            f"{path}[{index}]", _at(left, index), _at(right, index)
        )


def _same_at_end(left: Sequence[Any], right: Sequence[Any]) -> int:
    """Count equal values at the end that are not those of the beginning."""
    one, other = list(map(canonical, left)), list(map(canonical, right))
    start = _same_at_start(one, other)
    return _same_at_start(one[start:][::-1], other[start:][::-1])


def _same_at_start(left: list[str], right: list[str]) -> int:
    pairs = enumerate(zip(left, right))
    parting = (index for index, (one, other) in pairs if one != other)
    return next(parting, min(len(left), len(right)))


def _at(values: Any, index: int) -> Any:
    return values[index] if index < len(values) else ABSENT


def _calls_of_one_side(
    path: str, left: frozenset[str], right: frozenset[str]
) -> Iterator[Difference]:
    for text in sorted(left ^ right):
        call = json.loads(text)
        sides = (call, ABSENT) if text in left else (ABSENT, call)
        yield _masked(f"{path}[{call['operation']}]", *sides)


def _masked(path: str, left: Any, right: Any) -> Difference:
    if names_secret(path):
        return Difference(path, f"{MASK} (one)", f"{MASK} (another)")
    return Difference(path, masked(left), masked(right))
