"""`drs-orch reliability`, as people see it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app
from tests.property.miniatures.catalogue import MINIATURES
from tests.property.miniatures.miniature import lay_out

AFTER_THE_START = (
    "three waves: execution-handler: StartRecovery 1 dies after it"
)
BEFORE_THE_START = (
    "three waves: execution-handler: StartRecovery 1 dies before it"
)
CRASHES = ("--part", "crashes", "--orchestration", "refactored")


def run(*arguments: object) -> Result:
    """Run the command in this process."""
    given = ["reliability", *(str(each) for each in arguments)]
    result = CliRunner().invoke(app, given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_all_is_sound_when_the_lambdas_are_right(tmp_path: Path) -> None:
    cases = ("--only", AFTER_THE_START, "--only", BEFORE_THE_START)

    result = run(*CRASHES, *cases, "--report", tmp_path)

    lines = result.output.splitlines()
    written = json.loads((tmp_path / "report.json").read_text())
    assert result.exit_code == 0, result.output
    assert lines[-1].startswith("SOUND: nothing is wrong")
    assert lines[-2].split() == ["all", "2", "2", "2", "0", "0"]
    assert written["rows"] == [
        {
            "part": "crashes",
            "orchestration": "refactored",
            "cases": 2,
            "runs": 2,
            "faults": 2,
            "survived": 2,
            "ended": 0,
            "wrong": 0,
        }
    ]
    assert "survived" in (tmp_path / "report.txt").read_text()


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Try a candidate that does not look for a start it knows nothing of."""
    miniature = MINIATURES["job-of-an-earlier-try-overlooked"]
    root = lay_out(miniature, tmp_path_factory.mktemp("wrong")).parent
    case = ("--only", AFTER_THE_START)
    return root, run(*CRASHES, *case, "--lambda-root", root, "--json")


def test_a_wrong_candidate_is_told_with_what_it_breaks(
    wrong: tuple[Path, Result],
) -> None:
    root, result = wrong

    document = json.loads(result.stdout)
    (finding,) = document["wrong"]

    assert result.exit_code == 1
    assert document["verdict"] == "wrong"
    assert finding["case"] == AFTER_THE_START
    assert "exists, but is not on record" in finding["violations"][0]


def test_a_finding_tells_how_to_see_it_again(
    wrong: tuple[Path, Result],
) -> None:
    root, result = wrong

    (finding,) = json.loads(result.stdout)["wrong"]

    assert finding["again"] == (
        "drs-orch reliability --part crashes --orchestration refactored "
        f"--profile ci --lambda-root {root} --only '{AFTER_THE_START}'"
    )


def test_a_case_that_does_not_exist_is_wrong_usage() -> None:
    case = ("--orchestration", "refactored", "--only", "no such case")

    result = run("--part", "rivals", *case)

    assert result.exit_code == 2
    assert "there is no such case" in result.output


def test_a_folder_without_lambdas_is_wrong_usage(tmp_path: Path) -> None:
    result = run("--lambda-root", tmp_path)

    assert result.exit_code == 2
    assert f"{tmp_path}: no folders with index.py" in result.output


def test_help_shows_an_example() -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert "drs-orch reliability --profile ci --report" in result.output
