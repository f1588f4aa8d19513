"""Keep what Lambda code logs, invocation by invocation."""

import logging
from collections import defaultdict
from typing import NamedTuple, Self

from harness.cloud import caller


class LogLine(NamedTuple):
    """One line as CloudWatch would show it."""

    level: str
    message: str


class LogCapture(logging.Handler):
    """A handler of the root logger that sorts lines by invocation.

    What is logged outside of all Lambdas is not kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, list[LogLine]] = defaultdict(list)

    def __enter__(self) -> Self:
        self._root = logging.getLogger()
        self._level = self._root.level
        self._root.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._root.removeHandler(self)
        # A Lambda may set the level of the root logger.
        self._root.setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the Lambda that runs in this thread."""
        request_id = caller.invocation()
        if request_id is not None:
            line = LogLine(record.levelname, self.format(record))
            self._lines[request_id].append(line)

    def take(self, request_id: str) -> list[LogLine]:
        """Give the lines of an invocation, and forget them."""
        return self._lines.pop(request_id, [])
