"""The README of the room tells what the emulator does."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from harness import drs
from harness.drs.engine import fault_documents
from harness.drs.engine.operations import OPERATIONS

_NAME = re.compile(r"`([^`]+)`")
README = (Path(drs.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "option",
    [
        each.name
        for options in (drs.EmulatorOptions, drs.RecoveryPlanOptions)
        for each in fields(options)
    ],
)
def test_every_choice_is_in_the_table_of_the_readme(option: str) -> None:
    assert f"`{option}`" in README


def test_every_simulated_operation_is_in_the_readme() -> None:
    flat = " ".join(README.split())

    for operation in OPERATIONS:
        assert operation in flat


def test_the_table_of_faults_holds_those_that_can_be_set() -> None:
    kinds = list(fault_documents.kinds().values())

    assert sorted(named_in("fault")) == sorted(
        f"{kind.__name__}({', '.join(parameters(kind))})" for kind in kinds
    )


def named_in(head: str) -> list[str]:
    """List the names in the first column of the table with a heading."""
    _, _, table = README.partition(f"\n| {head} |")
    rows = table.partition("\n\n")[0].splitlines()[2:]
    cells = [row.split(" | ")[0] for row in rows]
    return [name for cell in cells for name in _NAME.findall(cell)]


def parameters(kind: type[drs.Fault]) -> list[str]:
    """List the fields of a fault but those that all have."""
    common = {each.name for each in fields(drs.Fault)}
    return [each.name for each in fields(kind) if each.name not in common]
