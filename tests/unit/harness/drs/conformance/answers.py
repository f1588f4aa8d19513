"""What an answer of DRS may look like, after the service model."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from harness.drs.engine.wire import model
from tests.unit.harness.drs.conformance import schemas
from tests.unit.harness.drs.conformance.tally import TALLIES

NOT_SIMULATED = ("NotImplemented", 501)


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def code(self) -> str | None:
        """The error's class as the header names it, None for a success."""
        if self.status < 300:
            return None
        return self.headers.get("x-amzn-errortype", "")

    @property
    def document(self) -> Any:
        """The body, parsed; None if it is empty."""
        return json.loads(self.body) if self.body else None


def misfits(
    operation: OperationModel,
    answer: Answer,
    known: tuple[schemas.KnownViolation, ...] = schemas.KNOWN_VIOLATIONS,
) -> list[str]:
    """Find what is wrong with an answer.

    Args:
        operation: What was asked.
        answer: The answer.
        known: Violations of the model to let through.

    Returns:
        One line for each violation, none if the answer fits.
    """
    find = _success if answer.code is None else _error
    found = find(operation, answer, known)
    return [f"{operation.name} {each}" for each in found]


def compare(operation: OperationModel, answer: Answer, mode: str) -> list[str]:
    """Find what is wrong with an answer of the emulator, and count it.

    Args:
        operation: What was asked.
        answer: The answer.
        mode: The way it came.
    """
    TALLIES[mode].answers += 1
    return misfits(operation, answer)


def _success(
    operation: OperationModel,
    answer: Answer,
    known: tuple[schemas.KnownViolation, ...],
) -> Iterator[str]:
    expected = operation.http.get("responseCode", 200)
    if answer.status != expected:
        yield f"has status {answer.status} where {expected} is declared"
    shape = operation.output_shape
    if shape is None or expected == 204:
        if answer.body not in ("", "{}"):
            yield f"has a body where none is declared: {answer.body}"
        return
    yield from _against(shape.name, answer.document, known)


def _error(
    operation: OperationModel,
    answer: Answer,
    known: tuple[schemas.KnownViolation, ...],
) -> Iterator[str]:
    if (answer.code, answer.status) == NOT_SIMULATED:
        return
    declared = {shape.name: shape for shape in model.service().error_shapes}
    shape = declared.get(str(answer.code))
    if shape is None:
        yield f"names no error of the model but {answer.code!r}"
        return
    expected = shape.metadata["error"]["httpStatusCode"]
    if answer.status != expected:
        yield f"{shape.name} has status {answer.status}, not {expected}"
    yield from _against(shape.name, answer.document, known)


def _against(
    name: str, document: Any, known: tuple[schemas.KnownViolation, ...]
) -> Iterator[str]:
    for error in schemas.validator(name, known).iter_errors(document):
        path = ".".join(str(part) for part in error.instance_path)
        yield f"{name} {path}: {error.message}"
