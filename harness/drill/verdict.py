"""Say whether two runs of one order did the same."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from harness.console.output import say
from harness.equivalence import Comparison, Difference

_SHOWN = 10
_WIDTH = 300


Names = tuple[str, str]


def show(console: Console, comparison: Comparison, names: Names) -> None:
    """Print what was compared and, if any, the first differences."""
    for line in _lines(comparison, names):
        say(console, line)


def _lines(comparison: Comparison, names: Names) -> Iterator[str]:
    yield ""
    if comparison.equal:
        counts = [f"{count.left} {count.what}" for count in comparison.counts]
        yield f"Compared: {', '.join(counts)}."
        yield (
            f"EQUAL: {names[0]} and {names[1]} made the same transitions, "
            "items and AWS calls."
        )
        return
    for difference in comparison.differences[:_SHOWN]:
        yield from _difference(difference, names)
    more = len(comparison.differences) - _SHOWN
    if more > 0:
        yield f"... and {more} more; --json lists them all."
    counts = [
        f"{count.left}/{count.right} {count.what}"
        for count in comparison.counts
    ]
    yield f"Compared ({names[0]}/{names[1]}): {', '.join(counts)}."
    number = len(comparison.differences)
    yield f"DIFFERENT: {number} difference{'' if number == 1 else 's'}."


def _difference(difference: Difference, names: Names) -> Iterator[str]:
    width = max(map(len, names)) + 1
    yield difference.path
    yield f"  {names[0] + ':':{width}} {_short(difference.left)}"
    yield f"  {names[1] + ':':{width}} {_short(difference.right)}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."
