"""Say whether two orchestrations did the same."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from harness.drill.printing import print_plain
from harness.equivalence import Comparison, Difference

_SHOWN = 10
_WIDTH = 300


def show(console: Console, comparison: Comparison) -> None:
    """Print what was compared and, if any, the first differences."""
    for line in _lines(comparison):
        print_plain(console, line)


def _lines(comparison: Comparison) -> Iterator[str]:
    yield ""
    if comparison.equal:
        counts = [f"{count.left} {count.what}" for count in comparison.counts]
        yield f"Compared: {', '.join(counts)}."
        yield (
            "EQUAL: refactored and reference made the same transitions, "
            "items and AWS calls."
        )
        return
    for difference in comparison.differences[:_SHOWN]:
        yield from _difference(difference)
    more = len(comparison.differences) - _SHOWN
    if more > 0:
        yield f"... and {more} more; --json lists them all."
    counts = [
        f"{count.left}/{count.right} {count.what}"
        for count in comparison.counts
    ]
    yield f"Compared (refactored/reference): {', '.join(counts)}."
    number = len(comparison.differences)
    yield f"DIFFERENT: {number} difference{'' if number == 1 else 's'}."


def _difference(difference: Difference) -> Iterator[str]:
    yield difference.path
    yield f"  refactored: {_short(difference.left)}"
    yield f"  reference:  {_short(difference.right)}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."
