"""Amounts of options and faults that would mean nothing."""

from dataclasses import fields
from datetime import timedelta
from typing import Any


def refuse_negative(record: Any) -> None:
    """Refuse a dataclass with an amount or a duration below zero.

    Raises:
        ValueError: One is.
    """
    for each in fields(record):
        value = getattr(record, each.name)
        below = (
            value < timedelta(0)
            if isinstance(value, timedelta)
            else (isinstance(value, int) and value < 0)
        )
        if below:
            raise ValueError(f"{each.name!r} cannot be below 0")


def refuse_page_size(size: int, name: str) -> None:
    """Refuse pages without items, which would hide what there is.

    Raises:
        ValueError: There would be such pages.
    """
    if size < 1:
        raise ValueError(f"{name!r} cannot be below 1")
