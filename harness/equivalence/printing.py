"""How the comparison of two sides writes: plain lines, aligned tables."""

import json
from collections.abc import Iterator
from typing import Any

from harness.equivalence.comparison import Difference
from harness.equivalence.coverage_tables import Table
from harness.equivalence.scenarios import Step, Trouble

_WIDTH = 300
_CUT = "..."


def number(value: int) -> str:
    """Write a number so that a person sees its size."""
    return f"{value:,}"


def table_lines(table: Table) -> Iterator[str]:
    """Write a table in columns as wide as they must be."""
    rows = [table.columns, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield table.title
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        yield f"  {'  '.join(cells)}".rstrip()
    if table.unreached:
        yield f"  Never: {'; '.join(table.unreached)}"


def difference_lines(difference: Difference) -> Iterator[str]:
    """Write what differs, one side above the other."""
    left, right = short_pair(difference.left, difference.right)
    yield f"  {difference.path}"
    yield f"    control:   {left}"
    yield f"    candidate: {right}"


def short_pair(left: Any, right: Any, width: int = _WIDTH) -> tuple[str, str]:
    """Write two values; of long ones, the part in which they part."""
    texts = _text(left), _text(right)
    if max(map(len, texts)) <= width:
        return texts
    start = max(0, _parting(*texts) - width // 3)
    return _part(texts[0], start, width), _part(texts[1], start, width)


def step_text(step: Step) -> str:
    """Tell in a line what a step does."""
    value = "" if step.value is None else f" {_text(step.value)}"
    by = "" if step.by == "candidate" else f", handled by the {step.by}"
    troubles = "".join(f"; {trouble_text(each)}" for each in step.troubles)
    return f"{step.do}{value}{by}{troubles}"


def trouble_text(trouble: Trouble) -> str:
    """Tell which call goes wrong, and how."""
    which = f"{trouble.operation} {trouble.nth}"
    if trouble.nth == 0:
        which = f"every {trouble.operation}"
    about = f" about {trouble.about}" if trouble.about else ""
    return f"{which}{about} {trouble.kind}"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _parting(left: str, right: str) -> int:
    for index, (one, other) in enumerate(zip(left, right)):
        if one != other:
            return index
    return min(len(left), len(right))


def _part(text: str, start: int, width: int) -> str:
    part = text[start : start + width]
    before = _CUT if start and part else ""
    after = _CUT if len(text) > start + width else ""
    return f"{before}{part}{after}"
