"""What a search came to, for a person at a terminal and for programs."""

import dataclasses
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Literal

from harness.equivalence import coverage_tables, findings
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.options import EquivalenceOptions
from harness.equivalence.printing import (
    difference_lines,
    number,
    step_text,
    table_lines,
)
from harness.equivalence.tally import Tally

Verdict = Literal["equal", "mismatch", "interrupted"]
_SHOWN = 10


@dataclass(frozen=True)
class Search:
    """A search that has ended.

    Attributes:
        tally: What it did.
        interrupted: Whether a person ended it before its time.
        scenario_file: Where the scenario of a mismatch was written.
    """

    options: EquivalenceOptions
    tally: Tally
    interrupted: bool = False
    scenario_file: Path | None = None

    @property
    def finding(self) -> MismatchFoundError | None:
        """The mismatch, if one was found."""
        return self.tally.finding

    @property
    def verdict(self) -> Verdict:
        """Say in a word what the search came to."""
        if self.finding is not None:
            return "mismatch"
        return "interrupted" if self.interrupted else "equal"

    @property
    def rate(self) -> float:
        """Scenarios in a real second of the whole search."""
        return self.tally.scenarios / max(self.tally.seconds, 0.001)

    def timings(self) -> dict[str, float]:
        """Tell how long the search and its scenarios took, in seconds."""
        times = sorted(self.tally.durations) or [0.0]
        most = quantiles(times, n=20)[-1] if len(times) > 1 else times[-1]
        return {
            "whole search": round(self.tally.seconds, 1),
            "median scenario": round(median(times), 3),
            "95% of scenarios below": round(min(most, times[-1]), 3),
            "slowest scenario": round(times[-1], 3),
        }

    def replay_command(self) -> str:
        """Say how to carry the scenario out once more."""
        words = ["drs-orch", "replay", str(self.scenario_file)]
        for name in ("control", "candidate"):
            folder = getattr(self.options, name)
            if folder is not None:
                words += [f"--{name}", str(folder)]
        return shlex.join(words)


def lines(search: Search) -> Iterator[str]:
    """Write the summary that ends with the verdict."""
    for table in coverage_tables.brief(search.tally.coverage):
        yield ""
        yield from table_lines(table)
    yield ""
    yield numbers(search)
    if search.finding is None:
        yield _verdict_line(search)
    else:
        yield from _mismatch(search, search.finding)


def numbers(search: Search) -> str:
    """Tell how much was tried, in one line."""
    tally = search.tally
    return (
        f"Tried {number(tally.scenarios)} different scenarios, "
        f"{number(tally.handovers)} of them handing over, "
        f"{number(tally.troubled)} in trouble, "
        f"{number(tally.steps)} steps, "
        f"{number(tally.coverage.troubles.total())} troubles met, "
        f"in {tally.seconds:.0f} s: {search.rate:.1f} scenarios per second."
    )


def document(search: Search) -> dict[str, Any]:
    """Write the summary as JSON."""
    tally, finding = search.tally, search.finding
    file = search.scenario_file
    return {
        "verdict": search.verdict,
        "profile": str(search.options.profile),
        "seed": search.options.seed,
        "scenarios": tally.scenarios,
        "handovers": tally.handovers,
        "troubled": tally.troubled,
        "repeated": tally.repeated,
        "steps": tally.steps,
        "troublesMet": tally.coverage.troubles.total(),
        "scenariosPerSecond": round(search.rate, 2),
        "seconds": search.timings(),
        "coverage": [
            dataclasses.asdict(table)
            for table in coverage_tables.full(tally.coverage)
        ],
        "finding": None if finding is None else findings.document(finding),
        "scenarioFile": None if file is None else str(file),
    }


def _verdict_line(search: Search) -> str:
    if search.interrupted:
        return "INTERRUPTED: no mismatch so far."
    scenarios = number(search.tally.scenarios)
    return f"EQUAL: {scenarios} scenarios, 0 mismatches."


def _mismatch(search: Search, finding: MismatchFoundError) -> Iterator[str]:
    steps = finding.scenario.steps
    yield ""
    yield "The smallest scenario found:"
    for index, step in enumerate(steps):
        parts = "  <- here the two part" if index == len(steps) - 1 else ""
        yield f"  step {index + 1}: {step_text(step)}{parts}"
    yield ""
    differences = finding.mismatch.differences
    for difference in differences[:_SHOWN]:
        yield from difference_lines(difference)
    if (more := len(differences) - _SHOWN) > 0:
        yield f"  ... and {more} more, all of them in the scenario's file."
    yield ""
    if search.scenario_file is not None:
        yield f"Scenario: {search.scenario_file}"
        yield f"Replay:   {search.replay_command()}"
    yield (
        f"MISMATCH: {len(differences)} "
        f"difference{'' if len(differences) == 1 else 's'} "
        f"after step {len(steps)} ({finding.mismatch.step.do})."
    )
