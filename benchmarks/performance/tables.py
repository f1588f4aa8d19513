"""Lines and cells of the page's tables."""

from collections.abc import Iterable, Sequence

from benchmarks.measurements import spread


def line(cells: Iterable[object]) -> str:
    """Write a line of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def milliseconds(seconds: Sequence[float]) -> str:
    """Show what several measurements took."""
    return f"{spread([each * 1000 for each in seconds]):.0f} ms"
