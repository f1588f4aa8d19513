"""Finding servers by tags among many: the processor's time of a query.

DescribeSourceServers cannot be asked for tags, so every server of the
Region has to be read.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

from benchmarks.measurements import spread
from benchmarks.performance import tables
from benchmarks.performance.plans import Size, tags_of
from benchmarks.performance.processes import Functions
from benchmarks.performance.recording import record

Document = dict[str, Any]
SIZES = (10, 100, 1_000, 4_000)
# Of the emulator; AWS documents none.
PAGE = 100
SAMPLED = Size(1, 10)
_FUNCTIONS = {
    "reference": "orchestration-stepfunctions",
    "candidate": "query-handler",
}
_PARTS = ("query", "parsing", "json", "matching")


def measure(
    functions: Functions,
    repetitions: int,
    sizes: Sequence[int] = SIZES,
    sampled: Size = SAMPLED,
) -> list[Document]:
    """Measure queries of which one server in ten is found.

    Args:
        sizes: How many source servers the Region has.
        sampled: A plan that is recorded for the answer to copy.
    """
    sample = _sample(sampled)
    return [
        _measured(functions, side, _pages(sample, size), repetitions)
        | {"side": side, "servers": size}
        for size in sizes
        for side in _FUNCTIONS
    ]


def section(rows: Sequence[Document]) -> list[str]:
    """Show what queries take, in milliseconds of the processor."""
    heads = "source servers | | whole query | all pages read by botocore"
    heads += " | their texts by `json.loads` | own comparing of tags"
    lines = [f"| {heads} |", "|--:|---|--:|--:|--:|--:|"]
    return lines + [_line(row) for row in rows]


def _line(row: Document) -> str:
    query, parsing, loads, matching = (
        spread([each * 1000 for each in row[part]]) for part in _PARTS
    )
    cells = [
        f"{row['servers']:,}",
        row["side"],
        f"{query:.1f} ms",
        f"{parsing.median:.1f} ms",
        f"{loads.median:.1f} ms",
        f"{matching.median:.2f} ms",
    ]
    return tables.line(cells)


def _measured(
    functions: Functions,
    side: str,
    pages: list[Document],
    repetitions: int,
) -> Document:
    job = {
        "question": "tags",
        "answers": pages,
        "tags": {"application": " SHOP", "wave": "3"},
        "region": "us-east-1",
        "repetitions": repetitions,
    }
    measured, _ = functions.ask(_FUNCTIONS[side], job)
    return dict(measured)


def _sample(sampled: Size) -> Document:
    """Give an answer that holds servers, as the emulator shows them."""
    answers = [
        answer
        for tape in record(sampled, "reference")
        for answer in tape.answers
        if answer["operation"] == "DescribeSourceServers"
    ]
    return answers[0]


def _pages(sample: Document, size: int) -> list[Document]:
    server, *_ = json.loads(base64.b64decode(sample["body"]))["items"]
    servers = [_copied(server, number) for number in range(size)]
    firsts = range(0, size, PAGE)
    return [
        sample | {"body": _body(servers[n : n + PAGE], n + PAGE < size)}
        for n in firsts
    ]


def _copied(server: Document, number: int) -> Document:
    tags = tags_of(number % 10) | {"Name": f"host-{number}"}
    named = {"sourceServerID": f"s-{number:017d}", "tags": tags}
    return server | named


def _body(items: list[Document], has_more: bool) -> str:
    page: Document = {"items": items}
    if has_more:
        page["nextToken"] = items[-1]["sourceServerID"]
    return base64.b64encode(json.dumps(page).encode()).decode()
