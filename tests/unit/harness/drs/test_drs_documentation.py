"""The README of the room tells what the emulator does."""

from dataclasses import fields
from pathlib import Path

import pytest

from harness import drs
from harness.drs.engine.operations import OPERATIONS

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
