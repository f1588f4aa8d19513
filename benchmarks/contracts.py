"""How long checking a contract takes, and what it adds to a cold start.

Each boundary of a start and a poll is judged by both engines, in turns with
`json.loads` of the same document: compare the ratios, the milliseconds are
those of the machine. Each Lambda is imported in fresh interpreters, and then
checks its first request.

    python -m benchmarks.contracts [--repetitions N] [--json]
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contract_times import ENGINES
from benchmarks.measurements import Spread, spread

ROOT = Path(__file__).parents[1]
SIZES = ((1, 10), (3, 100), (10, 200))
LAMBDAS = (
    "orchestration-stepfunctions",
    "dr-orchestration-stepfunction",
    "execution-handler",
    "query-handler",
)
Document = dict[str, Any]


def run(
    repetitions: int,
    sizes: Sequence[tuple[int, int]] = SIZES,
    lambdas: Sequence[str] = LAMBDAS,
) -> Document:
    """Measure everything.

    Args:
        repetitions: Turns at each boundary, and imports of each Lambda.
        sizes: Plans, each so many waves of so many servers.
        lambdas: Folders of the Lambdas.

    Returns:
        Seconds, as `contract_times` measures them.
    """
    return {
        "boundaries": [
            {"waves": waves, "servers": servers} | row
            for waves, servers in sizes
            for row in _measured("boundaries", waves, servers, repetitions)
        ],
        "imports": [
            _imports(folder, engine, repetitions)
            for folder in lambdas
            for engine in ENGINES
        ],
    }


def table(measured: Document) -> str:
    """Make two tables of what was measured."""
    head = f"{'servers':10}{'boundary':30}{'KB':>5}  {'json.loads ms':>13}"
    heads = [f"{engine + ' / json.loads':>30}" for engine in ENGINES]
    lines = ["".join([head, *heads])]
    lines += map(_boundary_line, measured["boundaries"])
    lines += ["", f"{'cold start, ms':32}{'import':28}with the first check"]
    lines += map(_import_line, measured["imports"])
    return "\n".join([*lines, "medians, and their spread"])


def _measured(*arguments: object, folder: str = "", **variables: str) -> Any:
    places = [ROOT / "lambda", ROOT / "lambda" / folder, ROOT]
    variables["PYTHONPATH"] = os.pathsep.join(map(str, places))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contract_times"]
        + [str(argument) for argument in arguments],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _imports(folder: str, engine: str, repetitions: int) -> Document:
    taken = [
        _measured("import", folder=folder, CONTRACT_ENGINE=engine)
        for _ in range(repetitions)
    ]
    return {
        "lambda": folder,
        "engine": engine,
        "seconds": {part: [each[part] for each in taken] for part in taken[0]},
    }


def _boundary_line(row: Document) -> str:
    loads = row["seconds"]["json.loads"]
    cells = [
        f"{str(_ratio(row['seconds'][engine], loads)):>30}"
        for engine in ENGINES
    ]
    size = f"{row['waves']} x {row['servers']}"
    place = f"{row['action']} {row['direction']}"
    start = f"{size:10}{place:30}{row['bytes'] // 1000:5}"
    return "".join([start, f"  {_milliseconds(loads).median:13.2f}", *cells])


def _ratio(ours: list[float], loads: list[float]) -> Spread:
    return spread([one / other for one, other in zip(ours, loads)])


def _import_line(row: Document) -> str:
    imports, checks = row["seconds"]["import"], row["seconds"]["first check"]
    together = [sum(pair) for pair in zip(imports, checks)]
    name = row["lambda"] if row["engine"] == ENGINES[0] else "  " + ENGINES[1]
    first = str(_milliseconds(imports))
    return f"{name:32}{first:28}{_milliseconds(together)}"


def _milliseconds(seconds: list[float]) -> Spread:
    return spread([each * 1000 for each in seconds])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="for programs")
    arguments = parser.parse_args()
    measured = run(max(1, arguments.repetitions))
    print(json.dumps(measured) if arguments.json else table(measured))


if __name__ == "__main__":
    main()
