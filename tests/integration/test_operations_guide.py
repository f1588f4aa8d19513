"""The commands of docs/operations.md do what the guide says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.local_server import ROOT, DrsOrch, Server

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PLAN = """
planName: Guide
sourceServers:
  - hostname: db-1
  - hostname: web-1
protectionGroups:
  - groupName: databases
    sourceServerIds: [db-1]
  - groupName: web
    sourceServerIds: [web-1]
waves:
  - waveName: Databases
    protectionGroupId: databases
  - waveName: Web
    protectionGroupId: web
    pauseBeforeWave: true
"""


def commands(heading: str, number: int = 0) -> str:
    """Give a block of commands below a heading of the guide."""
    start = f"## {heading}\n" if heading else "# Operations\n"
    section = GUIDE.split(start)[1].split("\n## ")[0]
    return section.split("```bash\n")[1 + number].split("```")[0]


@dataclass
class Execution:
    """One execution, and the shell of the person who watches over it."""

    server: Server
    arn: str
    key: dict[str, str]

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run commands of the guide after the variables at its top."""
        given = commands("") + "\n".join(
            (
                "ENVIRONMENT=dev",
                f"EXECUTION_ID={self.key['executionId']}",
                f"PLAN_ID={self.key['planId']}",
                *commands("").splitlines()[4:],
                "set -eu",
            )
        )
        tools = f'export PATH="{Path(sys.executable).parent}:$PATH"\n'
        endpoint = f"export AWS_ENDPOINT_URL={self.server.url}\n"
        return self.server.command.execute(
            "bash", "-c", tools + endpoint + given + "\n" + script
        )

    def succeed(self, script: str) -> str:
        done = self.run(script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def record(self) -> dict[str, Any]:
        answer = self.server.client("dynamodb").get_item(
            TableName="drs-orchestration-execution-history-dev",
            Key={name: {"S": value} for name, value in self.key.items()},
        )
        item: dict[str, Any] = answer["Item"]
        return item

    def status(self) -> str:
        return str(self.record()["status"]["S"])

    def advance(self, duration: str = "1h") -> None:
        self.server.command.json("advance", duration)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server, whose time only tests let pass."""
    folder = tmp_path_factory.mktemp("runtime")
    with DrsOrch(folder).up("--speed", "0", "--profile", "instant") as server:
        yield server


@pytest.fixture
def execution(server: Server, tmp_path: Path) -> Execution:
    """Begin an execution that will pause before its second wave."""
    server.controls.post("reset")
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    made = server.command.json("seed", str(plan))
    started = server.aws(
        "stepfunctions",
        "start-execution",
        "--name",
        made["executionName"],
        "--state-machine-arn",
        made["stateMachineArn"],
        "--input",
        json.dumps(made["executionInput"]),
    )
    key = {"executionId": made["executionName"], "planId": made["planId"]}
    return Execution(server, started["executionArn"], key)


def test_what_is_going_on_is_shown_without_the_token(
    execution: Execution,
) -> None:
    execution.advance()

    shown = json.loads(execution.succeed(commands("What is going on")))

    assert shown["Item"]["status"] == {"S": "PAUSED"}
    assert "taskToken" in execution.record()
    assert "taskToken" not in shown["Item"]


def test_the_next_wave_starts_when_it_is_approved(
    execution: Execution,
) -> None:
    execution.advance()

    execution.succeed(commands("Approve a wave"))
    execution.advance()

    assert execution.status() == "COMPLETED"


def test_a_paused_execution_is_cancelled_when_its_token_is_failed(
    execution: Execution,
) -> None:
    execution.advance()

    execution.succeed(commands("Cancel", 1))
    execution.advance()

    assert execution.status() == "CANCELLED"


@pytest.mark.parametrize(
    ("heading", "asked", "after"),
    [
        ("Pause before the next wave", "PAUSE_PENDING", "PAUSED"),
        ("Cancel", "CANCELLING", "CANCELLED"),
    ],
)
def test_a_wish_is_granted_when_a_wave_runs(
    execution: Execution, heading: str, asked: str, after: str
) -> None:
    execution.advance("1s")
    running = execution.status()

    execution.succeed(commands(heading))
    wished = execution.status()
    execution.advance()

    assert running in ("RUNNING", "POLLING")
    assert (wished, execution.status()) == (asked, after)


@pytest.mark.parametrize(
    "heading",
    ["Pause before the next wave", "Cancel", "An execution is stuck"],
)
def test_a_wish_is_refused_when_the_execution_has_ended(
    execution: Execution, heading: str
) -> None:
    execution.advance()
    execution.succeed(commands("Approve a wave"))
    execution.advance()

    done = execution.run(commands(heading))

    assert "ConditionalCheckFailedException" in done.stderr
    assert execution.status() == "COMPLETED"


def test_a_record_is_closed_by_hand_when_nothing_else_did(
    execution: Execution,
) -> None:
    execution.advance()
    execution.server.aws_cli(
        "stepfunctions", "stop-execution", "--execution-arn", execution.arn
    )

    execution.succeed(commands("An execution is stuck"))
    record = execution.record()

    assert record["status"] == {"S": "FAILED"}
    assert record["errorMessage"] == {"S": "ended by hand"}
    assert "taskToken" not in record
    assert int(record["endTime"]["N"]) > 0


def test_the_log_of_a_job_is_shown_when_its_id_is_named(
    execution: Execution,
) -> None:
    execution.advance()
    wave = execution.record()["waves"]["L"][0]["M"]
    script = commands("A wave failed")
    for example, actual in (
        ("eu-west-1", wave["region"]["S"]),
        ("drsjob-0123456789abcdef0", wave["jobId"]["S"]),
    ):
        assert example in script
        script = script.replace(example, actual)

    shown = json.loads(execution.succeed(script))

    assert shown["items"][-1]["event"] == "JOB_END"


def test_a_saved_execution_is_replayed_when_the_new_one_misbehaves(
    execution: Execution, tmp_path: Path
) -> None:
    execution.advance()
    script = commands("The new orchestration misbehaves")
    lines = script.splitlines()
    assert lines[-1] == "drs-orch replay execution.json"

    execution.succeed(f"cd {tmp_path}\n" + "\n".join(lines[:-1]))
    saved = json.loads((tmp_path / "execution.json").read_text())

    assert saved["events"][0]["type"] == "ExecutionStarted"
    assert os.path.getsize(tmp_path / "execution.json") > 1000
