"""What a contract can judge: JSON, as `json.loads` gives it."""

import json
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

Steps = tuple[str | int, ...]

MAX_NESTING = 200
_CONTAINERS = frozenset((dict, list, tuple))


class NotJsonError(ValueError):
    """A value cannot be written as JSON."""

    def __init__(self, steps: Steps, actual: str) -> None:
        super().__init__(f"{pointer(steps)!a}: {actual}")
        self.steps = steps
        self.actual = actual


def plain(value: Any, steps: Steps = ()) -> Any:
    """Copy a document, all of it plain JSON.

    A tuple becomes a list, a Decimal the number that it stands for, and a
    text or number of a class of its own a plain one, as `json.dumps` does.

    Args:
        value: Not nested endlessly.
        steps: The way to it.

    Raises:
        NotJsonError: A part of it is no JSON.
    """
    if isinstance(value, dict):
        return {
            _key(key, steps): plain(item, (*steps, str(key)))
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [plain(item, (*steps, n)) for n, item in enumerate(value)]
    return _scalar(value, steps)


def is_nested_endlessly(document: object) -> bool:
    """Tell whether a document is nested too deeply to be copied.

    Rules do not look at keys that they do not know, so no engine would say.
    """
    level: list[Any] = [document] if type(document) in _CONTAINERS else []
    for _ in range(MAX_NESTING + 1):
        level = [
            item
            for each in level
            for item in (each.values() if type(each) is dict else each)
            # Of all ways to ask this the fastest: a state has many values.
            if item.__class__ in _CONTAINERS
        ]
        if not level:
            return False
    return True


def is_writable(document: object) -> bool:
    """Tell whether Lambda's runtime can write a document as JSON.

    Rules do not look at keys that they do not know. The runtime writes a
    Decimal as the number that it stands for.
    """
    try:
        json.dumps(
            document, ensure_ascii=False, allow_nan=False, default=_written
        ).encode()
    except (TypeError, ValueError):
        return False
    return True


def size(document: object) -> int:
    """Count the bytes of a plain document, as compact ASCII JSON."""
    return len(json.dumps(document, separators=(",", ":")))


def is_unicode(text: str) -> bool:
    """Tell whether a text can be sent, having no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def pointer(steps: Iterable[str | int]) -> str:
    """Write the way to a value as a JSON pointer (RFC 6901)."""
    escaped = (str(s).replace("~", "~0").replace("/", "~1") for s in steps)
    return "".join(f"/{step}" for step in escaped)


def _written(value: object) -> int | float:
    if isinstance(value, Decimal):
        return _number(value, ())
    raise TypeError(type(value).__name__)


def _key(key: object, steps: Steps) -> str:
    if not isinstance(key, str):
        raise NotJsonError(steps, f"a key of type {type(key).__name__}")
    return _text(key, steps)


def _scalar(value: Any, steps: Steps) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, steps)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (float, Decimal)):
        return _number(value, steps)
    raise NotJsonError(steps, f"a value of type {type(value).__name__}")


def _text(value: str, steps: Steps) -> str:
    if not is_unicode(value):
        raise NotJsonError(steps, "half of a surrogate pair")
    return str.__str__(value)


def _number(value: float | Decimal, steps: Steps) -> int | float:
    if not math.isfinite(value):
        raise NotJsonError(steps, str(value))
    whole = isinstance(value, Decimal) and value == int(value)
    return int(value) if whole else float(value)
