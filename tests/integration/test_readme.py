"""Every command that the README shows does what it says."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip()
    for block in BLOCKS
    for line in block.splitlines()
]
DRILLS = [c for c in COMMANDS if c.startswith(".venv/bin/drs-orch ")]
TARGETS = [c.removeprefix("make ") for c in COMMANDS if c.startswith("make ")]
FAILS = {"examples/failing-server.yaml", "--fail"}


def test_every_command_is_known_to_this_test() -> None:
    assert len(DRILLS) + len(TARGETS) == len(COMMANDS)
    assert {"drill", "test"} <= set(TARGETS)


@pytest.mark.parametrize("command", DRILLS)
def test_command_ends_as_the_recovery_does(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    _, *arguments = shlex.split(command)

    result = CliRunner().invoke(app, [*arguments, "--profile", "instant"])

    assert result.exit_code == int(not FAILS.isdisjoint(arguments))
    if "--json" in arguments:
        assert json.loads(result.stdout)["comparison"]["equal"] is True


@pytest.mark.parametrize("target", TARGETS)
def test_target_is_there(target: str) -> None:
    dry_run = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True
    )

    assert dry_run.returncode == 0
    assert {"drill": "drs-orch drill", "test": "pytest"}[target] in (
        dry_run.stdout
    )


def test_every_place_it_points_to_is_there() -> None:
    places = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT)

    missing = [place for place in places if not (ROOT / place).exists()]

    assert places
    assert missing == []
