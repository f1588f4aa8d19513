"""What a person may do wrong on the command line, in plain words."""

from pathlib import Path


class UsageError(Exception):
    """Something on the command line cannot be used; exit code 2."""


class UnreadableError(UsageError):
    """A file or folder is missing, or does not hold what it should."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
