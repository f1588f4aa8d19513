"""`drs-orch drill`, as a person and a program see it."""

import json
import os
import pty
import re
import subprocess
import sys
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli import app

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
THREE_TIER = str(ROOT / "examples" / "three-tier.yaml")
EXPECTED = {"failing-server.yaml": ("failed", 1)}

# DRS answers at once, so that a drill polls each wave only once.
QUICK = ("--profile", "instant")


class Answer:
    """What the command answered."""

    def __init__(self, *arguments: str) -> None:
        """Run the command in this process."""
        result = CliRunner().invoke(app, ["drill", *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr

    @cached_property
    def document(self) -> Any:
        """Parse standard output, which must hold nothing but JSON."""
        return json.loads(self.out)

    @property
    def last_lines(self) -> str:
        """The end of what a person reads."""
        return "\n".join(self.out.splitlines()[-6:])


@cache
def quick_drill() -> Answer:
    """Give the answer of one drill to all tests that only look at it."""
    return Answer(THREE_TIER, "--json", *QUICK)


def test_the_last_line_says_equal_when_both_recover_the_example() -> None:
    answer = Answer(THREE_TIER, "--orchestration", "both")

    assert answer.code == 0
    assert answer.out.splitlines()[-1].startswith("EQUAL: ")
    assert "Web: waits for a person to approve" in answer.out
    assert "\x1b" not in answer.out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_each_example_ends_as_it_says_and_equally_when_both_run_it(
    path: Path,
) -> None:
    answer = Answer(str(path), "--orchestration", "both", "--json", *QUICK)

    outcome, code = EXPECTED.get(path.name, ("completed", 0))
    drill = answer.document
    assert (drill["outcome"], answer.code) == (outcome, code)
    assert drill["asExpected"] is True
    assert drill["comparison"]["differences"] == []
    for run in drill["runs"]:
        assert len(run["waves"]) == drill["plan"]["waves"]
        assert run["history"]["status"] == outcome.upper()
        assert run["history"]["endTime"]


def test_everything_is_recovered_where_it_belongs_when_across_accounts() -> (
    None
):
    path = ROOT / "examples" / "cross-account.yaml"

    [run] = Answer(str(path), "--json", *QUICK).document["runs"]

    assert {(job["accountId"], job["region"]) for job in run["jobs"]} == {
        ("222222222222", "eu-central-1")
    }
    assert run["history"]["accountContext"]["externalId"] == "***"
    servers = [server for wave in run["waves"] for server in wave["servers"]]
    assert all(server["instanceId"] for server in servers)
    assert servers[0]["privateIp"].startswith("10.50.1.")


def test_the_launch_configuration_reaches_the_instances_when_given() -> None:
    [run] = quick_drill().document["runs"]

    databases, _, web = run["waves"]
    assert [
        (server["instanceType"], server["privateIp"])
        for server in databases["servers"]
    ] == [("r6i.xlarge", "10.20.1.11"), ("r6i.large", "10.20.1.12")]
    assert {server["instanceType"] for server in web["servers"]} == {
        "t3.small"
    }


def test_wave_server_and_reason_are_named_when_a_server_fails() -> None:
    answer = Answer(THREE_TIER, "--fail", "app-02:launch", *QUICK)

    assert answer.code == 1
    assert 'Wave 1 "Applications", server app-02 (s-' in answer.last_lines
    assert "Failed to launch recovery instance" in answer.last_lines
    assert "Execution history: FAILED, endTime 2026-" in answer.out
    assert 'errorMessage "1 servers failed to launch"' in answer.out


def test_later_waves_never_start_when_a_running_wave_is_cancelled() -> None:
    answer = Answer(THREE_TIER, "--cancel-at", "1", "--json", *QUICK)

    [run] = answer.document["runs"]
    assert answer.code == 0
    assert run["outcome"] == "cancelled"
    assert run["history"]["status"] == "CANCELLED"
    assert [wave["status"] for wave in run["waves"]] == [
        "COMPLETED",
        "CANCELLED",
        "not started",
    ]
    assert len(run["jobs"]) == 2
    # DRS goes on with the job; its instances must not be forgotten.
    assert all(each["instanceId"] for each in run["waves"][1]["servers"])


def test_the_plan_ends_at_its_pause_when_the_waiting_wave_is_cancelled() -> (
    None
):
    answer = Answer(
        THREE_TIER,
        *("--cancel-at", "2", "--orchestration", "both", "--json"),
        *QUICK,
    )

    assert answer.code == 0
    assert answer.document["comparison"]["equal"]
    for run in answer.document["runs"]:
        assert run["history"]["status"] == "CANCELLED"
        assert run["waves"][2]["status"] == "not started"


def test_jobs_are_recoveries_when_asked_for_a_real_one() -> None:
    answer = Answer(THREE_TIER, "--recovery", "--json", *QUICK)

    [run] = answer.document["runs"]
    assert run["history"]["executionType"] == "RECOVERY"
    assert {job["initiatedBy"] for job in run["jobs"]} == {"START_RECOVERY"}


def test_progress_goes_to_standard_error_when_json_is_asked_for() -> None:
    answer = quick_drill()

    assert answer.document["outcome"] == "completed"
    assert "Databases / db-01: launched" in answer.err


def test_the_document_repeats_when_the_seed_is_the_same() -> None:
    again = Answer(THREE_TIER, "--json", *QUICK).document
    other = Answer(THREE_TIER, "--json", "--seed", "7", *QUICK).document

    assert again == quick_drill().document
    assert again["runs"][0]["jobs"] != other["runs"][0]["jobs"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--fail", "app-04"),
            '--fail: the plan has no server "app-04". Did you mean "app-',
        ),
        (
            ("--fail", "zeus"),
            'the plan has no server "zeus". Its servers: db-01, db-02, app-01',
        ),
        (("--fail", "app-01:boot"), "one of: snapshot, conversion, launch"),
        (("--fail", ""), '--fail "" names no server'),
        (("--fail", "app-01:"), "no phase is named after the colon"),
        (
            ("--fail", "app-01", "--fail", "app-01:snapshot"),
            "app-01 cannot fail both at launch and at snapshot",
        ),
        (
            ("--orchestration", "foo"),
            "Invalid value for '--orchestration': 'foo' is not one of "
            "'refactored', 'reference', 'both'.",
        ),
        (
            ("--orchestration", "both", "--lambda", "both"),
            "--lambda both compares runs of one orchestration",
        ),
        (("--cancel-at", "3"), "waves are numbered from zero: 0 to 2"),
        (("--approve", "ask"), "there is no terminal to ask on"),
        (("--profile", "fast"), "'linux', 'windows', 'instant'"),
        (("--speed", "0"), "greater than or equal to 1"),
    ],
)
def test_one_message_and_exit_2_answer_when_the_usage_is_wrong(
    arguments: tuple[str, ...], message: str
) -> None:
    answer = Answer(THREE_TIER, *arguments)

    assert answer.code == 2
    assert answer.out == ""
    assert message in answer.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("planName: x\nwave: []\n", ':2: /wave: unknown key "wave"'),
        ("a: [1\n", ":2: not YAML"),
        ("", ": the file is empty"),
    ],
)
def test_file_and_line_and_exit_2_answer_when_the_plan_file_is_broken(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content, encoding="utf-8")

    answer = Answer(str(path), "--json")

    assert answer.code == 2
    assert answer.out == ""
    assert f"{path}{message}" in answer.err


def test_a_person_decides_when_the_drill_runs_on_a_terminal() -> None:
    output, code = on_a_terminal("cancel", "--approve", "ask", *QUICK)

    assert code == 0
    assert 'Wave 2 "Web" waits. Type approve or cancel: ' in output
    assert "waits for approval" in output
    assert "refactored: cancelled, as asked," in output


def on_a_terminal(answer: str, *arguments: str) -> tuple[str, int]:
    """Run the command on a terminal; type an answer once it asks."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from harness.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "drill", THREE_TIER, *arguments],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    output = ""
    while text := _read(ours):
        output += text
        if output.endswith("Type approve or cancel: "):
            os.write(ours, f"{answer}\n".encode())
    os.close(ours)
    return output, process.wait()


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        # Linux reports the end of a terminal as an error.
        return ""


def test_the_history_of_the_machine_is_kept_without_secrets_when_asked(
    tmp_path: Path,
) -> None:
    file = tmp_path / "history.json"

    answer = Answer(
        str(ROOT / "examples" / "cross-account.yaml"),
        *QUICK,
        *("--history", str(file)),
    )

    text = file.read_text(encoding="utf-8")
    events = json.loads(text)["events"]
    assert answer.code == 0
    assert events[0]["type"] == "ExecutionStarted"
    assert events[0]["timestamp"] == "2026-01-15T03:00:00+00:00"
    assert set(re.findall(r'externalId\\":\\"([^"\\]*)', text)) == {"***"}
    assert set(re.findall(r'taskToken\\":\\"([^"\\]*)', text)) <= {"***"}


def test_the_drill_is_refused_when_its_history_has_no_place(
    tmp_path: Path,
) -> None:
    file = tmp_path / "nowhere" / "history.json"

    answer = Answer(THREE_TIER, "--history", str(file))

    assert answer.code == 2
    assert "no file can be made there" in answer.err
