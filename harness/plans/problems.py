"""What can be wrong with a plan file, and how a person reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A person corrects some and runs again; a terminal scrolls.
_MAX_TOLD = 100
_MAX_LENGTH = 500


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
        told = [self._sentence(each) for each in self.problems[:_MAX_TOLD]]
        more = len(self.problems) - len(told)
        return [*told, f"and {more} more problems"] if more else told

    def _sentence(self, problem: Problem) -> str:
        parts = (self._place(problem), problem.pointer)
        place = ": ".join(part for part in parts if part)
        return f"{place}: {problem.message}"

    def _place(self, problem: Problem) -> str:
        return (
            f"{self.path}:{problem.line}" if problem.line else f"{self.path}"
        )


def _printable(problem: Problem) -> Problem:
    """Escape what a file quotes, so that it cannot command a terminal.

    What it quotes at length is cut.
    """
    pointer, message = _escaped(problem.pointer), _escaped(problem.message)
    return Problem(problem.line, pointer, message)


def _escaped(text: str) -> str:
    cut = text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."
    return "".join(
        each if each.isprintable() else repr(each)[1:-1] for each in cut
    )
