"""The hooks of pre-commit run, without a network, and find what they should.

Those of tools with an environment of their own give notice where that is
missing; those of the frontend have nothing to check.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import throw_away_tree
from tests.throw_away_tree import Tree

PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
CONFIGURATION = ".pre-commit-config.yaml"
LINE = re.compile(r"^(\S.*?)\.{3,}(?:\(.*\))?(\w+)$", re.M)
FRONTEND = {"npm-audit", "eslint-security"}
OPTIONAL = {"semgrep", "safety"}
SPOILED = {
    "cfn/master-stack.yaml": "Resources:\n  Topic:\n    Type: AWS::No::No\n",
    "lambda/answering/index.py": "import os\nimport ast\n"
    "import hashlib\nx = hashlib.md5(b'')\n",
    "one.json": "{,}\n",
    "one.yaml": "a: [\n",
    "spaces.txt": "one  \n",
    "no-end.txt": "one",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    laid = throw_away_tree.small(tmp_path / "tree")
    source = throw_away_tree.ROOT / CONFIGURATION
    laid.write(CONFIGURATION, source.read_text(encoding="utf-8"))
    laid.write("one.json", "{}\n")
    laid.commit()
    return laid


def results(tree: Tree, home: Path) -> dict[str, str]:
    """Run all hooks on all files: the word for each hook."""
    done = subprocess.run(
        (PRE_COMMIT, "run", "--all-files", "--color", "never"),
        cwd=tree.root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=throw_away_tree.LIMIT,
    )
    said = dict(LINE.findall(done.stdout))
    text = (tree.root / CONFIGURATION).read_text(encoding="utf-8")
    hooks = yaml.safe_load(text)["repos"][0]["hooks"]
    return {hook["id"]: said.get(hook["name"], "") for hook in hooks}


def test_configuration_is_valid(tree: Tree) -> None:
    done = subprocess.run(
        (PRE_COMMIT, "validate-config"),
        cwd=tree.root,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout


def test_all_hooks_run_when_nothing_is_wrong(
    tree: Tree, tmp_path: Path
) -> None:
    told = results(tree, tmp_path)

    skipped = {each for each, result in told.items() if result == "Skipped"}
    assert set(told.values()) == {"Passed", "Skipped"}
    assert skipped == FRONTEND


def test_each_hook_fails_when_it_finds_something(
    tree: Tree, tmp_path: Path
) -> None:
    for name, text in SPOILED.items():
        tree.write(name, text)
    tree.git("add", "--all")

    told = results(tree, tmp_path)

    failed = {each for each, result in told.items() if result == "Failed"}
    assert failed == set(told) - FRONTEND - OPTIONAL
    # What can be mended, is.
    assert (tree.root / "spaces.txt").read_text("utf-8") == "one\n"
    assert (tree.root / "no-end.txt").read_text("utf-8") == "one\n"


def test_a_missing_tool_is_told_and_fails_unless_it_is_optional(
    tree: Tree,
) -> None:
    (tree.root / ".venv").unlink()

    codes = {
        option: subprocess.run(
            ("scripts/run-tool.sh", *option, "no-such-tool"),
            cwd=tree.root,
            capture_output=True,
            text=True,
        )
        for option in ((), ("--optional",))
    }

    assert [done.returncode for done in codes.values()] == [1, 0]
    assert all("checked nothing" in done.stderr for done in codes.values())
