"""Keep what Lambdas log, in the order in which they do."""

import logging

from harness.cloud import caller


class Lines(logging.Handler):
    """Keeps the lines of all Lambdas; a handler of the root logger.

    Attributes:
        lines: Level and text of each line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, if a Lambda wrote it."""
        if caller.function() is not None:
            self.lines.append(f"{record.levelname} {self.format(record)}")

    def take(self) -> list[str]:
        """Give the lines since the last time."""
        taken, self.lines = self.lines, []
        return taken
