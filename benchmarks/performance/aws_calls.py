"""How many AWS calls a start and a poll make, of which service."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.performance import tables
from benchmarks.performance.plans import SIDES, Size
from benchmarks.performance.recording import Tape, record

Document = dict[str, Any]
SERVICES = ("dynamodb", "drs", "ec2", "lambda")
SIZE = Size(2, 10)
_FIRST = "start of the first wave, launch configuration included"
_NEXT = "poll that completes a wave and starts the next one"
_LAST = "poll that completes the last wave"
_CHANGED = "poll that shows progress"
_QUIET = "poll that shows nothing new"
STEPS = (_FIRST, _QUIET, _CHANGED, _NEXT, _LAST)


def measure(size: Size = SIZE) -> list[Document]:
    """Count the calls of each kind of step, those of inner functions too."""
    return [
        {
            "side": side,
            "step": step,
            "servers": size.servers,
            "calls": dict(calls),
        }
        for side in SIDES
        for step, calls in _steps(record(size, side), size).items()
    ]


def section(rows: Sequence[Document]) -> list[str]:
    """Show each step's calls by service, reference and candidate."""
    heads = " | ".join(f"{service}" for service in SERVICES)
    lines = [f"| step | | {heads} | all |", "|---|---|--:|--:|--:|--:|--:|"]
    for step in STEPS:
        lines += [_line(row) for row in rows if row["step"] == step]
    return lines


def by_service(operations: Iterable[str]) -> Counter[str]:
    """Count calls, named `service.Operation`, by service."""
    return Counter(each.partition(".")[0] for each in operations)


def _line(row: Document) -> str:
    calls: Mapping[str, int] = row["calls"]
    counts = [calls.get(service, 0) for service in SERVICES]
    total = sum(calls.values())
    return tables.line([row["step"], row["side"], *counts, total])


def _steps(tapes: Sequence[Tape], size: Size) -> Mapping[str, Counter[str]]:
    """Give one step of each kind, the largest of those that differ."""
    found: dict[str, Counter[str]] = {}
    calls: Counter[str] = Counter()
    for tape in tapes:
        calls += by_service(tape.operations())
        if tape.is_outer:
            name = _name(tape, calls, size)
            if calls.total() > found.get(name, Counter()).total():
                found[name] = calls
            calls = Counter()
    return found


def _name(tape: Tape, calls: Counter[str], size: Size) -> str:
    if not tape.is_poll:
        return _FIRST
    if not calls["ec2"]:
        writes = calls["dynamodb"] > 1
        return _CHANGED if writes else _QUIET
    return _LAST if tape.wave_number == size.waves - 1 else _NEXT
