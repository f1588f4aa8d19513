"""The guide names all that the local cloud completes and leaves out."""

import re
from pathlib import Path

import pytest

from harness.cloud.stacks.carriers import CLASSES
from harness.cloud.stacks.supplements import SUPPLEMENTS

_GUIDE = Path(__file__).parents[5] / "docs" / "local-cloud.md"
ROWS = {
    kind: (completed, without)
    for kind, completed, without in re.findall(
        r"^\| `(AWS::[\w:]+)` \| (.*?) \|(.*?)\|$",
        _GUIDE.read_text(encoding="utf-8"),
        re.M,
    )
}


def test_every_type_that_is_not_moto_s_alone_stands_in_the_guide() -> None:
    nested = {"AWS::CloudFormation::Stack"}

    assert set(ROWS) == {*CLASSES, *SUPPLEMENTS} | nested


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_the_guide_says_which_types_are_carried_in_full(kind: str) -> None:
    assert ROWS[kind][0] == "all of it"


@pytest.mark.parametrize("kind", sorted(SUPPLEMENTS))
def test_the_guide_names_the_properties_of_a_type(kind: str) -> None:
    supplement = SUPPLEMENTS[kind]

    completed, without = (
        set(re.findall(r"`([A-Z]\w+)`", cell)) for cell in ROWS[kind]
    )

    assert completed == supplement.applied
    assert without - {"Arn"} == supplement.left_out
