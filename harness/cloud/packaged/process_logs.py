"""What a function's process logs, read from the file it writes to."""

import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path

from harness.cloud.lambda_logs import LogLine

# Lambda's text format; what follows up to the next line that begins so (or
# to the client's own report of an error) belongs to the line.
_LINE = re.compile(
    r"^\[([A-Z]+)\]\t[^\t]+Z\t[^\t]*\t(.*?)\n"
    r"(?=\[[A-Z]+\](?:\t| )|LAMBDA_WARNING|\{\"_aws\"|\Z)",
    re.MULTILINE | re.DOTALL,
)


class ProcessLog:
    """The file that a process writes, read as it grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._lock = threading.Lock()

    def pass_on(self) -> None:
        """Log what was written since, in this process, in its order."""
        # Calls of several threads of the process come at once.
        with self._lock:
            for line in self._new_lines():
                _root_handles(line)

    def text(self) -> str:
        """Give all that was written."""
        return self._path.read_text(encoding="utf-8", errors="replace")

    def _new_lines(self) -> Iterator[LogLine]:
        with self._path.open("rb") as file:
            file.seek(self._read)
            written = file.read()
        self._read += len(written)
        text = written.decode(errors="replace")
        for level, message in _LINE.findall(text):
            yield LogLine(level, message)


def _root_handles(line: LogLine) -> None:
    """Hand a line to the handlers of the root logger, whatever its level.

    The function's own level has already let it pass.
    """
    record = logging.makeLogRecord(
        {
            "name": "lambda",
            "levelno": logging.getLevelName(line.level),
            "levelname": line.level,
            "msg": line.message,
        }
    )
    logging.getLogger().handle(record)
