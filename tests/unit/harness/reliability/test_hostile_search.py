"""What is wrong is found, made small, and the rest goes on."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from harness import plans
from harness.plans import Problem
from harness.reliability import (
    hostile,
    hostile_edits,
    hostile_files,
    hostile_json,
    hostile_plan_files,
    hostile_yaml,
)
from harness.reliability.hostile_answers import Answer, in_a_copy
from harness.reliability.hostile_edits import Edit
from harness.reliability.hostile_judge import Wrong
from harness.reliability.hostile_plan_files import HostileFile, PlanFiles
from harness.reliability.hostile_search import MAX_SHRINKS, Search

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Findings are written below the current folder.
    monkeypatch.chdir(tmp_path)


def complaints(number: int) -> list[Wrong]:
    """Find two things wrong with numbers."""
    if number >= 1_000:
        return [Wrong("large", str(number))]
    return [Wrong("odd", str(number))] if number % 2 else []


def _small_file() -> st.SearchStrategy[HostileFile]:
    return st.builds(HostileFile, st.binary(max_size=1))


def _noting(numbers: list[int]) -> Callable[[int], list[Wrong]]:
    def note(number: int) -> list[Wrong]:
        numbers.append(number)
        return []

    return note


def searched(seed: int) -> Search[int]:
    search = Search(st.integers(0, 100_000), complaints)
    search.run(200, seed)
    return search


def test_each_kind_of_wrong_is_found_and_made_small() -> None:
    search = searched(1)

    found = {str(wrong[0]) for _, wrong in search.found.values()}
    assert found == {"large: 1000", "odd: 1"}
    assert search.tried == 200


def test_an_input_is_made_small_with_few_tries() -> None:
    asked: list[str] = []

    def attempt(text: str) -> list[Wrong]:
        asked.append(text)
        return [Wrong("varied")] if len(set(text)) > 30 else []

    search = Search(st.text(min_size=60, max_size=400), attempt)
    search.run(30, 1)

    assert search.tried == 30
    assert len(asked) <= 30 + MAX_SHRINKS
    ((text, _),) = search.found.values()
    assert len(set(text)) > 30


def test_the_same_is_tried_when_the_seed_is_the_same() -> None:
    drawn: list[list[int]] = []

    for seed in (3, 3, 4):
        numbers: list[int] = []
        Search(st.integers(), _noting(numbers)).run(40, seed)
        drawn.append(numbers)

    assert drawn[0] == drawn[1] != drawn[2]


def test_a_request_that_ends_its_process_is_told_and_does_no_harm() -> None:
    def die() -> Answer:
        os.kill(os.getpid(), signal.SIGKILL)
        return Answer(200)

    assert in_a_copy(die).died == "the process was ended by SIGKILL"


def test_a_request_without_end_of_memory_is_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def grow() -> Answer:
        return Answer(len(bytearray(1 << 33)))

    assert in_a_copy(grow).died == "the process ended with 1"
    assert "MemoryError" in capfd.readouterr().err


def test_a_copy_gives_its_answer() -> None:
    assert in_a_copy(lambda: Answer(200, seconds=1.5)).seconds == 1.5


@pytest.mark.parametrize("kind", hostile_edits.EDITS)
def test_every_edit_gives_a_document_that_can_be_written(kind: str) -> None:
    good = {"a": [1, {"b": "c"}], "d": None, "e": True}

    values: list[Any] = [None, 7, "x", [], {}, hostile_json.nested(3)]
    texts = [
        hostile_json.written(
            hostile_edits.apply(good, [Edit(kind, place, value, "new")] * 3)
        )
        for place in range(8)
        for value in values
    ]

    assert good == {"a": [1, {"b": "c"}], "d": None, "e": True}
    assert any(text != hostile_json.written(good) for text in texts)


def test_a_key_is_written_twice() -> None:
    doubled = hostile_json.Twice({"a": 1}, "a", 2)

    assert hostile_json.written(doubled) == '{"a":1,"a":2}'


@pytest.mark.parametrize(
    ("problems", "wrong"),
    [
        ([], "Nothing is told"),
        ([Problem(0, "", "hm")], "names no place"),
        (
            [Problem(1, "", hostile_plan_files.EXTERNAL_ID)],
            "tells the external id",
        ),
    ],
)
def test_a_bad_complaint_about_a_plan_file_is_told(
    problems: list[Problem], wrong: str
) -> None:
    error = plans.PlanFileError(Path("plan.yaml"), problems)

    told = [str(each) for each in hostile_plan_files.complaint(error)]

    assert [text for text in told if wrong in text] != []


def test_a_traceback_of_the_loader_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(path: Path) -> plans.Plan:
        raise KeyError(path.name)

    monkeypatch.setattr(plans, "load", crash)

    monkeypatch.setattr(hostile_plan_files, "drawn", _small_file)

    result = hostile.try_plan_files("some", 3, 1)

    (finding,) = result.findings
    assert finding.violations[0].startswith("plans.load raised KeyError")
    file = Path(finding.violations[-1].removeprefix("input: "))
    assert [each.kind for each in hostile_files.again(file)] == [
        "plans.load raised KeyError"
    ]


def test_plan_files_are_refused_in_plain_words_whatever_is_in_them() -> None:
    result = hostile.try_plan_files("some", 60, 1)

    assert [finding.violations for finding in result.findings] == []
    assert result.runs == 60
    assert result.survived + result.ended == 60


def test_no_fragment_of_yaml_breaks_the_loader() -> None:
    plan = "planName: a\nsourceServers: {}\nwaves: []\n"
    files = PlanFiles()

    found = {
        fragment: files.attempt(
            HostileFile(plan.replace("{}", fragment).encode())
        )
        for fragment in hostile_yaml.FRAGMENTS
    }

    assert {each for each, wrong in found.items() if wrong} == set()
