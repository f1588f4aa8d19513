"""How a drill writes: plain words, with colour only where it shows."""

from datetime import timedelta

from rich.text import Text

_STYLES = {
    "launched": "green",
    "LAUNCHED": "green",
    "COMPLETED": "green",
    "FAILED": "bold red",
    "TIMEOUT": "bold red",
    "CANCELLED": "yellow",
    "waits for approval": "yellow",
    "not started": "dim",
    "waiting": "dim",
}


def clock_time(elapsed: timedelta) -> str:
    """Write a span of virtual time as hours, minutes and seconds."""
    seconds = int(elapsed.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def styled(word: str, width: int = 0) -> Text:
    """Colour a status or a phase, and fill it up to a width."""
    return Text(word.ljust(width), _STYLES.get(word, ""))
