"""The README of the room tells what the emulator does."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from harness import drs
from harness.drs.engine import fault_documents
from harness.drs.engine.operations import OPERATIONS

_NAME = re.compile(r"`([^`]+)`")
README = (Path(drs.__file__).parent / "README.md").read_text(encoding="utf-8")

TESTS = "".join(
    path.read_text(encoding="utf-8")
    for path in Path(__file__).parent.rglob("test_*.py")
)


def choices(kind: type, prefix: str = "") -> Iterator[str]:
    """Name the fields of options, those of a group after its name."""
    for name, type_of in get_type_hints(kind).items():
        if is_group(type_of):
            yield from choices(type_of, f"{name}.")
        else:
            yield prefix + name


def is_group(found: object) -> bool:
    if not isinstance(found, type) or not is_dataclass(found):
        return False
    return found.__name__.endswith("Options")


CHOICES = list(choices(drs.EmulatorOptions))


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_in_the_tables_of_the_readme(choice: str) -> None:
    name = choice.rpartition(".")[2]

    assert f"`{choice}`" in README or f"`{name}`" in README


@pytest.mark.parametrize(
    "name", [each.name for each in fields(drs.Profile) if each.name != "name"]
)
def test_every_span_of_a_profile_is_in_the_readme(name: str) -> None:
    assert name in named_in("span")


@pytest.mark.parametrize(
    "name",
    [
        each.name
        for kind in (
            drs.ErrorCodes,
            drs.FailbackStates,
            drs.RecoveryPlanErrorCodes,
            drs.ResourceTypes,
        )
        for each in fields(kind)
    ],
)
def test_every_value_of_a_choice_with_several_is_in_the_readme(
    name: str,
) -> None:
    assert f"`{name}`" in README


def test_no_choice_is_without_an_option() -> None:
    assert "Not switchable" not in README


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


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_made_in_a_test(choice: str) -> None:
    name = choice.rpartition(".")[2]

    assert re.search(rf"\b{name}(=|\")", TESTS)
