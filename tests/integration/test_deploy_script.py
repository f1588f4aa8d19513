"""What blocks scripts/deploy.sh, and what it only tells of."""

import sys
from pathlib import Path

import pytest

from tests import throw_away_tree
from tests.throw_away_tree import Tree

TOOLS = str(Path(sys.prefix) / "bin")
SYSTEM = "/usr/bin:/bin"
BLOCKING = {
    "cfn-lint": (
        "cfn/master-stack.yaml",
        "Resources:\n  Topic:\n    Type: AWS::SNS::Topik\n",
    ),
    "black": ("lambda/answering/index.py", "x = 'single quotes'\n"),
    "pytest": (
        "tests/unit/test_unit.py",
        "def test_fails():\n    assert False\n",
    ),
}
STAGES = {
    "cfn-lint": "1 Validation",
    "black": "1 Validation",
    "pytest": "3 Tests",
}
PASSING = (
    *("1 Validation", "cfn-lint", "flake8", "black"),
    *("2 Security", "bandit", "detect-secrets", "shellcheck"),
    *("3 Tests", "pytest"),
)
NOT_HERE = ("TypeScript", "cfn_nag_scan", "checkov", "npm audit", "vitest")
ACTING = ("4 Git push", "5 Deploy")
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_MAX_ATTEMPTS": "1",
}
EMPTY_FRONTEND = "{}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return throw_away_tree.small(tmp_path / "tree")


def test_all_stages_are_told_when_nothing_is_wrong(tree: Tree) -> None:
    outcome = tree.deploy("test", "--validate-only", PATH=SYSTEM)

    assert outcome.code == 0, outcome.text
    assert outcome.summary == {
        **dict.fromkeys(PASSING, "passed"),
        **dict.fromkeys(NOT_HERE, "notice"),
        **dict.fromkeys(ACTING, "skipped"),
    }
    assert "DONE" in outcome.text
    assert tree.git("status", "--porcelain") == ""


@pytest.mark.parametrize("check", BLOCKING)
def test_it_ends_when_a_blocking_check_fails(tree: Tree, check: str) -> None:
    tree.write(*BLOCKING[check])

    outcome = tree.deploy("test", "--validate-only", PATH=SYSTEM)

    failed = {n for n, r in outcome.summary.items() if r == "FAILED"}
    assert outcome.code == 1
    assert failed == {check, STAGES[check]}
    assert outcome.summary["4 Git push"] == "not run"
    assert outcome.summary["5 Deploy"] == "not run"
    assert f"FAILED: blocked by stage {STAGES[check]}" in outcome.text


def test_it_goes_on_when_only_warnings_are_found(tree: Tree) -> None:
    tree.write(
        "lambda/answering/index.py",
        "import hashlib\nimport os\n\n\n"
        "def digest(text):\n    return hashlib.md5(text)\n",
    )
    key = "AKIA" + "Z" * 3 + "7Q4K2M9P1X3W8"
    tree.write("lambda/answering/notes.txt", f'key = "{key}"\n')
    tree.write("scripts/weak.sh", "#!/bin/bash\ncd $1\n")
    tree.commit()

    outcome = tree.deploy("test", "--validate-only", PATH=SYSTEM)

    warned = {n for n, r in outcome.summary.items() if r == "warning"}
    assert outcome.code == 0, outcome.text
    assert warned == {
        "1 Validation",
        "flake8",
        "2 Security",
        "bandit",
        "detect-secrets",
        "shellcheck",
    }
    # A scan adds what it found to the baseline; judging is for people.
    assert tree.git("status", "--porcelain") == ""


def test_tools_of_the_system_are_used_when_there_is_no_environment(
    tree: Tree,
) -> None:
    (tree.root / ".venv").unlink()
    tree.write(*BLOCKING["black"])

    outcome = tree.deploy("test", "--validate-only", PATH=f"{TOOLS}:{SYSTEM}")

    assert "warning: there is no .venv" in outcome.text
    assert "warning: black: not in .venv" in outcome.text
    assert outcome.summary["cfn-lint"] == "passed"
    assert outcome.summary["black"] == "FAILED"


def test_it_ends_when_a_blocking_tool_is_not_installed(tree: Tree) -> None:
    (tree.root / ".venv").unlink()

    outcome = tree.deploy("test", "--validate-only", PATH=SYSTEM)

    assert outcome.code == 1
    assert outcome.summary["black"] == "FAILED"
    assert "black: not installed: pip install" in outcome.text


def test_the_frontend_is_checked_when_there_is_one(tree: Tree) -> None:
    tree.write("frontend/package.json", EMPTY_FRONTEND)
    tree.write("bin/npm", "#!/bin/sh\necho told: $*\nexit 1\n")
    (tree.root / "bin" / "npm").chmod(0o755)

    outcome = tree.deploy(
        "test", "--validate-only", PATH=f"{tree.root}/bin:{SYSTEM}"
    )

    assert outcome.code == 1
    assert outcome.summary["TypeScript"] == "FAILED"
    assert "told: run type-check" in outcome.text


def test_no_gate_runs_when_nothing_can_be_deployed(tree: Tree) -> None:
    outcome = tree.deploy("test", PATH=SYSTEM, **NOWHERE)

    assert outcome.code == 1
    assert outcome.summary == {
        "5 Deploy, beforehand": "FAILED",
        "account": "FAILED",
        "1 Validation": "not run",
        "2 Security": "not run",
        "3 Tests": "not run",
        "4 Git push": "not run",
    }
    assert "nothing answers at http://127.0.0.1:1" in outcome.text


def test_only_the_deployment_is_tried_when_it_rolls_back(tree: Tree) -> None:
    outcome = tree.deploy("test", "--rollback", PATH=SYSTEM, **NOWHERE)

    assert outcome.summary == {
        "1 Validation": "skipped",
        "2 Security": "skipped",
        "3 Tests": "skipped",
        "4 Git push": "skipped",
        "5 Deploy": "FAILED",
        "account": "FAILED",
    }
    assert outcome.code == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "ENV is missing"),
        (["test", "prod"], "one ENV only"),
        (["Test"], "ENV must match"),
        (["test", "--dry-run"], "no option is called --dry-run"),
        (["test", "--rollback", "--lambda-only"], "exclude each other"),
        (["prod"], "prod wants an answer"),
        (["prod", "--rollback"], "prod wants an answer"),
        (["prd-eu"], "prd-eu wants an answer"),
        (["live"], "live wants an answer"),
    ],
)
def test_usage_is_told_when_the_command_line_is_wrong(
    tree: Tree, arguments: list[str], told: str
) -> None:
    outcome = tree.deploy(*arguments, PATH=SYSTEM)

    assert outcome.code == 2
    assert told in outcome.text
    assert "Stage" not in outcome.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("NotificationMail=a@example.com\n", "no parameter NotificationMail"),
        ("Environment=prod\n", "Environment is the ENV"),
        ("ProjectName: other\n", "must be Name=value"),
        ("ProjectName=other\r\n", "line ends of Windows"),
    ],
)
def test_usage_is_told_when_a_parameter_is_wrong(
    tree: Tree, text: str, told: str
) -> None:
    tree.write("cfn/parameters/test.conf", f"# A comment.\n\n{text}")

    outcome = tree.deploy("test", PATH=SYSTEM)

    assert outcome.code == 2
    assert told in outcome.text


def test_usage_is_told_when_a_variable_names_no_parameter(tree: Tree) -> None:
    outcome = tree.deploy("test", PATH=SYSTEM, PARAMETER_Nobody="x")

    assert outcome.code == 2
    assert "no parameter Nobody" in outcome.text


def test_help_shows_examples() -> None:
    outcome = Tree(throw_away_tree.ROOT).deploy("--help")

    assert outcome.code == 0
    assert "scripts/deploy.sh test --validate-only" in outcome.text
