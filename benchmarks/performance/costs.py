"""What a drill costs of what AWS bills, old against new.

Billed are requests and memory for as long as an invocation lasts: while an
inner function runs, the outer one waits and is billed as well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from math import ceil
from statistics import median
from typing import Any

from benchmarks.performance.aws_calls import by_service
from benchmarks.performance.execution_times import Executions
from benchmarks.performance.plans import SIDES
from benchmarks.performance.virtual_executions import Execution, Invoked

Document = dict[str, Any]
WAVES = 3
_LAMBDA = (", warm", " that cold starts add")


@dataclass(frozen=True)
class Prices:
    """List prices assumed for us-east-1, in US dollars, beyond free tiers.

    They differ between Regions and change. Compare them with
    https://aws.amazon.com/lambda/pricing/,
    https://aws.amazon.com/step-functions/pricing/ and
    https://aws.amazon.com/dynamodb/pricing/on-demand/.

    Attributes:
        gigabyte_second: Of a function on arm64.
        million_requests: Of functions.
        thousand_transitions: Of standard state machines.
        million_writes: Request units of 1 KiB, on demand.
        million_reads: Request units of 4 KiB, on demand.
    """

    gigabyte_second: float = 0.0000133334
    million_requests: float = 0.20
    thousand_transitions: float = 0.025
    million_writes: float = 0.625
    million_reads: float = 0.125


def measure(
    executions: Executions,
    latency: float,
    prices: Prices = Prices(),
    waves: int = WAVES,
) -> Document:
    """Compute what the first execution of a plan costs.

    What its cold starts took is told apart: it depends on the machine.

    Args:
        latency: Seconds that each AWS call takes, as is assumed.
        waves: Which of the plans.
    """
    rows = {side: _used(executions[waves, side], latency) for side in SIDES}
    # Every read and write is taken to be of the whole record at its end.
    item_bytes = executions[waves, "candidate"][0].item_bytes
    for row in rows.values():
        row |= _priced(row, item_bytes, prices)
    return {
        "waves": waves,
        "item bytes": item_bytes,
        "prices": asdict(prices),
        "sides": rows,
    }


def section(measured: Document) -> list[str]:
    """Show amounts and dollars of a drill, and how they compare."""
    first, second = (measured["sides"][side] for side in SIDES)
    lines = ["| of one drill | reference | candidate | ratio |"]
    lines.append("|---|--:|--:|--:|")
    for name, one in first.items():
        lines.append(_line(name, one, second[name]))
    prices = measured["prices"]
    named = ", ".join(
        f"{each.name.replace('_', ' ')} ${prices[each.name]:.10g}"
        for each in fields(Prices)
    )
    return [*lines, "", f"Prices: {named}."]


def _line(name: str, one: float, other: float) -> str:
    ratio = f"{other / one:.2f}" if one else ""
    if name.startswith("$"):
        shown = f"${one:.6f} | ${other:.6f}"
    elif isinstance(one, float):
        shown = f"{one:.2f} | {other:.2f}"
    else:
        shown = f"{one:,} | {other:,}"
    return f"| {name.removeprefix('$ ')} | {shown} | {ratio} |"


def _used(executions: Sequence[Execution], latency: float) -> Document:
    first = executions[0]
    invocations = first.invocations()
    calls = [call for each in invocations for call in each.calls]
    operations = Counter(call.partition(".")[2] for call in calls)
    services = by_service(calls)
    warm = _billed(_warmed(first, _warm_seconds(executions)), latency)
    cold = _billed(first.steps, latency) - warm
    return {
        "AWS calls of functions": len(calls),
        "of these to DRS, EC2 and STS, which cost nothing": sum(
            services[name] for name in ("drs", "ec2", "sts")
        ),
        "DynamoDB reads": operations["GetItem"] + operations["Scan"],
        "DynamoDB writes": operations["UpdateItem"],
        "Lambda requests": len(invocations),
        "Lambda GB-seconds, warm": warm,
        "Lambda GB-seconds that cold starts add": max(0.0, cold),
        "Step Functions transitions": first.transitions,
    }


def _billed(steps: Iterable[Invoked], latency: float) -> float:
    """Sum up GB-seconds, each invocation rounded up to a millisecond."""
    return sum(
        ceil(each.seconds(latency) * 1000) / 1000 * each.memory / 1024
        for step in steps
        for each in step.everything()
    )


def _warm_seconds(executions: Sequence[Execution]) -> dict[str, float]:
    """Give the median of what a warm invocation takes of its own."""
    taken: dict[str, list[float]] = defaultdict(list)
    for execution in executions[1:]:
        for each in execution.invocations():
            taken[each.folder].append(each.own)
    return {folder: median(seconds) for folder, seconds in taken.items()}


def _warmed(
    execution: Execution, seconds: Mapping[str, float]
) -> list[Invoked]:
    """Replace what the first invocation of each function took."""
    cold = set(seconds)

    def warmed(invoked: Invoked) -> Invoked:
        own = invoked.own
        if invoked.folder in cold:
            cold.remove(invoked.folder)
            own = seconds[invoked.folder]
        inner = [warmed(each) for each in invoked.inner]
        return replace(invoked, own=own, inner=inner)

    return [warmed(step) for step in execution.steps]


def _priced(row: Document, item_bytes: int, prices: Prices) -> Document:
    writes = row["DynamoDB writes"] * ceil(item_bytes / 1024)
    reads = row["DynamoDB reads"] * ceil(item_bytes / 4096)
    warm, cold = (row[f"Lambda GB-seconds{part}"] for part in _LAMBDA)
    duration = (warm + cold) * prices.gigabyte_second
    requests = row["Lambda requests"] * prices.million_requests / 1e6
    steps = row["Step Functions transitions"] / 1e3
    transitions = steps * prices.thousand_transitions
    stored = writes * prices.million_writes + reads * prices.million_reads
    return {
        "$ Lambda duration": duration,
        "$ Lambda requests billed": requests,
        "$ Step Functions": transitions,
        "$ DynamoDB": stored / 1e6,
        "$ **together**": duration + requests + transitions + stored / 1e6,
    }
