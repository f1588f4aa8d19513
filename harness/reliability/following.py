"""Tell how far a campaign has come."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from harness.console.output import say
from harness.reliability.campaign import Tally

# Real seconds between two lines where no terminal can show one that changes.
_BETWEEN_LINES = 5.0


@contextmanager
def following(console: Console) -> Iterator[Callable[[Tally], None]]:
    """Show a campaign until the block ends.

    A terminal shows one line that changes; elsewhere a line comes every few
    seconds.
    """
    beginning = "Starting worlds ..."
    if console.is_terminal and not console.is_dumb_terminal:
        with console.status(beginning) as status:
            yield lambda tally: status.update(progress(tally))
        return
    say(console, beginning)
    last = time.monotonic()

    def now_and_then(tally: Tally) -> None:
        nonlocal last
        if time.monotonic() - last >= _BETWEEN_LINES:
            last = time.monotonic()
            say(console, progress(tally))

    yield now_and_then


def progress(tally: Tally) -> str:
    """Tell in a line how far a campaign has come."""
    parts = ", ".join(
        f"{row.part} ({row.orchestration}) {row.cases:,} of {row.planned:,}"
        for row in tally.rows.values()
        if 0 < row.cases < row.planned
    )
    runs = sum(row.runs for row in tally.rows.values())
    wrong = f"{len(tally.wrong):,} wrong"
    return f"{runs:,} runs, {wrong}; {parts or 'looking for cases'}"
