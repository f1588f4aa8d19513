"""Dataclasses read from JSON documents and written to them.

Fields keep their names. Durations are seconds, moments ISO 8601 texts, and
sets, tuples and spans are lists.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from math import isfinite
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

Record = TypeVar("Record")
_JSON_TYPES = (bool, int, str, NoneType)


class DocumentError(ValueError):
    """A document does not describe what it should."""


def record_from(
    kind: type[Record], document: Mapping[str, Any], name: str
) -> Record:
    """Read a dataclass; fields that are not given have their defaults.

    Args:
        kind: The dataclass.
        document: Values by the names of its fields.
        name: What a person calls it, for errors.

    Raises:
        DocumentError: A field is unknown, one is missing or its value does
            not fit.
    """
    _refuse_names(kind, document, name)
    types = get_type_hints(kind)
    given = {
        key: value_from(types[key], document[key], key) for key in document
    }
    try:
        return kind(**given)
    except ValueError as error:
        raise DocumentError(str(error)) from error


def value_from(expected: Any, value: Any, name: str) -> Any:
    """Read a value of a type that a field of a dataclass has.

    Raises:
        DocumentError: It does not fit.
    """
    if isinstance(expected, type) and is_dataclass(expected):
        if isinstance(value, Mapping):
            return record_from(expected, value, name)
    elif get_origin(expected) in (Union, UnionType):
        return _one_of(expected, value, name)
    elif isinstance(value, list):
        return _collection(expected, value, name)
    elif get_origin(expected) is not None:
        return _generic(expected, value, name)
    else:
        return _plain(expected, value, name)
    raise _misfit(name, value)


def document_of(value: Any) -> Any:
    """Write a value so that it can be read again."""
    if is_dataclass(value):
        return {
            each.name: document_of(getattr(value, each.name))
            for each in fields(value)
        }
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: document_of(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [document_of(each) for each in value]
    # No order of their own: the same set is always the same document.
    return sorted(value) if isinstance(value, frozenset) else value


def _refuse_names(kind: Any, given: Mapping[str, Any], name: str) -> None:
    known = {each.name: each for each in fields(kind)}
    for key in given:
        if key not in known:
            raise DocumentError(f"{name} has no field {key!r}")
    for key, each in known.items():
        needed = each.default is MISSING and each.default_factory is MISSING
        if needed and key not in given:
            raise DocumentError(f"{name} needs the field {key!r}")


def _one_of(expected: Any, value: Any, name: str) -> Any:
    kinds = get_args(expected)
    if value is None and NoneType in kinds:
        return None
    *others, last = (each for each in kinds if each is not NoneType)
    for each in others:
        try:
            return value_from(each, value, name)
        except DocumentError:
            continue
    # What is wrong inside a value is told if there is one way to read it.
    return value_from(last, value, name)


def _collection(expected: Any, value: list[Any], name: str) -> Any:
    origin, inner = get_origin(expected), get_args(expected)
    if origin in (tuple, frozenset):
        return origin(value_from(inner[0], each, name) for each in value)
    # A named tuple, such as a span.
    types = getattr(expected, "__annotations__", {})
    if not hasattr(expected, "_fields") or len(types) != len(value):
        raise _misfit(name, value)
    parts = zip(types.values(), value, strict=True)
    return expected(*(value_from(each, part, name) for each, part in parts))


def _generic(expected: Any, value: Any, name: str) -> Any:
    if get_origin(expected) is Literal and value in get_args(expected):
        return value
    if isinstance(value, Mapping) and get_origin(expected) is Mapping:
        keys, values = get_args(expected)
        return {
            value_from(keys, key, name): value_from(values, each, name)
            for key, each in value.items()
        }
    raise _misfit(name, value)


def _plain(expected: Any, value: Any, name: str) -> Any:
    if expected is Any or (
        expected in _JSON_TYPES and type(value) is expected
    ):
        return value
    if expected in (timedelta, float) and type(value) in (int, float):
        return _amount(expected, value, name)
    if expected is datetime and isinstance(value, str):
        return _moment(value, name)
    raise _misfit(name, value)


def _amount(expected: Any, value: float, name: str) -> Any:
    # JSON as Python reads it has NaN and Infinity.
    if not isfinite(value):
        raise _misfit(name, value)
    try:
        return timedelta(seconds=value) if expected is timedelta else value
    except OverflowError as error:
        raise _misfit(name, value) from error


def _moment(value: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _misfit(name, value) from error
    if moment.tzinfo is None:
        raise _misfit(name, value)
    return moment


def _misfit(name: str, value: Any) -> DocumentError:
    return DocumentError(f"{name!r} cannot be {value!r}")
