"""How much was held against the model, told at the end of a run."""

from dataclasses import dataclass, field
from typing import Any

import pytest

KEY = "drs_conformance"


@dataclass
class Tally:
    """What was checked so far, in this process and its workers.

    Attributes:
        operations: Names of the operations whose input was attacked.
        constraints: Requests that broke one constraint of the model each.
        answers: Answers compared with the shape the model declares.
    """

    operations: set[str] = field(default_factory=set)
    constraints: int = 0
    answers: int = 0

    def add(self, other: "Tally") -> None:
        """Count what another process has checked."""
        self.operations |= other.operations
        self.constraints += other.constraints
        self.answers += other.answers

    def sentence(self) -> str:
        """Say what was checked."""
        return (
            f"{len(self.operations)} operations, "
            f"{self.constraints} constraints broken and refused, "
            f"{self.answers} answers compared with their shapes"
        )


TALLY = Tally()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts of a worker of xdist to the process that reports."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        counts = (sorted(TALLY.operations), TALLY.constraints, TALLY.answers)
        output[KEY] = counts


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Count what a worker of xdist has checked."""
    output = getattr(node, "workeroutput", {})
    if KEY in output:
        operations, constraints, answers = output[KEY]
        TALLY.add(Tally(set(operations), constraints, answers))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> None:
    """Print the counts if there are any."""
    if TALLY.answers:
        terminalreporter.write_sep("-", "DRS against botocore's model")
        terminalreporter.write_line(TALLY.sentence())
