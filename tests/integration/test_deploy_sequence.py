"""Deploy, execute, roll back, execute: with the real AWS CLI and packages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SCRIPT = Path(__file__).with_name("deploy_sequence.sh")
_TOOLS = Path(sys.executable).parent
# Real seconds: about fifty on an idle machine.
_LIMIT = 900


@pytest.fixture(scope="module")
def told() -> str:
    """Run the sequence once, against a local AWS of its own."""
    path = f"{_TOOLS}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "BIN": str(_TOOLS)}
    environment.pop("DRS_ORCH_RUNTIME_DIR", None)
    done = subprocess.run(
        [str(_SCRIPT)],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LIMIT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_sequence_ends_with_both_executions_completed(told: str) -> None:
    steps = [line for line in told.splitlines() if line.startswith("== ")]

    assert [step.split()[1] for step in steps] == [
        "deploy",
        "execute",
        "roll",
        "execute",
        "what",
        "deployed,",
    ]


def test_the_packages_that_were_uploaded_are_those_that_ran(
    told: str,
) -> None:
    ran = [line.split(":")[0].strip() for line in told.splitlines()]

    for function in (
        "dr-orch-sf",
        "execution-handler",
        "query-handler",
        "orch-sf",
    ):
        assert function in ran


def test_the_local_aws_says_what_it_completed(told: str) -> None:
    assert "drs-orchestration-sequence UPDATE_COMPLETE" in told
    for said in (
        "carried by the local cloud: AWS::CloudWatch::Alarm",
        "completed by the local cloud: AWS::IAM::Role ManagedPolicyArns",
        "without effect: AWS::Lambda::Function Architectures",
    ):
        assert said in told
