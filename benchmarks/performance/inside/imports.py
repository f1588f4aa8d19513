"""The first thing that a container does: import its code, make a client."""

import sys
import time
from collections.abc import Callable
from typing import Any

Clocks = tuple[float, float]


def measure(kind: str, depth: int) -> dict[str, Any]:
    """Measure an import and what is made of AWS's first.

    Python keeps the frames of calls in chunks of memory; calls that go to
    and fro across the end of one are several times slower. Where that
    happens depends on how deep the stack is, so it is varied.

    Args:
        kind: `boto3` for boto3 and one client alone; `index` for the
            function and that client; `table` for the function and the table
            that every function uses first.
        depth: How many more calls are on the stack.

    Returns:
        Seconds, and the modules that are loaded afterwards.
    """
    measured = _below(depth, _KINDS[kind])
    return measured | {"modules": sorted(sys.modules)}


def _below(
    depth: int, work: Callable[[], dict[str, float]]
) -> dict[str, float]:
    return _below(depth - 1, work) if depth else work()


def _boto3() -> dict[str, float]:
    begin = _now()
    import boto3

    imported = _now()
    boto3.client("dynamodb")
    return _seconds(begin, imported, _now())


def _index() -> dict[str, float]:
    begin = _now()
    import index  # noqa: F401

    imported = _now()
    import boto3

    boto3.client("dynamodb")
    return _seconds(begin, imported, _now())


def _table() -> dict[str, float]:
    begin = _now()
    import index

    imported = _now()
    index.get_execution_history_table()  # type: ignore[attr-defined]
    return _seconds(begin, imported, _now())


def _now() -> Clocks:
    return time.perf_counter(), time.process_time()


def _seconds(begin: Clocks, imported: Clocks, end: Clocks) -> dict[str, float]:
    return {
        "import": imported[0] - begin[0],
        "import cpu": imported[1] - begin[1],
        "both": end[0] - begin[0],
        "both cpu": end[1] - begin[1],
    }


_KINDS = {"boto3": _boto3, "index": _index, "table": _table}
