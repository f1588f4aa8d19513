"""What a contract can judge: JSON, as `json.loads` gives it."""

import json
import math
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Any

Steps = tuple[str | int, ...]

MAX_NESTING = 200
# What DynamoDB holds, as boto3 writes it: integers of at most 38 digits,
# all else with a magnitude from 1E-130 to 9.99E+125.
_MAX_INTEGER = 10**38
_MIN_NUMBER, _MAX_NUMBER = 1e-130, 1e126
_TEXT = frozenset((str,))
_NUMBERS = frozenset((int, float))
_LISTS = frozenset((list, tuple))
_CONTAINERS = _LISTS | {dict}
_PLAIN = _NUMBERS | _CONTAINERS | {bool, type(None)}


class NotJsonError(ValueError):
    """A value cannot be written as JSON, or not to DynamoDB."""

    def __init__(
        self, steps: Steps, actual: str, expected: str = "a JSON value"
    ) -> None:
        super().__init__(f"{pointer(steps)!a}: {actual}")
        self.steps = steps
        self.actual = actual
        self.expected = expected


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


def is_evidently_writable(document: object) -> bool:
    """Tell whether a glance shows that a document is writable.

    Nearly all are, and a poll has no time to write each of them: two loops
    over the values of a level, all else in sets and iterators.

    Returns:
        False if `is_nested_endlessly` and `is_writable` have to look.
    """
    level: list[Any] = [document]
    for _ in range(MAX_NESTING + 2):
        others = [each for each in level if each.__class__ is not str]
        texts = [each for each in level if each.__class__ is str]
        objects = [each for each in others if each.__class__ is dict]
        lists = [each for each in others if each.__class__ in _LISTS]
        keys: set[Any] = set().union(*objects)
        if not (_are_plain(others) and _are_keys(keys)):
            return False
        if not is_unicode("".join(texts)):
            return False
        level = [*chain(*lists), *chain(*map(dict.values, objects))]
        if not level:
            return True
    return False


def is_writable(document: object) -> bool:
    """Tell whether a document can be written as JSON and to DynamoDB.

    Rules do not look at keys that they do not know. Lambda's runtime writes
    a Decimal as the number that it stands for.
    """
    try:
        text = json.dumps(
            document, ensure_ascii=False, allow_nan=False, default=_written
        )
    except (TypeError, ValueError):
        return False
    return is_evidently_writable(json.loads(text))


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


def _are_plain(values: list[Any]) -> bool:
    """Tell it of values that are no texts, and not of what is in them."""
    numbers: list[Any] = [v for v in values if v.__class__ in _NUMBERS]
    return _PLAIN.issuperset(map(type, values)) and all(map(_is_held, numbers))


def _are_keys(values: set[Any]) -> bool:
    return _TEXT.issuperset(map(type, values)) and is_unicode("".join(values))


def _is_held(number: float) -> bool:
    """Tell whether DynamoDB holds a number; it does not hold NaN."""
    if isinstance(number, int):
        return -_MAX_INTEGER < number < _MAX_INTEGER
    return not number or _MIN_NUMBER <= abs(number) < _MAX_NUMBER


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
    if isinstance(value, (int, float, Decimal)):
        return _number(value, steps)
    raise NotJsonError(steps, f"a value of type {type(value).__name__}")


def _text(value: str, steps: Steps) -> str:
    if not is_unicode(value):
        raise NotJsonError(steps, "half of a surrogate pair")
    return str.__str__(value)


def _number(value: float | Decimal, steps: Steps) -> int | float:
    # An integer can be too large to be made a float.
    if not isinstance(value, int) and not math.isfinite(value):
        raise NotJsonError(steps, str(value))
    is_whole = not isinstance(value, float) and value == int(value)
    number = int(value) if is_whole else float(value)
    if not _is_held(number):
        actual = "one of more than 38 digits" if is_whole else str(number)
        raise NotJsonError(steps, actual, "a number that DynamoDB holds")
    return number
