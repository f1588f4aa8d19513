"""How long an execution takes, candidate against reference.

An execution's time is that of its waits, as the state machine made them in
virtual time, and of its invocations: what each took of its own, measured, and
the assumed latency of each AWS call. All calls count one after another, also
those that the candidate makes at once. What Step Functions takes for a
transition is left out: it would be the same on both sides.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measurements import Spread, spread
from benchmarks.performance import tables
from benchmarks.performance.plans import SIDES, Size
from benchmarks.performance.virtual_executions import (
    Execution,
    carried_out,
)

Document = dict[str, Any]
Executions = Mapping[tuple[int, str], Sequence[Execution]]
PLANS = (Size(1, 5), Size(3, 5), Size(10, 5))


def carry_out(
    packages: Path | None,
    repetitions: int,
    plans: Sequence[Size] = PLANS,
) -> Executions:
    """Carry plans out with both sides; the first time functions are cold.

    Args:
        packages: Folder of the functions' zips; None runs the sources.
        repetitions: Of each plan, after that first time.

    Returns:
        Executions by the number of waves and the side.
    """
    return {
        (plan.waves, side): carried_out(plan, side, packages, repetitions + 1)
        for plan in plans
        for side in SIDES
    }


def measure(executions: Executions, latency: float) -> list[Document]:
    """Account the time of executions.

    Args:
        latency: Seconds that each AWS call takes, as is assumed.
    """
    return [
        {
            "waves": waves,
            "side": side,
            "waited": found[-1].waited,
            "invocations": len(found[-1].invocations()),
            "own": [_own(each) for each in found],
            "called": [each.seconds(latency) - each.waited for each in found],
            "seconds": [each.seconds(latency) for each in found],
        }
        for (waves, side), found in executions.items()
    ]


def section(rows: Sequence[Document]) -> list[str]:
    """Show seconds of executions, cold and warm, and their ratios."""
    lines = [
        "| waves | waits | invocations (reference, candidate) "
        "| in functions, reference | in functions, candidate "
        "| ratio of the whole, warm | cold |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for waves in sorted({row["waves"] for row in rows}):
        lines.append(_line(rows, waves))
    return lines


def invocations(executions: Executions) -> dict[str, Document]:
    """Give seconds that invocations took of their own, by function."""
    found: dict[str, Document] = {}
    for runs in executions.values():
        for number, execution in enumerate(runs):
            seen = set[str]()
            for each in execution.invocations():
                row = found.setdefault(each.folder, {"warm": [], "cold": []})
                is_cold = not number and each.folder not in seen
                row["cold" if is_cold else "warm"].append(each.own)
                seen.add(each.folder)
    return found


def invocations_section(found: Mapping[str, Document]) -> list[str]:
    """Show milliseconds of an invocation's own, by function."""
    lines = ["| function | warm invocation | cold invocation |"]
    lines.append("|---|--:|--:|")
    for folder, row in sorted(found.items()):
        warm = sorted(row["warm"])
        # One that met other work on the machine says nothing of the rest.
        inner = warm[: max(1, len(warm) * 19 // 20)]
        cells = [
            folder,
            tables.milliseconds(inner),
            tables.milliseconds(row["cold"]),
        ]
        lines.append(tables.line(cells))
    return lines


def warm_ratio(rows: Sequence[Document], waves: int) -> Spread:
    """Compare the warm executions of a plan, one by one."""
    return spread(_ratios(rows, waves)[1:])


def _ratios(rows: Sequence[Document], waves: int) -> list[float]:
    reference, candidate = (_row(rows, waves, side) for side in SIDES)
    pairs = zip(candidate["seconds"], reference["seconds"])
    return [one / other for one, other in pairs]


def _row(rows: Sequence[Document], waves: int, side: str) -> Document:
    chosen = (row for row in rows if row["waves"] == waves)
    return next(row for row in chosen if row["side"] == side)


def _own(execution: Execution) -> float:
    return sum(each.own for each in execution.invocations())


def _line(rows: Sequence[Document], waves: int) -> str:
    reference, candidate = (_row(rows, waves, side) for side in SIDES)
    waits = dict.fromkeys(
        f"{row['waited']:,.0f} s" for row in (reference, candidate)
    )
    warm = warm_ratio(rows, waves)
    cells = [
        waves,
        ", ".join(waits),
        f"{reference['invocations']}, {candidate['invocations']}",
        f"{spread(reference['called'][1:]).median:.2f} s",
        f"{spread(candidate['called'][1:]).median:.2f} s",
        f"**{warm.median:.4f}** ({warm.least:.4f} to {warm.most:.4f})",
        f"{_ratios(rows, waves)[0]:.4f}",
    ]
    return tables.line(cells)
