"""Faults as documents: for plan files and for HTTP.

    {"fault": "throttle", "operation": "DescribeJobs", "times": 3}

The name of a fault is that of its class in snake case; its fields keep
their names, and durations are seconds.
"""

import re
from collections.abc import Mapping
from typing import Any

from harness.drs.engine import documents, faults
from harness.drs.engine.documents import DocumentError
from harness.drs.engine.faults import Fault
from harness.drs.engine.wire import model

NAME = "fault"


class FaultError(DocumentError):
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
    if "operation" in given:
        _refuse_operation(given["operation"])
    if "code" in given:
        _refuse_code(given["code"])
    if kind is faults.ReplicationState and "state" in given:
        _refuse_state(given["state"])
    try:
        return documents.record_from(kind, given, _snake_case(kind.__name__))
    except DocumentError as error:
        raise FaultError(str(error)) from error


def document_of(fault: Fault) -> dict[str, Any]:
    """Describe a fault so that ``fault_from`` reads it again."""
    members = {
        key: value
        for key, value in documents.document_of(fault).items()
        if value is not None
    }
    return {NAME: _snake_case(type(fault).__name__), **members}


def _refuse_operation(value: Any) -> None:
    if value not in model.service().operation_names:
        raise FaultError(f"DRS has no operation {value!r}")


def _refuse_code(value: Any) -> None:
    shapes = model.service().shape_names
    if value not in shapes or not model.service().shape_for(
        value
    ).metadata.get("error"):
        raise FaultError(f"DRS has no error {value!r}")


def _refuse_state(value: Any) -> None:
    shape = model.service().shape_for("DataReplicationState")
    if value not in shape.metadata["enum"]:
        raise FaultError(f"DRS has no replication state {value!r}")


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
