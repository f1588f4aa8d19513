"""Measuring the parts of a run, and what several runs have in common."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

TOGETHER = "together"


@dataclass(frozen=True)
class Seconds:
    """What a part took, by the clock and of the processor."""

    wall: float
    cpu: float


@dataclass
class Stopwatch:
    """What each part of a run took, in the order they ran."""

    parts: dict[str, Seconds] = field(default_factory=dict)

    @contextmanager
    def measuring(self, part: str) -> Iterator[None]:
        """Measure a part of the run."""
        # time_machine leaves these two clocks alone.
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.parts[part] = Seconds(
            time.perf_counter() - wall, time.process_time() - cpu
        )

    def rows(self) -> dict[str, Seconds]:
        """Give the parts, and their sum as the last row."""
        wall = sum(part.wall for part in self.parts.values())
        cpu = sum(part.cpu for part in self.parts.values())
        return {**self.parts, TOGETHER: Seconds(wall, cpu)}


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, the least and the greatest of them."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        """Show the median, then from where to where the others lie."""
        return f"{self.median:7.2f} ({self.least:.2f} to {self.most:.2f})"

    def __format__(self, form: str) -> str:
        """Show the same, each number in a form such as `.1f`."""
        if not form:
            return str(self)
        least, most = f"{self.least:{form}}", f"{self.most:{form}}"
        return f"{self.median:{form}} ({least} to {most})"


def spread(numbers: Sequence[float]) -> Spread:
    """Summarize some numbers, at least one."""
    return Spread(median(numbers), min(numbers), max(numbers))


def table(runs: Sequence[Stopwatch]) -> str:
    """Make a table of the parts of several equal runs."""
    lines = [f"{'':24}{'wall s':24}{'cpu s':24}".rstrip()]
    for part in runs[0].rows():
        wall, cpu = _spreads(runs, part)
        lines.append(f"{part:24}{str(wall):24}{str(cpu):24}".rstrip())
    lines.append(f"medians of {len(runs)} runs, and their spread")
    return "\n".join(lines)


def document(runs: Sequence[Stopwatch]) -> dict[str, Any]:
    """Make a document of the parts of several equal runs, in seconds."""
    return {
        part: {
            "wall": _numbers(_spreads(runs, part)[0]),
            "cpu": _numbers(_spreads(runs, part)[1]),
        }
        for part in runs[0].rows()
    }


def _spreads(runs: Sequence[Stopwatch], part: str) -> tuple[Spread, Spread]:
    found = [run.rows()[part] for run in runs]
    wall = spread([each.wall for each in found])
    return wall, spread([each.cpu for each in found])


def _numbers(found: Spread) -> dict[str, float]:
    return {
        "median": round(found.median, 3),
        "least": round(found.least, 3),
        "most": round(found.most, 3),
    }
