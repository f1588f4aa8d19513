"""How much was held against the model, told at the end of a run."""

from dataclasses import dataclass, field
from typing import Any

import pytest

KEY = "drs_conformance"


@dataclass
class Tally:
    """What was checked in one mode so far, here and by workers of xdist.

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


IN_PROCESS = "in process"
OVER_HTTP = "over HTTP"
MODES = (IN_PROCESS, OVER_HTTP)
TALLIES = {mode: Tally() for mode in MODES}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts of a worker of xdist to the process that reports."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[KEY] = {
            mode: (sorted(each.operations), each.constraints, each.answers)
            for mode, each in TALLIES.items()
        }


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Count what a worker of xdist has checked."""
    counts = getattr(node, "workeroutput", {}).get(KEY, {})
    for mode, (operations, constraints, answers) in counts.items():
        TALLIES[mode].add(Tally(set(operations), constraints, answers))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> None:
    """Print the counts of each mode if there are any."""
    told = [mode for mode in MODES if TALLIES[mode].answers]
    if told:
        terminalreporter.write_sep("-", "DRS against botocore's model")
    for mode in told:
        terminalreporter.write_line(f"{mode}: {TALLIES[mode].sentence()}")
