"""Faults as documents: for plan files and for HTTP.

    {"fault": "throttle", "operation": "DescribeJobs", "times": 3}

The name of a fault is that of its class in snake case; its fields keep
their names, and durations are seconds.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from datetime import timedelta
from typing import Any, get_args, get_origin, get_type_hints

from harness.drs.engine import faults
from harness.drs.engine.faults import Fault
from harness.drs.engine.wire import model

NAME = "fault"


class FaultError(ValueError):
    """A document does not describe a fault."""


def kinds() -> dict[str, type[Fault]]:
    """List the kinds of faults by the names that documents use."""
    found = (each for each in vars(faults).values() if isinstance(each, type))
    return {
        _snake_case(kind.__name__): kind
        for kind in found
        if issubclass(kind, Fault) and kind is not Fault
    }


def fault_from(document: Mapping[str, Any]) -> Fault:
    """Read a fault from a document.

    Raises:
        FaultError: The fault or a field is unknown, a field is missing or
            its value does not fit.
    """
    name = document.get(NAME)
    kind = kinds().get(str(name))
    if kind is None:
        known = ", ".join(sorted(kinds()))
        raise FaultError(f"There is no fault {name!r}; there are: {known}")
    given = {key: document[key] for key in document if key != NAME}
    _refuse_names(kind, given)
    types = get_type_hints(kind)
    return kind(**{key: _value(key, given[key], types[key]) for key in given})


def document_of(fault: Fault) -> dict[str, Any]:
    """Describe a fault so that ``fault_from`` reads it again."""
    members = {
        key: value.total_seconds() if isinstance(value, timedelta) else value
        for key, value in asdict(fault).items()
        if value is not None
    }
    return {NAME: _snake_case(type(fault).__name__), **members}


def _refuse_names(kind: type[Fault], given: Mapping[str, Any]) -> None:
    name = _snake_case(kind.__name__)
    known = {each.name: each for each in fields(kind)}
    for key in given:
        if key not in known:
            raise FaultError(f"{name} has no field {key!r}")
    for key, each in known.items():
        if each.default is MISSING and key not in given:
            raise FaultError(f"{name} needs the field {key!r}")


def _value(key: str, value: Any, expected: Any) -> Any:
    if expected is timedelta and _is_number(value):
        return timedelta(seconds=value)
    if key == "operation":
        _refuse_operation(value)
    if key == "code":
        _refuse_code(value)
    if not _fits(value, expected):
        raise FaultError(f"{key!r} cannot be {value!r}")
    return value


def _refuse_operation(value: Any) -> None:
    if value not in model.service().operation_names:
        raise FaultError(f"DRS has no operation {value!r}")


def _refuse_code(value: Any) -> None:
    shapes = model.service().shape_names
    if value not in shapes or not model.service().shape_for(
        value
    ).metadata.get("error"):
        raise FaultError(f"DRS has no error {value!r}")


def _fits(value: Any, expected: Any) -> bool:
    choices = get_args(expected)
    if not choices:
        return type(value) is expected
    if get_origin(expected) is not None and isinstance(choices[0], str):
        return value in choices
    return any(_fits(value, each) for each in choices)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
