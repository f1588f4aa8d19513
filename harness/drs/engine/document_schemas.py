"""JSON Schemas of the documents that `documents.record_from` reads."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import timedelta
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

Schema = dict[str, Any]

# A hundred years: more than any plan waits, less than time has.
_LONGEST = 100 * 365 * 86400
_PLAIN: dict[object, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number", "minimum": 0},
    str: {"type": "string"},
    Any: {},
    timedelta: {"type": "number", "minimum": 0, "maximum": _LONGEST},
}


def schema_of(kind: type) -> Schema:
    """Describe the documents of a dataclass of options.

    Amounts and durations are not below zero; further limits stand in the
    ``metadata`` of a field, by the keywords of JSON Schema.

    Raises:
        TypeError: A field has a type that no document has.
    """
    types = get_type_hints(kind)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [each.name for each in fields(kind) if _is_needed(each)],
        "properties": {
            each.name: _with_limits(_value(types[each.name]), each)
            for each in fields(kind)
        },
    }


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _with_limits(schema: Schema, field: Field[Any]) -> Schema:
    return {**schema, **field.metadata}


def _value(expected: Any) -> Schema:
    if isinstance(expected, type) and is_dataclass(expected):
        return schema_of(expected)
    if expected in _PLAIN:
        return _PLAIN[expected]
    make = _GENERIC.get(get_origin(expected))
    if make is None:
        raise TypeError(f"{expected} is no type of a document")
    return make(get_args(expected))


def _choice(values: tuple[Any, ...]) -> Schema:
    return {"enum": list(values)}


def _list(types: tuple[Any, ...]) -> Schema:
    return {"type": "array", "items": _value(types[0])}


def _mapping(types: tuple[Any, ...]) -> Schema:
    return {"type": "object", "additionalProperties": _value(types[1])}


def _optional(types: tuple[Any, ...]) -> Schema:
    (inner,) = (_value(each) for each in types if each is not NoneType)
    if "enum" in inner:
        return _choice((*inner["enum"], None))
    return {**inner, "type": [inner["type"], "null"]}


_GENERIC: dict[object, Callable[[tuple[Any, ...]], Schema]] = {
    Literal: _choice,
    tuple: _list,
    frozenset: _list,
    Mapping: _mapping,
    Union: _optional,
    UnionType: _optional,
}
