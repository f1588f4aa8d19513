"""`drs-orch drill` as a process of its own, in whatever surroundings."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THREE_TIER = str(ROOT / "examples" / "three-tier.yaml")
PROGRAM = "from harness.cli import main; main()"
# Real seconds; a drill takes about five.
LIMIT = 60

StartDrill = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_drill() -> StartDrill:
    """Start a drill whose output is read through pipes."""

    def start(
        *arguments: str, variables: dict[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", PROGRAM, "drill", THREE_TIER]
        return subprocess.Popen(
            [*command, *arguments],
            env={**os.environ, **(variables or {})},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_PROFILE": "nosuch", "AWS_DEFAULT_PROFILE": "nosuch"},
        {
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1",
            "AWS_MAX_ATTEMPTS": "xx",
            "AWS_REGION": "eu-nowhere-9",
            "AWS_RETRY_MODE": "bogus",
            "AWS_USE_DUALSTACK_ENDPOINT": "true",
            "AWS_USE_FIPS_ENDPOINT": "true",
        },
    ],
    ids=["profile", "settings"],
)
def test_the_drill_is_the_same_when_the_shell_sets_variables_of_aws(
    start_drill: StartDrill, variables: dict[str, str]
) -> None:
    drill = start_drill("--profile", "instant", variables=variables)

    out, err = drill.communicate(timeout=LIMIT)

    assert (drill.returncode, err) == (0, "")
    assert "refactored: completed after" in out


@pytest.mark.parametrize(
    "arguments", [(), ("--speed", "60")], ids=["at once", "watched"]
)
def test_the_drill_ends_at_once_and_quietly_when_its_reader_goes(
    start_drill: StartDrill, arguments: tuple[str, ...]
) -> None:
    drill = start_drill(*arguments)
    assert drill.stdout and drill.stderr

    first = drill.stdout.readline()
    drill.stdout.close()

    assert first.startswith("Setting up the local cloud")
    assert drill.wait(LIMIT) == 128 + signal.SIGPIPE
    assert drill.stderr.read() == ""
    drill.stderr.close()


def test_the_drill_ends_quietly_when_the_reader_of_its_document_goes(
    start_drill: StartDrill,
) -> None:
    drill = start_drill("--json", "--profile", "instant")
    assert drill.stdout and drill.stderr

    drill.stdout.close()

    progress = drill.stderr.read()
    assert drill.wait(LIMIT) == 128 + signal.SIGPIPE
    assert "Traceback" not in progress
    assert "Broken pipe" not in progress
    drill.stderr.close()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("lines", [1, 3], ids=["set up", "wave running"])
def test_one_line_and_exit_130_answer_when_interrupted(
    start_drill: StartDrill, lines: int
) -> None:
    drill = start_drill("--speed", "1")
    assert drill.stdout
    for _ in range(lines):
        drill.stdout.readline()

    drill.send_signal(signal.SIGINT)

    _, err = drill.communicate(timeout=LIMIT)
    assert drill.returncode == 130
    assert err == "Interrupted; nothing was left behind.\n"
