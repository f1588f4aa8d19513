"""The most memory of each function, in a fresh process for each invocation.

A function with a large state and many answers of AWS: the start of a wave,
and its last poll, which reads all recovery instances.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.measurements import Spread, spread
from benchmarks.performance import tables
from benchmarks.performance.plans import SIDES, Size
from benchmarks.performance.processes import Functions
from benchmarks.performance.recording import Tape, record

Document = dict[str, Any]
SIZES = (Size(1, 100), Size(2, 100))


def measure(
    functions: Functions, repetitions: int, sizes: Sequence[Size] = SIZES
) -> list[Document]:
    """Measure the last start and the last poll of plans."""
    return [
        _measured(functions, tape, repetitions)
        | {"side": side, "servers": size.waves * size.servers}
        for size in sizes
        for side in SIDES
        for tape in _chosen(record(size, side))
    ]


def section(rows: Sequence[Document]) -> list[str]:
    """Show MiB, and the share of what the function has."""
    lines = [
        "| servers | function | action | after the import | peak "
        "| share of its memory |",
        "|--:|---|---|--:|--:|--:|",
    ]
    return lines + [_line(row) for row in rows]


def _line(row: Document) -> str:
    peak = spread([each["peak"] for each in row["peaks"]])
    cells = [
        row["servers"],
        row["folder"],
        row["action"],
        f"{_imported(row).median:.0f} MiB",
        f"{peak:.0f} MiB",
        f"{peak.median / row['memory']:.0%} of {row['memory']} MiB",
    ]
    return tables.line(cells)


def _imported(row: Document) -> Spread:
    return spread([each["imported"] for each in row["peaks"]])


def _chosen(tapes: Sequence[Tape]) -> list[Tape]:
    """Choose each function's first and last invocation of each kind."""
    last = {(each.folder, each.action): each for each in tapes}
    return list(last.values())


def _measured(functions: Functions, tape: Tape, repetitions: int) -> Document:
    job = {"question": "memory", "tape": asdict(tape)}
    peaks = [
        functions.ask(tape.folder, job, tape.variables)[0]
        for _ in range(repetitions)
    ]
    return {
        "folder": tape.folder,
        "action": tape.action,
        "memory": tape.memory,
        "peaks": peaks,
    }
