"""Tell whether a JSON value is what a type says."""

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin


def fits(value: object, hint: Any) -> bool:
    """Tell whether a value has a type; lists pass for tuples."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if hint is None or hint is NoneType:
        return value is None
    if origin is Literal:
        return value in arguments
    if origin in (Union, UnionType):
        return any(fits(value, each) for each in arguments)
    if origin is tuple:
        return isinstance(value, (list, tuple)) and _all_fit(value, arguments)
    return type(value) is hint


def wording(hint: Any) -> str:
    """Name a type as a person would who knows JSON."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is None or hint is NoneType:
        return "null"
    if origin is Literal:
        return " or ".join(map(repr, arguments))
    if origin in (Union, UnionType):
        return " or ".join(map(wording, arguments))
    if origin is tuple:
        return _wording_of_list(arguments)
    names = {int: "an integer", str: "a text", bool: "true or false"}
    return names.get(hint, "an object")


def _wording_of_list(items: tuple[Any, ...]) -> str:
    if get_origin(items[0]) is Literal and items[1:] == (Ellipsis,):
        return f"a list of {wording(items[0])}"
    return "a list"


def _all_fit(values: Any, hints: tuple[Any, ...]) -> bool:
    if len(hints) == 2 and hints[1] is Ellipsis:
        return all(fits(value, hints[0]) for value in values)
    return len(values) == len(hints) and all(map(fits, values, hints))
