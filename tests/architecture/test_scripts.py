"""The shell scripts are sound, and name what the templates have."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cloud.declarations import LambdaFunction
from harness.cloud.templates import Template

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").rglob("*.sh"))
CHECKED = [*SCRIPTS, ROOT / ".ci" / "run"]
# Of later versions than the one that macOS brings.
NEWER_THAN_3_2 = re.compile(
    r"declare -A|local -A|mapfile|readarray|\$\{\w+(,,|\^\^)|&>>|\|&|coproc"
)
HOOKS = [
    "bandit",
    "semgrep",
    "safety",
    "cfn-lint",
    "npm-audit",
    "eslint-security",
    "black",
    "isort",
    "check-yaml",
    "check-json",
    "trailing-whitespace",
    "end-of-file-fixer",
]


def settings(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def shell(command: str) -> list[str]:
    """Run a function of the deployment's scripts."""
    sources = ("parameters.sh", "artifacts.sh")
    lines = [f"source scripts/deploy/{each}" for each in sources]
    program = "\n".join(["ENVIRONMENT=test", *lines, command])
    done = subprocess.run(
        ("bash", "-c", program),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_shellcheck_finds_nothing_in_any_script() -> None:
    shellcheck = Path(sys.executable).parent / "shellcheck"

    done = subprocess.run(
        (shellcheck, "-x", *CHECKED), cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_runs_in_the_shell_of_macos(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert NEWER_THAN_3_2.findall(text) == []
    assert len(text.splitlines()) < 200


def test_a_newer_shell_is_noticed() -> None:
    assert NEWER_THAN_3_2.search("declare -A rows")


def test_packages_go_to_the_functions_of_the_template(
    functions: Mapping[str, LambdaFunction],
) -> None:
    told = dict(line.split() for line in shell("functions"))

    assert told == {
        folder: declared.name.replace("project-", "drs-orchestration-", 1)
        for folder, declared in functions.items()
    }


def test_parameters_are_those_of_the_master_template(
    load_template: Any,
) -> None:
    master: Template = load_template("master-stack.yaml")
    parameters = master.document["Parameters"]

    assert shell("declared_parameters") == list(parameters)
    assert shell("project_name") == [parameters["ProjectName"]["Default"]]


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "cfn" / "parameters").glob("*.conf")),
    ids=lambda path: path.name,
)
def test_parameters_of_an_environment_are_declared(path: Path) -> None:
    done = shell(f"PARAMETERS_FILE={path}\ncheck_parameters && echo good")

    assert done == ["good"]


def test_hooks_are_those_of_the_requirements_and_all_local() -> None:
    repositories = settings(".pre-commit-config.yaml")["repos"]
    hooks = repositories[0]["hooks"]

    assert [each["repo"] for each in repositories] == ["local"]
    assert sorted(hook["id"] for hook in hooks) == sorted(HOOKS)
    assert {hook["language"] for hook in hooks} == {"script", "system"}


def test_every_rule_that_is_left_out_has_a_reason() -> None:
    rules = settings(".cfn_nag_deny_list.yml")["RulesToSuppress"]
    lines = (ROOT / ".checkov.yaml").read_text(encoding="utf-8").splitlines()
    skipped = [line for line in lines if "- CKV" in line]

    assert [rule for rule in rules if not rule.get("reason")] == []
    assert skipped and all("  # " in line for line in skipped)


def test_the_baseline_of_secrets_hides_none() -> None:
    assert settings(".secrets.baseline")["results"] == {}


def test_tools_apart_have_the_versions_that_are_asked_for() -> None:
    asked, installed = (
        (ROOT / f"requirements-tools.{kind}").read_text("utf-8").splitlines()
        for kind in ("in", "txt")
    )
    pins = [line for line in asked if not line.startswith("#")]

    assert len(pins) == 3
    assert set(pins) <= set(installed)
