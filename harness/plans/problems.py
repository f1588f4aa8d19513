"""What can be wrong with a plan file, and how a person reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing to correct in a plan file.

    Attributes:
        line: Line in the file from 1, or 0 when no line can be named.
        pointer: JSON pointer of the value; empty for the whole document.
        message: What is wrong and, if known, what to write instead.
    """

    line: int
    pointer: str
    message: str


class PlanFileError(Exception):
    """A plan file cannot be used; carries everything to correct."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of the file, each once."""
        self.path = path
        self.problems = sorted(
            dict.fromkeys(map(_printable, problems)),
            key=lambda problem: problem.line,
        )
        super().__init__("\n".join(self._sentences()))

    def _sentences(self) -> list[str]:
        return [
            ": ".join(
                part
                for part in (self._place(problem), problem.pointer)
                if part
            )
            + f": {problem.message}"
            for problem in self.problems
        ]

    def _place(self, problem: Problem) -> str:
        return (
            f"{self.path}:{problem.line}" if problem.line else f"{self.path}"
        )


def _printable(problem: Problem) -> Problem:
    """Escape what a file quotes, so that it cannot command a terminal."""
    pointer, message = _escaped(problem.pointer), _escaped(problem.message)
    return Problem(problem.line, pointer, message)


def _escaped(text: str) -> str:
    return "".join(
        each if each.isprintable() else repr(each)[1:-1] for each in text
    )
