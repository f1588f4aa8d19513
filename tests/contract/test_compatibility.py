"""Every edit of the catalogue is judged right, and each break is shown."""

import copy
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from harness.contracts import Contracts, load, writers
from harness.contracts.compatibility import Comparison, Mode, compare
from harness.contracts.findings import Finding, Side
from tests.contract import compatibility_catalogue as catalogue
from tests.contract.compatibility_catalogue import Edit

REAL = load(Path(__file__).parents[2] / "contracts")
KINDS = ("request", "response")
CASES = [(kind, edit) for kind in KINDS for edit in catalogue.edits(kind)]
IDS = [f"{kind}: {edit.name}" for kind, edit in CASES]
case = pytest.mark.parametrize(("kind", "edit"), CASES, ids=IDS)


def versions(kind: str, edit: Edit) -> tuple[Contracts, Contracts]:
    """Contracts before and after an edit, only what it is about."""
    schemas = catalogue.small_contracts(kind)
    if edit.schema in REAL.schemas:
        parts = {n: s for n, s in REAL.schemas.items() if "/common/" in n}
        schemas = parts | {edit.schema: REAL.schemas[edit.schema]}
    edited = copy.deepcopy(schemas)
    edit.change(edited)
    return Contracts(schemas), Contracts(edited)


@cache
def compared(kind: str, edit: Edit) -> Comparison:
    old, new = versions(kind, edit)
    return compare(Side("1.0.0", old), Side("2.0.0", new), Mode.FULL)


def found(kind: str, edit: Edit, finding: str) -> list[Finding]:
    findings = compared(kind, edit).findings
    return [f for f in findings if f.kind == finding]


def test_catalogue_has_at_least_forty_edits() -> None:
    names = {edit.name for _, edit in CASES}

    print(f"{len(names)} edits, {len(CASES) * 2} verdicts")

    assert len(names) == len(catalogue.SMALL) + len(catalogue.REAL)
    assert len(names) >= 40


@case
@pytest.mark.parametrize("direction", ["backward", "forward"])
def test_verdict_is_the_expected_one(
    kind: str, edit: Edit, direction: str
) -> None:
    refused = {
        f.schema
        for f in found(kind, edit, "refused")
        if f.direction == direction
    }

    expected = edit.verdict.breaks(kind, direction)

    assert refused == ({edit.schema} if expected else set())
    proved = compared(kind, edit).proved
    assert (f"{edit.schema} {direction}" in proved) is not expected


@case
def test_nothing_is_left_unproved(kind: str, edit: Edit) -> None:
    assert found(kind, edit, "unproved") == []


@case
def test_what_no_reader_refuses_is_found(kind: str, edit: Edit) -> None:
    lost = found(kind, edit, "property") + found(kind, edit, "unit")

    assert [f.rule for f in lost] == [edit.verdict.lost][: len(lost)]
    assert bool(lost) is bool(edit.verdict.lost)
    assert {f.direction for f in lost} <= {"backward"}


@case
def test_every_break_is_shown_by_a_document_of_the_reference_engine(
    kind: str, edit: Edit
) -> None:
    old, new = versions(kind, edit)
    name = edit.schema

    for finding in found(kind, edit, "refused"):
        is_old_sent = edit.schema.endswith("request") == (
            finding.direction == "backward"
        )
        sender, receiver = (old, new) if is_old_sent else (new, old)
        writer = jsonschema.Draft202012Validator(writers.closed(sender, name))

        assert writer.is_valid(finding.witness)
        assert not receiver.reference_validator(name).is_valid(finding.witness)
    for finding in found(kind, edit, "property"):
        before = jsonschema.Draft202012Validator(writers.closed(old, name))
        after = jsonschema.Draft202012Validator(writers.closed(new, name))

        assert before.is_valid(finding.witness)
        assert not after.is_valid(finding.witness)
