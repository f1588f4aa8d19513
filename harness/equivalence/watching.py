"""Follow a search: tell how far it has come, and keep what it found."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from harness.console.output import say
from harness.equivalence.printing import number
from harness.equivalence.tally import Tally

# Real seconds between two lines where no terminal can show one that changes.
_BETWEEN_LINES = 5.0
Show = Callable[[str], None]


class Watch:
    """Listens to a search.

    Attributes:
        tally: What the search has done so far.
    """

    def __init__(self, planned: int, show: Show, now: Show) -> None:
        """Prepare to listen.

        Args:
            planned: How many scenarios there are to be.
            show: Shows how far it has come, when it likes.
            now: Shows something at once.
        """
        self._planned = planned
        self._show = show
        self._now = now
        self.tally = Tally()

    def __call__(self, tally: Tally) -> None:
        """Take note of a scenario that has ended."""
        self.tally = tally
        begins_to_shrink = tally.finding and not tally.shrinking
        (self._now if begins_to_shrink else self._show)(
            _shrinking(tally)
            if tally.finding
            else _progress(tally, self._planned)
        )


@contextmanager
def watching(console: Console, planned: int) -> Iterator[Watch]:
    """Show a search until the block ends.

    A terminal shows one line that changes; elsewhere a line comes every few
    seconds.
    """
    beginning = "Starting two worlds ..."
    if console.is_terminal and not console.is_dumb_terminal:
        with console.status(beginning) as status:
            yield Watch(planned, status.update, status.update)
    else:
        say(console, beginning)
        lines = _Lines(console)
        yield Watch(planned, lines.now_and_then, lines.now)


class _Lines:
    """Writes a line now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = time.monotonic()

    def now_and_then(self, line: str) -> None:
        if time.monotonic() - self._last >= _BETWEEN_LINES:
            self.now(line)

    def now(self, line: str) -> None:
        self._last = time.monotonic()
        say(self._console, line)


def _progress(tally: Tally, planned: int) -> str:
    rate = tally.scenarios / max(time.monotonic() - tally.began, 0.001)
    return (
        f"{number(tally.scenarios)} scenarios of {number(planned)}, "
        f"{number(tally.steps)} steps, "
        f"{number(tally.coverage.troubles.total())} troubles met, "
        f"{rate:.1f} scenarios per second"
    )


def _shrinking(tally: Tally) -> str:
    tried = f", {number(tally.shrinking)} tried" if tally.shrinking else ""
    return (
        f"Mismatch in scenario {number(tally.scenarios)}; "
        f"making the mismatch smaller{tried}"
    )
