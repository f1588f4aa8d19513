"""How a campaign reads: plain lines, an aligned table, what to run again."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from harness.reliability.campaign import Tally, Wrong
from harness.reliability.results import Row
from harness.reliability.worker import Work
from harness.reliability.worlds import LAMBDA_ROOT

_COLUMNS = (
    "part",
    "orchestration",
    "runs",
    "faults injected",
    "survived",
    "ended with reason",
    "wrong",
)
_COUNTS = ("runs", "faults", "survived", "ended", "wrong")
# More would scroll the first ones away; --report and --json hold all.
_SHOWN = 10
_VIOLATIONS_SHOWN = 5
_WIDTH = 500


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Write the table, with the sums in its last line."""
    cells = [_COLUMNS, *map(_cells, rows), _cells(total(rows))]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        names = [c.ljust(w) for c, w in zip(line[:2], widths[:2])]
        numbers = [c.rjust(w) for c, w in zip(line[2:], widths[2:])]
        yield "  ".join([*names, *numbers])


def total(rows: Sequence[Row]) -> Row:
    """Add rows up."""
    made = Row("all", "")
    for row in rows:
        for name in ("planned", "cases", *_COUNTS):
            setattr(made, name, getattr(made, name) + getattr(row, name))
    return made


def findings(wrong: Sequence[Wrong], work: Work) -> Iterator[str]:
    """Write what is wrong, and how to see it again."""
    for each in wrong[:_SHOWN]:
        yield f"WRONG  {each.part}, {each.orchestration}: {each.finding.case}"
        for violation in each.finding.violations[:_VIOLATIONS_SHOWN]:
            yield f"       {_short(violation)}"
        if (more := len(each.finding.violations) - _VIOLATIONS_SHOWN) > 0:
            yield f"       and {more} more"
        yield f"       again: {repeat_command(each, work)}"
        yield ""
    if (more := len(wrong) - _SHOWN) > 0:
        yield f"And {more:,} more cases are wrong."
        yield ""


def repeat_command(wrong: Wrong, work: Work) -> str:
    """Write the command that carries out one case again."""
    words = ["drs-orch", "reliability", "--part", wrong.part]
    words += ["--orchestration", wrong.orchestration]
    words += ["--profile", str(work.effort)]
    if work.seed:
        words += ["--seed", str(work.seed)]
    if work.root != LAMBDA_ROOT:
        words += ["--lambda-root", str(work.root)]
    if wrong.finding.case != "undisturbed":
        words += ["--only", wrong.finding.case]
    return shlex.join(words)


def document(tally: Tally, work: Work, verdict: str) -> dict[str, Any]:
    """Make the document of a campaign."""
    return {
        "verdict": verdict,
        "profile": str(work.effort),
        "seed": work.seed,
        "rows": [_named(row) for row in tally.rows.values()],
        "total": _named(total(list(tally.rows.values()))),
        "wrong": [
            {
                "part": each.part,
                "orchestration": each.orchestration,
                "case": each.finding.case,
                "violations": list(each.finding.violations),
                "again": repeat_command(each, work),
            }
            for each in tally.wrong
        ],
    }


def _named(row: Row) -> dict[str, Any]:
    place = {"part": row.part, "orchestration": row.orchestration}
    return {
        **place,
        "cases": row.cases,
        **{name: getattr(row, name) for name in _COUNTS},
        **({"peaks": row.peaks} if row.peaks else {}),
    }


def _cells(row: Row) -> tuple[str, ...]:
    counts = (f"{getattr(row, name):,}" for name in _COUNTS)
    return (row.part, row.orchestration, *counts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]} ..."
