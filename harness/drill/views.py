"""Show a drill while it runs: a table on a terminal, else plain lines."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from harness.console.output import say
from harness.drill.printing import clock_time, styled
from harness.drill.progress import (
    Happening,
    Progress,
    ServerProgress,
    WaveProgress,
)


class View(Protocol):
    """A way to show a drill while it runs."""

    def preparing(self, text: str) -> AbstractContextManager[object]:
        """Say what is being prepared during the block."""

    def watching(
        self, title: str, progress: Progress
    ) -> AbstractContextManager[None]:
        """Show progress until the block ends."""

    def suspended(self) -> AbstractContextManager[None]:
        """Leave the terminal to somebody else for the block."""


class PlainLines:
    """One line for each thing that happens, without control characters."""

    def __init__(self, console: Console) -> None:
        """Write to a console."""
        self._console = console

    @contextmanager
    def preparing(self, text: str) -> Iterator[None]:
        """Say so once."""
        say(self._console, f"{text} ...")
        yield

    @contextmanager
    def watching(self, title: str, progress: Progress) -> Iterator[None]:
        """Write what happens until the block ends."""
        say(self._console, title)
        progress.subscribe(self._write)
        yield

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Write nothing meanwhile; there is nothing to take away."""
        yield

    def _write(self, happening: Happening) -> None:
        moment = clock_time(happening.elapsed)
        line = f"{moment}  {happening.place}: {happening.text}"
        say(self._console, line)


class LiveTable:
    """A table of waves and servers that changes in place."""

    def __init__(self, console: Console) -> None:
        """Draw on a terminal."""
        self._console = console
        self._live: Live | None = None

    def preparing(self, text: str) -> AbstractContextManager[object]:
        """Turn a spinner during the block."""
        return self._console.status(f"{text} ...")

    @contextmanager
    def watching(self, title: str, progress: Progress) -> Iterator[None]:
        """Draw the table until the block ends, and leave it standing."""
        with Live(
            console=self._console,
            get_renderable=lambda: _picture(title, progress),
            refresh_per_second=10,
        ) as self._live:
            yield
        self._live = None

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Stop drawing, so that a question keeps its place."""
        if self._live is None:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start(refresh=True)


def view_for(console: Console) -> View:
    """Choose the view that a console can show."""
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveTable(console)
    return PlainLines(console)


def _picture(title: str, progress: Progress) -> Group:
    elapsed = clock_time(datetime.now(tz=UTC) - progress.start)
    heading = f"{title}, {progress.standing}, {elapsed} of virtual time"
    return Group(Text(heading, "bold"), _table(progress))


def _table(progress: Progress) -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for column in ("Wave", "Status", "Server", "Phase", "Since"):
        table.add_column(column, overflow="fold")
    for number, wave in enumerate(progress.waves):
        _add_wave(table, f"{number} {wave.name}", wave, progress.start)
    return table


def _add_wave(
    table: Table, name: str, wave: WaveProgress, start: datetime
) -> None:
    servers = list(wave.servers.values())
    first = _server_cells(servers[0], start) if servers else []
    table.add_row(name, styled(wave.status), *first)
    for server in servers[1:]:
        table.add_row("", "", *_server_cells(server, start))


def _server_cells(server: ServerProgress, start: datetime) -> list[str | Text]:
    since = clock_time(server.since - start) if server.since else ""
    phase = (
        Text(server.phase, "bold red")
        if server.failed
        else (styled(server.phase))
    )
    return [server.hostname, phase, since]
