"""Every constraint of the model holds on the wire, for every operation."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import cast

import pytest
from botocore.model import OperationModel, StructureShape

from harness.drs.engine.operations import OPERATIONS
from harness.drs.engine.wire import model
from tests.unit.harness.drs.conformance import schemas
from tests.unit.harness.drs.conformance.answers import Answer, compare
from tests.unit.harness.drs.conformance.breaches import (
    Breach,
    breaches,
    can_be_sent,
    sound,
)
from tests.unit.harness.drs.conformance.examples import EXAMPLES
from tests.unit.harness.drs.conformance.tally import TALLIES
from tests.unit.harness.drs.conformance.wire import RawRequest, Wire, render
from tests.unit.harness.drs.conftest import entered

ALL = [
    model.service().operation_model(name)
    for name in model.service().operation_names
]
SIMULATED = [each for each in ALL if each.name in OPERATIONS]


@pytest.fixture(scope="module")
def wire(mode: str, request: pytest.FixtureRequest) -> Iterator[Wire]:
    """Give the wire to one emulator for all tests, as no request counts."""
    with entered(mode, request) as emulator:
        emulator.initialize()
        yield emulator.wire


def breaches_of(operation: OperationModel) -> list[Breach]:
    """List what can be sent to an operation and must be refused."""
    shape = operation.input_shape
    if shape is None:
        return []
    return [
        breach for breach in breaches(shape) if can_be_sent(breach, operation)
    ]


def complaints(breach: Breach, answer: Answer) -> Iterator[str]:
    """Say what is wrong with the answer to a broken request."""
    document = answer.document or {}
    if (answer.status, answer.code) != (400, "ValidationException"):
        yield f"answered {answer.status} {answer.code} {answer.body}"
    elif document.get("reason") != "fieldValidationFailed":
        yield f"has the reason {document.get('reason')}"
    named = {each["name"] for each in document.get("fieldList", [])}
    if named != {breach.field}:
        yield f"names {sorted(named)}"


@pytest.mark.parametrize("operation", SIMULATED, ids=lambda each: each.name)
def test_the_field_is_named_when_a_request_breaks_a_constraint(
    wire: Wire, operation: OperationModel
) -> None:
    tally = TALLIES[wire.mode]
    tally.operations.add(operation.name)
    found = []

    for breach in breaches_of(operation):
        answer = wire.send(render(operation, breach.value))
        tally.constraints += 1
        problems = [
            *complaints(breach, answer),
            *compare(operation, answer, wire.mode),
        ]
        found += [f"{breach.field} {breach.rule}: {p}" for p in problems]

    assert found == []


@pytest.mark.parametrize("operation", SIMULATED, ids=lambda each: each.name)
def test_no_field_is_at_fault_when_a_request_is_sound(
    wire: Wire, operation: OperationModel
) -> None:
    shape = operation.input_shape
    members = sound(shape) if shape else {}

    answer = wire.send(render(operation, members))

    assert "fieldValidationFailed" not in answer.body
    assert compare(operation, answer, wire.mode) == []


@pytest.mark.parametrize("operation", SIMULATED, ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("body", "reason"), [("{", "cannotParse"), ("[]", "cannotParse")]
)
def test_a_body_is_refused_when_it_is_no_json_object(
    wire: Wire, operation: OperationModel, body: str, reason: str
) -> None:
    members = sound(cast(StructureShape, operation.input_shape))
    sent = render(operation, members)

    answer = wire.send(RawRequest(sent.method, sent.path, body))

    assert (answer.status, answer.code) == (400, "ValidationException")
    assert json.loads(answer.body)["reason"] == reason
    assert compare(operation, answer, wire.mode) == []


def test_every_pattern_of_the_model_has_a_sound_example() -> None:
    names = model.service().shape_names
    shapes = [model.service().shape_for(name) for name in names]
    patterned = [each for each in shapes if each.metadata.get("pattern")]

    unsound = [
        shape.name
        for shape in patterned
        if not schemas.validator(shape.name, ()).is_valid(
            EXAMPLES.get(shape.name)
        )
    ]

    assert unsound == []


@pytest.mark.parametrize("operation", ALL, ids=lambda each: each.name)
def test_each_breach_breaks_the_model_and_the_sound_request_does_not(
    operation: OperationModel,
) -> None:
    shape = cast(StructureShape, operation.input_shape)
    judge = schemas.validator(shape.name)

    unbroken = [each for each in breaches(shape) if judge.is_valid(each.value)]

    assert unbroken == []
    assert judge.is_valid(sound(shape))


def test_the_model_has_each_kind_of_constraint_broken() -> None:
    rules = Counter(
        breach.rule for each in ALL for breach in breaches_of(each)
    )

    assert set(rules) == {
        "enum",
        "length",
        "pattern",
        "range",
        "required",
        "size",
        "type",
        "union",
    }
