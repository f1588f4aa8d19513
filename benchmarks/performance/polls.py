"""Warm polls: the processor's time of a function, and of contract checks.

Each poll of a wave is done again in a process of its function, with what AWS
answered when it was recorded. So neither the emulator nor a connection is
in these times; building, signing and parsing are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any

from benchmarks.measurements import Spread, spread
from benchmarks.performance import tables
from benchmarks.performance.plans import SIDES, Size
from benchmarks.performance.processes import Functions
from benchmarks.performance.recording import Tape, record

Document = dict[str, Any]
# DRS recovers at most 100 servers in one job: 200 are two waves of 100,
# whose second is polled with the first in the state.
SIZES = (Size(1, 10), Size(1, 100), Size(2, 100))
_STEP = "orchestration/update_wave_status"
_POLL = "poll_wave_status"
# What one poll checks, by folder of the function.
CHECKS: dict[str, list[list[str]]] = {
    "orchestration-stepfunctions": [[_STEP, "request"], [_STEP, "response"]],
    "dr-orchestration-stepfunction": [
        [_STEP, "request"],
        [_POLL, "response"],
        [_STEP, "response"],
    ],
    "query-handler": [[_POLL, "request"], [_POLL, "response"]],
}


def measure(
    functions: Functions, repetitions: int, sizes: Sequence[Size] = SIZES
) -> list[Document]:
    """Measure the polls of the last wave of plans, with both sides.

    Args:
        repetitions: Of each poll.
    """
    return [
        row
        for size in sizes
        for side in SIDES
        for row in _side(functions, size, side, repetitions)
    ]


def section(rows: Sequence[Document], latency: float) -> list[str]:
    """Show milliseconds of the processor of one poll, and of its checks.

    Args:
        latency: Seconds that an AWS call takes, as is assumed.
    """
    lines = [
        "| servers | | mean poll | its last | ratio | contract checks "
        "| share of processor | with waiting for AWS |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for servers in sorted({row["servers"] for row in rows}):
        found = [row for row in rows if row["servers"] == servers]
        base = _of(found, "reference").poll.median
        for side in SIDES:
            lines.append(_line(servers, side, found, base, latency))
            if side == "candidate":
                lines += _parts(found, latency)
    return lines


def check_share(
    rows: Sequence[Document], servers: int, side: str, latency: float
) -> float:
    """Tell the share of contract checks in a poll and its waiting."""
    chosen = [row for row in rows if row["servers"] == servers]
    return _of(chosen, side).share(latency)


class _Sums:
    """What the functions of one side took together, in milliseconds."""

    def __init__(self, rows: Iterable[Document]) -> None:
        chosen = list(rows)
        self.poll = _sum(chosen, "poll")
        self.checks = _sum(chosen, "checks")
        self.last = sum(median(row["polls"][-1]["poll"]) for row in chosen)
        # The inner function's calls are waited for by the outer one, too.
        self.calls: float = max(row["calls"] for row in chosen)
        if len(chosen) > 1:
            self.calls += 1

    def share(self, latency: float) -> float:
        """Tell the share of checks in processor time and waiting."""
        waiting = self.calls * latency * 1000
        found: float = self.checks.median / (self.poll.median + waiting)
        return found


def _sum(rows: Sequence[Document], part: str) -> Spread:
    turns = range(len(rows[0]["polls"][0][part]))
    return spread(
        [
            sum(
                fmean(poll[part][turn] for poll in row["polls"])
                for row in rows
            )
            * 1000
            for turn in turns
        ]
    )


def _of(rows: Sequence[Document], side: str) -> _Sums:
    return _Sums(row for row in rows if row["side"] == side)


def _line(
    servers: int,
    name: str,
    rows: Sequence[Document],
    base: float,
    latency: float,
) -> str:
    sums = _of(rows, name)
    return _cells(servers, name, sums, sums.poll.median / base, latency)


def _parts(rows: Sequence[Document], latency: float) -> list[str]:
    return [
        _cells("", f"of that {row['folder']}", _Sums([row]), None, latency)
        for row in rows
        if row["side"] == "candidate"
    ]


def _cells(
    servers: object,
    name: str,
    sums: _Sums,
    ratio: float | None,
    latency: float,
) -> str:
    poll, checks = sums.poll.median, sums.checks.median
    cells = [
        servers,
        name,
        f"{sums.poll:.1f} ms",
        f"{sums.last * 1000:.1f} ms",
        "" if ratio is None else f"{ratio:.2f}",
        f"{checks:.2f} ms",
        f"{checks / poll:.1%}",
        f"{sums.share(latency):.2%}",
    ]
    return tables.line(cells)


def _side(
    functions: Functions, size: Size, side: str, repetitions: int
) -> list[Document]:
    tapes = record(size, side)
    folders = [each for each in CHECKS if _polls(tapes, each)]
    return [
        _function(functions, _polls(tapes, folder), repetitions)
        | {"side": side, "folder": folder}
        | {"servers": size.waves * size.servers}
        for folder in folders
    ]


def _polls(tapes: Sequence[Tape], folder: str) -> list[Tape]:
    """Choose the polls of the last wave, which ends with the plan."""
    polls = [each for each in tapes if each.folder == folder and each.is_poll]
    last = polls[-1].wave_number if polls else 0
    return [each for each in polls if each.wave_number == last]


def _function(
    functions: Functions, tapes: Sequence[Tape], repetitions: int
) -> Document:
    job = {
        "question": "polls",
        "tapes": [asdict(each) for each in tapes],
        "checks": CHECKS[tapes[0].folder],
        "repetitions": repetitions,
    }
    polls, _ = functions.ask(tapes[0].folder, job, tapes[0].variables)
    calls = fmean(len(each.answers) for each in tapes)
    return {"polls": polls, "calls": calls}
