"""A change is tried with the tests that run its function."""

from pathlib import Path

import pytest

from tests.mutation import finding, reach
from tests.mutation.mutations import Mutation

SOURCE = """\
LIMIT = 3


class Wave:
    KIND = "drill"

    def start(self) -> str:
        def name() -> str:
            return "inner"

        return name() + "outer"


def poll(most: int = 9) -> str:
    return "poll"
"""
REACH = {
    "waves.py:Wave": ["test_imported"],
    "waves.py:Wave.start": ["test_start"],
    "waves.py:Wave.start.<locals>.name": ["test_start", "test_name"],
    "waves.py:poll": ["test_poll"],
}


def _change_of(text: str) -> Mutation:
    return next(
        mutation
        for mutation in finding.mutations("waves.py", SOURCE)
        if mutation.before == text
    )


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ('"outer"', ["test_start"]),
        ('"inner"', ["test_start", "test_name"]),
        ('"poll"', ["test_poll"]),
    ],
)
def test_tests_are_those_of_the_innermost_function_when_there_is_one(
    text: str, tests: list[str]
) -> None:
    assert reach.tests_of(_change_of(text), SOURCE, REACH) == tests


@pytest.mark.parametrize("text", ["3", '"drill"', "9"])
def test_no_test_is_chosen_when_a_change_is_carried_out_at_import(
    text: str,
) -> None:
    assert reach.tests_of(_change_of(text), SOURCE, REACH) == []


def test_reach_is_the_same_when_it_was_written_and_read(
    tmp_path: Path,
) -> None:
    reach.save(REACH, tmp_path / "reach.json")

    assert reach.load(tmp_path / "reach.json") == REACH
