"""Launch configurations and starts when each AWS call takes its time.

AWS's answers are those of a recorded execution, each given after a real
sleep; the calls of one server keep their order, those of several may
overlap. Seconds are of the wall clock.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.performance import tables
from benchmarks.performance.inside.player import CONFIGURING
from benchmarks.performance.plans import LAUNCH_CONFIG, SIDES, Size
from benchmarks.performance.processes import Functions
from benchmarks.performance.recording import Tape, record

Document = dict[str, Any]
PLAN = Size(2, 100)
SIZES = (1, 10, 50, 100, 200)
DELAY = 0.1
# Larger ones are computed, for the reference makes one call after another.
LARGEST_MEASURED_REFERENCE = 50
_FOLDERS = {
    "reference": "orchestration-stepfunctions",
    "candidate": "execution-handler",
}


def measure(
    functions: Functions,
    plan: Size = PLAN,
    sizes: Sequence[int] = SIZES,
    delay: float = DELAY,
    largest_reference: int = LARGEST_MEASURED_REFERENCE,
) -> Document:
    """Measure configuring some servers, and the start of a wave.

    Args:
        plan: Has the servers; its first wave is started.
        sizes: How many servers are configured.
        delay: Seconds that each AWS call takes.
        largest_reference: Up to how many servers the reference is measured.
    """
    chosen = {
        "reference": [each for each in sizes if each <= largest_reference],
        "candidate": sizes,
    }
    rows = [
        _configured(functions, side, plan, servers, delay)
        for side in SIDES
        for servers in chosen[side]
    ]
    measured = {
        row["servers"]: row for row in rows[: len(chosen["reference"])]
    }
    rows += [
        _computed(measured, servers)
        for servers in sizes
        if servers not in measured
    ]
    starts = [_started(functions, plan, delay)]
    return {"delay": delay, "configuring": rows, "starts": starts}


def section(measured: Document) -> list[str]:
    """Show seconds, and the candidate's share of the sequential time."""
    lines = [
        "| servers | AWS calls | reference | candidate | ratio "
        "| most calls at once |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    rows = measured["configuring"]
    for candidate in rows:
        if candidate["side"] == "candidate":
            (reference,) = (
                row
                for row in rows
                if row["side"] == "reference"
                and row["servers"] == candidate["servers"]
            )
            lines.append(_line(reference, candidate))
    return lines + [""] + [_start_line(each) for each in measured["starts"]]


def _line(reference: Document, candidate: Document) -> str:
    sign = "" if reference["measured"] else " (computed)"
    cells = [
        candidate["servers"],
        candidate["calls"],
        f"{reference['seconds']:.2f} s{sign}",
        f"{candidate['seconds']:.2f} s",
        f"1 : {reference['seconds'] / candidate['seconds']:.1f}",
        candidate["most at once"],
    ]
    return tables.line(cells)


def _start_line(start: Document) -> str:
    return (
        f"The whole start of a wave of {start['servers']} servers, from the "
        f"request to the recorded job ({start['calls']} calls): "
        f"**{start['seconds']:.2f} s**, {start['cpu seconds']:.2f} s of the "
        "processor."
    )


def _configured(
    functions: Functions, side: str, plan: Size, servers: int, delay: float
) -> Document:
    tapes = record(plan, side)
    job = {
        "question": "launches",
        "answers": _answers(tapes),
        "group": {"launchConfig": LAUNCH_CONFIG},
        "server_ids": plan.server_ids[:servers],
        "region": "us-east-1",
        "delay": delay,
    }
    found, _ = functions.ask(_FOLDERS[side], job)
    return dict(found) | {"side": side, "servers": servers, "measured": True}


def _answers(tapes: Sequence[Tape]) -> list[Document]:
    return [
        answer
        for tape in tapes
        for answer in tape.answers
        if answer["operation"] in CONFIGURING
    ]


def _computed(measured: dict[int, Document], servers: int) -> Document:
    """Continue the line through the reference's largest measurements."""
    *_, first, last = sorted(measured)
    before, after = measured[first], measured[last]
    step = (after["seconds"] - before["seconds"]) / (last - first)
    return after | {
        "servers": servers,
        "seconds": after["seconds"] + step * (servers - last),
        "measured": False,
    }


def _started(functions: Functions, size: Size, delay: float) -> Document:
    tapes = record(size, "candidate")
    folder = _FOLDERS["candidate"]
    tape = next(each for each in tapes if each.folder == folder)
    job = {"question": "starts", "tape": asdict(tape), "delay": delay}
    found, _ = functions.ask(tape.folder, job, tape.variables)
    return dict(found) | {"servers": size.servers}
