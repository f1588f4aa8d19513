"""Measure everything in one run, or write the page of an earlier one.

python -m benchmarks.performance --json runs/bench.json
python -m benchmarks.performance --json runs/bench.json --page PAGE
python -m benchmarks.performance --read runs/bench.json --page PAGE
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.performance.measuring import Extent, measure
from benchmarks.performance.page import page
from benchmarks.performance.processes import unpacked


def main() -> None:
    """Measure or read, then write what is asked for."""
    options = _options()
    if options.read:
        measured = json.loads(options.read.read_text("utf-8"))
    else:
        measured = _measured(Extent(repetitions=options.repetitions))
    if options.json:
        _write(options.json, json.dumps(measured, indent=1) + "\n")
    if options.page:
        _write(options.page, page(measured))
    else:
        print(page(measured))


def _measured(extent: Extent) -> dict[str, Any]:
    begin = time.perf_counter()

    def tell(what: str) -> None:
        passed = time.perf_counter() - begin
        print(f"{passed:6.0f} s  {what}", file=sys.stderr, flush=True)

    tell("packages")
    with unpacked() as functions:
        return measure(functions, extent, tell)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance",
        description="Measure both orchestrations in one run.",
    )
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--json", type=Path, help="write all measurements")
    parser.add_argument("--page", type=Path, help="write the page")
    parser.add_argument(
        "--read", type=Path, help="measure nothing: read an earlier run"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
