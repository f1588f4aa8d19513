"""The cold start of a function: its import and its first client.

Each measurement is a fresh interpreter that sees the function's unpacked
package and what Lambda's runtime brings. As in Lambda, the package's modules
are compiled each time, for its folder cannot be written to; those of boto3
have been. In turns with `import boto3` and one client, which no function can
do without.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.measurements import Spread, spread
from benchmarks.performance import tables
from benchmarks.performance.processes import Functions, compiled

Document = dict[str, Any]
FOLDERS = (
    "orchestration-stepfunctions",
    "dr-orchestration-stepfunction",
    "execution-handler",
    "query-handler",
)
_IMPORTTIME = ("-X", "importtime")
_IMPORTS = 3
# What that writes: microseconds of its own, of all inside, the module.
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
_SHOWN = 6
_KINDS = ("boto3", "index", "table")
# Calls on the stack, other ones in each turn (`inside.imports` says why).
_STEP = 7
_DEEPEST = 101


def measure(
    functions: Functions,
    repetitions: int,
    folders: Sequence[str] = FOLDERS,
) -> list[Document]:
    """Measure cold starts, each in turns with boto3 alone.

    Args:
        repetitions: Fresh interpreters for each.
    """
    # Compiles boto3, if nobody has yet.
    _ask(functions, folders[0], "boto3", 0)
    with compiled(functions) as others:
        asked = [(functions, kind) for kind in _KINDS] + [(others, "table")]
        rounds = [
            {
                folder: [_ask(of, folder, kind, turn) for of, kind in asked]
                for folder in folders
            }
            for turn in range(repetitions)
        ]
    return [
        _row(functions, folder, [each[folder] for each in rounds])
        for folder in folders
    ]


def section(rows: Sequence[Document]) -> list[str]:
    """Show milliseconds of the processor, and ratios to boto3's."""
    lines = [
        "| function | boto3 and one client | import | ratio "
        "| import and one client | ratio | import and first table | ratio "
        "| the same, compiled | ratio |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [_line(row) for row in rows]
    lines += ["", "What is imported beyond boto3 and its client:", ""]
    lines += [
        "| function | modules | of that own | together, by `-X importtime` "
        "| the slowest, in ms |",
        "|---|--:|--:|--:|---|",
    ]
    return lines + [_evidence(row) for row in rows]


def _row(
    functions: Functions, folder: str, rounds: Sequence[list[Document]]
) -> Document:
    base, own, table, faster = map(list, zip(*rounds))
    beyond = set(table[0]["modules"]) - set(base[0]["modules"])
    return {
        "folder": folder,
        "base": _parts(base),
        "own": _parts(own),
        "table": _parts(table),
        "compiled": _parts(faster),
        "beyond": sorted(beyond),
        "slowest": _slowest(functions, folder, beyond),
    }


def _parts(measured: Sequence[Document]) -> Document:
    return {
        part: [each[part] for each in measured]
        for part in ("import", "import cpu", "both", "both cpu")
    }


def _ask(functions: Functions, folder: str, kind: str, turn: int) -> Document:
    depth = turn * _STEP % _DEEPEST
    job = {"question": "imports", "kind": kind, "depth": depth}
    return dict(functions.ask(folder, job)[0])


def _slowest(
    functions: Functions, folder: str, beyond: Iterable[str]
) -> list[Document]:
    """Give the slowest modules beyond boto3, in milliseconds of their own.

    The least of some imports, as other work on the machine only adds.
    """
    job = {"question": "imports", "kind": "table", "depth": 0}
    names, least = set(beyond), dict[str, float]()
    for _ in range(_IMPORTS):
        _, written = functions.ask(folder, job, options=_IMPORTTIME)
        for own, name in _LINE.findall(written):
            taken = int(own) / 1000
            if name in names:
                least[name] = min(taken, least.get(name, taken))
    found = [{"module": name, "own": own} for name, own in least.items()]
    return sorted(found, key=lambda each: -float(str(each["own"])))


def ratio(row: Document, kind: str, part: str) -> Spread:
    """Compare with boto3 and one client, turn by turn.

    Args:
        row: Of one function.
        kind: `own`, `table` or `compiled`.
        part: What is compared, such as `import cpu`.
    """
    pairs = zip(row[kind][part], row["base"]["both cpu"])
    return spread([one / other for one, other in pairs])


def _line(row: Document) -> str:
    cells = [row["folder"], tables.milliseconds(row["base"]["both cpu"])]
    for kind, part in (
        ("own", "import cpu"),
        ("own", "both cpu"),
        ("table", "both cpu"),
        ("compiled", "both cpu"),
    ):
        found = ratio(row, kind, part)
        cells += [
            tables.milliseconds(row[kind][part]),
            f"**{found.median:.2f}** ({found.least:.2f} to {found.most:.2f})",
        ]
    return tables.line(cells)


def _evidence(row: Document) -> str:
    own = [name for name in row["beyond"] if _is_own(name)]
    shown = ", ".join(
        f"`{each['module']}` {each['own']:.1f}"
        for each in row["slowest"][:_SHOWN]
    )
    cells = [
        row["folder"],
        len(row["beyond"]),
        len(own),
        f"{sum(each['own'] for each in row['slowest']):.0f} ms",
        shown,
    ]
    return tables.line(cells)


def _is_own(name: str) -> bool:
    first = name.partition(".")[0]
    return first in ("index", "shared", "execution_handler", "query_handler")
