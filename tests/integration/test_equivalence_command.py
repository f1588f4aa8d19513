"""`drs-orch equivalence` and `drs-orch replay`, as people see them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app
from harness.equivalence.sides import CANDIDATE

ROOT = Path(__file__).parents[2]
HISTORY = str(ROOT / "examples" / "recorded-execution.json")
PROGRAM = "from harness.cli import main; main()"
# Wrong on purpose: every answer holds one key too many.
ADDITION = """
_right = lambda_handler


def lambda_handler(event, context):
    return {**_right(event, context), "surplus": "s" * 2000}
"""

SILENCE = """
def lambda_handler(event, context):
    return None
"""


def run(*arguments: object) -> Result:
    """Run the command in this process; its worlds have their own."""
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that all tests of the module write to."""
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def equal(folder: Path) -> Result:
    """Search a few scenarios with the project's own two sides."""
    options = ("--scenarios", 3, "--report", folder / "equal", "--json")
    return run("equivalence", *options)


@pytest.fixture(scope="module")
def wrong_candidate(folder: Path) -> Path:
    """Give a candidate that is wrong on purpose."""
    target = folder / "wrong"
    shutil.copytree(CANDIDATE, target)
    with (target / "index.py").open("a", encoding="utf-8") as file:
        file.write(ADDITION)
    return target


@pytest.fixture(scope="module")
def different(folder: Path, wrong_candidate: Path) -> Result:
    """Search with a candidate that is wrong."""
    options = ("--scenarios", 3, "--report", folder / "different")
    return run("equivalence", "--candidate", wrong_candidate, *options)


def the_scenario(folder: Path) -> Path:
    """Find the scenario of the mismatch."""
    (path,) = (folder / "different").glob("mismatch-*.json")
    return path


def test_equal_is_told_with_numbers_when_no_scenario_parts_the_sides(
    equal: Result,
) -> None:
    document = json.loads(equal.stdout)

    assert equal.exit_code == 0
    assert document["verdict"] == "equal"
    assert document["scenarios"] >= 3 and document["steps"] >= 3
    assert "scenariosPerSecond" in document
    assert document["finding"] is None
    assert "Starting two worlds" in equal.stderr


def test_unreached_transitions_and_troubles_are_named(equal: Result) -> None:
    tables = json.loads(equal.stdout)["coverage"]

    by_title = {table["title"].split(":")[0]: table for table in tables}

    assert "timeout x begin" in by_title["Transitions"]["unreached"]
    assert any(
        each.startswith("AssumeRole x ")
        for each in by_title["Troubles met"]["unreached"]
    )


def test_report_is_one_page_that_loads_nothing(
    equal: Result, folder: Path
) -> None:
    page = (folder / "equal" / "report.html").read_text(encoding="utf-8")

    number = json.loads(equal.stdout)["steps"]
    assert f"<dt>steps</dt><dd>{number}</dd>" in page
    assert re.findall(r"<script|<link|<img|src=|url\(|http", page) == []
    assert "prefers-color-scheme: dark" in page


def test_smallest_scenario_is_shown_and_kept_when_the_sides_part(
    different: Result, folder: Path
) -> None:
    path = the_scenario(folder)
    document = json.loads(path.read_text(encoding="utf-8"))

    assert different.exit_code == 1
    assert document["steps"] == [{"do": "go on", "value": 30}]
    assert document["mismatch"]["step"] == 1
    assert "  attempts[0].state.surplus\n" in different.stdout
    assert "making the mismatch smaller" in different.stdout
    assert f"drs-orch replay {path} --candidate" in different.stdout
    assert "MISMATCH: 1 difference after step 1 (go on)" in different.stdout
    assert max(map(len, different.stdout.splitlines())) < 1000


def test_mismatch_is_kept_when_an_answer_is_no_state_and_no_file_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder / "silent"
    shutil.copytree(CANDIDATE, target)
    with (target / "index.py").open("a", encoding="utf-8") as file:
        file.write(SILENCE)
    (tmp_path / "runs").write_text("in the way")
    monkeypatch.chdir(tmp_path)

    result = run("equivalence", "--candidate", target, "--scenarios", 3)

    assert result.exit_code == 1
    assert "differences after step 1 (go on)" in result.stdout
    assert "Nothing could be written: " in result.stderr
    kept = result.stderr[result.stderr.index("{") :]
    assert json.loads(kept)["steps"] == [{"do": "go on", "value": 30}]


def test_report_lays_both_values_side_by_side_when_the_sides_part(
    different: Result, folder: Path
) -> None:
    page = (folder / "different" / "report.html").read_text(encoding="utf-8")

    assert different.exit_code == 1
    assert '<td class="value">attempts[0].state.surplus</td>' in page
    assert '<td class="value left">(nothing)</td>' in page


def test_scenario_leads_to_the_same_mismatch_when_it_is_replayed(
    different: Result, folder: Path, wrong_candidate: Path
) -> None:
    file = the_scenario(folder)

    answer = run("replay", file, "--candidate", wrong_candidate)

    assert (different.exit_code, answer.exit_code) == (1, 1)
    assert "step 1: go on 30: begin -> " in answer.stdout
    assert "This is the mismatch that the file tells of." in answer.stdout


def test_recorded_execution_is_equal_and_answered_as_recorded() -> None:
    answer = run("replay", HISTORY)

    assert answer.exit_code == 0
    assert "Recorded answers: 6 of 6 were given again" in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("EQUAL: 6 steps")


@pytest.mark.parametrize("command", ["equivalence", "replay"])
def test_folder_is_refused_when_it_holds_no_lambda(
    command: str, tmp_path: Path
) -> None:
    file = [HISTORY] if command == "replay" else []

    answer = run(command, *file, "--control", tmp_path)

    assert answer.exit_code == 2
    assert "no index.py there" in answer.stderr


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "no JSON"),
        ([], "/: neither a scenario"),
        ({"setup": {}}, "/: neither a scenario"),
        ({"setup": {"pace": "x"}, "steps": []}, "/setup/pace: unknown"),
        ({"setup": {}, "steps": [{"do": "fly"}]}, "/steps/0/do: unknown"),
        ({"events": {}}, "/events: a list"),
        ({"events": [{"id": 1}]}, "/events/0/type: missing"),
        ({"events": []}, "/events: no Lambda task"),
    ],
)
def test_file_is_refused_by_its_place_when_it_is_neither(
    document: Any, message: str, tmp_path: Path
) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    (tmp_path / "file.json").write_text(text, encoding="utf-8")

    answer = run("replay", tmp_path / "file.json")

    assert answer.exit_code == 2
    assert f"file.json: {message}" in answer.stderr


@pytest.mark.usefixtures("interruptible")
def test_search_ends_in_good_order_when_it_is_interrupted(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", PROGRAM, "equivalence", "--scenarios"]
    search = subprocess.Popen(
        [*command, "900", "--report", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert search.stdout

    while "scenarios of 900" not in search.stdout.readline():
        time.sleep(0)
    # As a terminal does: to all processes of the command.
    os.killpg(search.pid, signal.SIGINT)
    try:
        out, err = search.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(search.pid, signal.SIGKILL)
        raise

    assert (search.returncode, err) == (130, "")
    assert "INTERRUPTED: no mismatch so far." in out
    assert (tmp_path / "report.html").exists()


def test_the_recorded_execution_holds_no_secret_and_no_place() -> None:
    text = Path(HISTORY).read_text(encoding="utf-8")

    tokens = re.findall(r'taskToken\\":\\"([^"\\]*)', text)
    external_ids = re.findall(r'externalId\\":\\"([^"\\]*)', text)

    assert set(tokens) == {"***"}
    assert set(external_ids) <= {"", "***"}
    assert re.findall(r"/(?:home|root|tmp|work|Users)/", text) == []
