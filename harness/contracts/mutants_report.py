"""Tell what became of the mutants, for people and for programs."""

from collections.abc import Iterator
from typing import Any

from harness.contracts.mutants import KNOWN, Outcome


def document(outcome: Outcome) -> dict[str, Any]:
    """Return all that is to be told, as JSON."""
    return {
        "good": outcome.is_good,
        "mutants": sum(made for made, _ in outcome.counts.values()),
        "killed": sum(killed for _, killed in outcome.counts.values()),
        "keywords": {
            keyword: {"mutants": made, "killed": killed}
            for keyword, (made, killed) in sorted(outcome.counts.items())
        },
        "survivors": [
            {"mutant": name, "reason": reason}
            for name, reason in outcome.survivors.items()
        ],
        "unused_reasons": list(outcome.unused),
    }


def lines(outcome: Outcome) -> Iterator[str]:
    """Yield the same as lines: a table, the survivors, and the sum."""
    told = document(outcome)
    yield f"{'keyword':22}{'mutants':>8}{'killed':>8}"
    for keyword, (made, killed) in sorted(outcome.counts.items()):
        yield f"{keyword:22}{made:8}{killed:8}"
    for name, reason in outcome.survivors.items():
        yield f"known     {name}: {reason}" if reason else f"survived  {name}"
    for name in outcome.unused:
        yield f"unused    {name}: it is killed, or is none ({KNOWN})"
    yield f"{told['killed']} of {told['mutants']} mutants killed."
    if not outcome.is_good:
        yield (
            f"Add an example that misses each survivor, or say in {KNOWN} "
            "why none can."
        )
