"""Values that stand at the edges of what a schema's rules allow.

Small, in a fixed order, and as many beyond an edge as within it: a search
tries them all and keeps what it can use.
"""

import re
from collections.abc import Iterator
from itertools import islice
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from harness.contracts.loading import Schema

MAX_REPEATS = 64
MAX_TEXTS = 24
EVERY_TYPE: dict[str, list[Any]] = {
    "string": ["a", "", "A", "0", "-", "a\n", "é"],
    "integer": [0, 1, -1, 2],
    "number": [0.5, -0.5],
    "boolean": [True, False],
    "null": [None],
    "array": [[]],
    "object": [{}],
}


def leaves(rules: Schema) -> Iterator[Any]:
    """Propose values for a place, by the rules that one schema has for it.

    Args:
        rules: What lies below it, in objects and arrays, is not looked at.
    """
    yield from ([rules["const"]] if "const" in rules else [])
    yield from rules.get("enum", ())
    yield from texts(rules)
    yield from numbers(rules)
    types = rules.get("type", [])
    for name in [types] if isinstance(types, str) else types:
        yield from EVERY_TYPE.get(name, ())


def everything() -> Iterator[Any]:
    """Propose a few values of every type."""
    for values in EVERY_TYPE.values():
        yield from values


def numbers(rules: Schema) -> Iterator[int | float]:
    """Propose numbers at and beside each bound."""
    for keyword in (
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ):
        if keyword in rules:
            bound = rules[keyword]
            yield from (bound, bound - 1, bound + 1, bound + 0.5)


def texts(rules: Schema) -> Iterator[str]:
    """Propose texts at and beside each length, and for a pattern."""
    if "pattern" in rules:
        yield from _for_pattern(rules["pattern"], rules)
    for keyword in ("minLength", "maxLength"):
        if keyword in rules:
            length = rules[keyword]
            for count in (length, length + 1, length - 1):
                yield "a" * max(count, 0)


def _for_pattern(pattern: str, rules: Schema) -> Iterator[str]:
    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError):
        return
    lengths = [1, rules.get("minLength", 1), rules.get("maxLength", 3)]
    seen = dict.fromkeys(
        _text(parsed, turn, repeats)
        for repeats in lengths
        for turn in range(5)
    )
    for text in islice(seen, MAX_TEXTS):
        yield text
        yield text + "a"
        yield text[:-1]


def _text(parsed: Any, turn: int, repeats: int) -> str:
    """Write a text that a pattern describes.

    Args:
        parsed: Pattern, as Python's own parser gives it.
        turn: Which of several characters and branches to take.
        repeats: How often to repeat what may be repeated.
    """
    return "".join(
        _piece(str(operation), argument, turn, repeats)
        for operation, argument in parsed
    )


def _piece(operation: str, argument: Any, turn: int, repeats: int) -> str:
    if operation == "LITERAL":
        return str(chr(argument))
    if operation == "IN":
        return _one_of(argument, turn)
    if operation in ("ANY", "NOT_LITERAL"):
        return "b" if argument == ord("a") else "a"
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        count = min(max(least, repeats), most, max(least, MAX_REPEATS))
        return _text(inner, turn, repeats) * int(count)
    if operation == "SUBPATTERN":
        return _text(argument[-1], turn, repeats)
    if operation == "BRANCH":
        branches = argument[1]
        return _text(branches[turn % len(branches)], turn, repeats)
    return ""


def _one_of(members: Any, turn: int) -> str:
    """Take the first or last character of a part of a character class."""
    ends: list[str] = []
    for operation, argument in members:
        if str(operation) == "LITERAL":
            ends.append(chr(argument))
        elif str(operation) == "RANGE":
            ends.extend(chr(code) for code in argument)
    if any(str(operation) == "NEGATE" for operation, _ in members):
        return next((c for c in "aA0-_ " if c not in ends), "~")
    # A category, such as \d, names no character.
    return ends[turn % len(ends)] if ends else "0"
