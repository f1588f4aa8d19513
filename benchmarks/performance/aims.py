"""What was aimed at, and what was measured."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.performance import cold_starts, execution_times, polls

Document = dict[str, Any]


def section(measured: Document) -> list[str]:
    """Show each aim with what one run measured."""
    lines = ["| aim | measured | met |", "|---|--:|---|"]
    for aim, shown, is_met in _aims(measured):
        lines.append(f"| {aim} | {shown} | {'yes' if is_met else 'no'} |")
    return lines


def _aims(measured: Document) -> list[tuple[str, str, bool]]:
    return [
        _execution_time(measured["executions"]),
        *_launches(measured["launch configurations"]),
        _query(measured["tag queries"]),
        _checks(measured["polls"], measured["latency"]),
        *_cold(measured["cold starts"]),
    ]


def _execution_time(rows: Sequence[Document]) -> tuple[str, str, bool]:
    waves = {row["waves"] for row in rows}
    worst = max(
        execution_times.warm_ratio(rows, each).median for each in waves
    )
    aim = (
        "execution time, candidate to reference: at most 1.01 (1.05 required)"
    )
    return aim, f"{worst:.4f}", worst <= 1.01


def _launches(measured: Document) -> list[tuple[str, str, bool]]:
    start = measured["starts"][0]
    wave = f"wave of {start['servers']} servers"
    taken = {
        row["side"]: row["seconds"]
        for row in measured["configuring"]
        if row["servers"] == start["servers"]
    }
    share = taken["reference"] / taken["candidate"]
    delay = measured["delay"] * 1000
    return [
        (
            f"start of a {wave}, each AWS call {delay:.0f} ms: at most 10 s",
            f"{start['seconds']:.1f} s",
            start["seconds"] <= 10,
        ),
        (
            "its launch configuration: at most a tenth of the sequential time",
            f"1 : {share:.1f}",
            share >= 10,
        ),
    ]


def _query(rows: Sequence[Document]) -> tuple[str, str, bool]:
    row = max(
        (each for each in rows if each["side"] == "candidate"),
        key=lambda each: int(each["servers"]),
    )
    taken = median(row["query"]) * 1000
    aim = f"tag query over {row['servers']:,} servers, with botocore's part: "
    aim += "below 100 ms of the processor"
    return aim, f"{taken:.0f} ms", taken < 100


def _checks(rows: Sequence[Document], latency: float) -> tuple[str, str, bool]:
    most = max(
        polls.check_share(rows, servers, "candidate", latency)
        for servers in {row["servers"] for row in rows}
    )
    aim = "contract checks: below 2% of a poll's processor time and waiting"
    return aim, f"{most:.2%}", most < 0.02


def _cold(rows: Sequence[Document]) -> list[tuple[str, str, bool]]:
    found = []
    for kind, part, what in (
        ("own", "import cpu", "import"),
        ("own", "both cpu", "import and one client"),
        ("table", "both cpu", "import and first table"),
    ):
        worst = max(cold_starts.ratio(row, kind, part).median for row in rows)
        aim = f"cold start, {what}, to boto3 and one client: at most 1.25"
        found.append((aim, f"{worst:.2f}", worst <= 1.25))
    return found
