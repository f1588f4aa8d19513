"""A small copy of the repository, to be spoiled and led through deploy.sh.

It has tests of its own, so that the script never runs those that run it.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 240
_SETTINGS = (
    ".cfn_nag_deny_list.yml",
    ".cfnlintrc.yaml",
    ".checkov.yaml",
    ".flake8",
    ".gitignore",
    ".secrets.baseline",
    "pyproject.toml",
    "requirements-dev.txt",
)
_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  ProjectName:
    Type: String
  Environment:
    Type: String
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "${ProjectName}-${Environment}"
"""
_CODE = '"""Answers."""\n\n\ndef answer():\n    return 42\n'
_TEST = "def test_the_answer_is_known():\n    assert 42 == 42\n"
_ROW = re.compile(r"^(FAILED|not run|\w+) +(?:(\d+) s)?  +(\S.*)$", re.M)


@dataclass(frozen=True)
class Outcome:
    """What a run of deploy.sh said, and its exit code."""

    code: int
    text: str

    @property
    def summary(self) -> dict[str, str]:
        """Results by stage or check, without the remarks."""
        _, _, table = self.text.partition("stage or check\n")
        return {
            re.split(r": | \(", name)[0]: result
            for result, _, name in _ROW.findall(table)
        }


@dataclass(frozen=True)
class Tree:
    """A copy of the repository in a folder of its own."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
        return subprocess.run(
            ("git", *identity, *arguments),
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "As it is")

    def deploy(self, *arguments: str, **variables: str) -> Outcome:
        """Run deploy.sh without a person at the terminal."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "PARAMETER"))
        }
        done = subprocess.run(
            ("scripts/deploy.sh", *arguments),
            cwd=self.root,
            env={**inherited, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
        )
        return Outcome(done.returncode, done.stdout)


def small(root: Path) -> Tree:
    """Lay a tree with the scripts, and little for them to check."""
    tree = Tree(root)
    _copy(root, "scripts", *_SETTINGS)
    tree.write("cfn/master-stack.yaml", _TEMPLATE)
    tree.write("lambda/answering/index.py", _CODE)
    _finish(tree)
    return tree


def deployable(root: Path) -> Tree:
    """Lay a tree with all that is deployed, and tests that take no time."""
    tree = Tree(root)
    rooms = ("cfn", "contracts", "harness", "lambda", "package_lambda.py")
    _copy(root, "scripts", *_SETTINGS, *rooms)
    # What git does not know is not searched for secrets, which takes long.
    _finish(tree, unknown=("contracts", "harness"))
    return tree


def _copy(root: Path, *names: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name in names:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, root / name, ignore=ignored)
        else:
            shutil.copy2(source, root / name)


def _finish(tree: Tree, unknown: tuple[str, ...] = ()) -> None:
    for folder in ("unit", "integration"):
        tree.write(f"tests/{folder}/test_{folder}.py", _TEST)
    # The tools are those of whoever runs this.
    (tree.root / ".venv").symlink_to(sys.prefix)
    tree.git("init", "--quiet", "--initial-branch", "main")
    tree.write(".git/info/exclude", "\n".join((".venv", *unknown)))
    tree.commit()
