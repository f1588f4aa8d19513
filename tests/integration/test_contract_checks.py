"""What users are told to run in their own CI, run as an installed package."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "contract-checks.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
]
YAMLS = [
    yaml.safe_load(block)
    for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
]
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
USED = [
    hook for repository in YAMLS[0]["repos"] for hook in repository["hooks"]
]
BREAKING = {"diff"}
QUERY = {
    "action": "query_servers_by_tags",
    "region": "eu-west-1",
    "tags": {"Tier": "database"},
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it: not editable, from local files."""
    source = tmp_path_factory.mktemp("source") / "repository"
    unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("harness", "contracts"):
        shutil.copytree(ROOT / name, source / name, ignore=unwanted)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    target = tmp_path_factory.mktemp("target")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    local = ["--no-index", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *local, str(source)], check=True)
    return target


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A user's repository with the files that the page speaks of."""
    before = {"properties": {"region": {"type": "string"}}}
    after = before | {"required": ["tags"]}
    files: dict[str, Any] = {
        "payloads/query.json": QUERY,
        "payloads/answers.jsonl": {"server_ids": []},
        "before.json": before,
        "after.json": after,
    }
    for name, schema in (("before", before), ("after", after)):
        identity = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        identity["$id"] = "https://example.test/v1/query/request.schema.json"
        file = f"{name}/v1/query/request.schema.json"
        files[file] = identity | schema
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    shutil.rmtree(tmp_path / "contracts" / "released", ignore_errors=True)
    return tmp_path


def run(
    command: str, repository: Path, installed: Path
) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell of a pipeline does."""
    path = f"{installed / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        shell=True,
        cwd=repository,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )


def test_installed_package_holds_every_contract(installed: Path) -> None:
    published = installed / "harness" / "contracts" / "published"

    sources = {p.name for p in (ROOT / "contracts").rglob("*.schema.json")}
    copies = {p.name for p in published.rglob("*.schema.json")}

    assert copies == sources


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_page_does_what_it_says(
    command: str, repository: Path, installed: Path
) -> None:
    result = run(command, repository, installed)

    breaks = command.split()[2] in BREAKING
    assert result.returncode == int(breaks), result.stdout + result.stderr
    if breaks:
        assert "that leaves out /tags is refused by the new" in result.stdout


@pytest.mark.parametrize("hook", USED, ids=lambda hook: str(hook["id"]))
def test_hook_does_its_work_in_another_repository(
    hook: dict[str, Any], repository: Path, installed: Path
) -> None:
    declared = HOOKS[hook["id"]]
    pattern = hook.get("files", declared.get("files", ""))
    names = [p.relative_to(repository) for p in repository.rglob("*.json")]
    files = [n for n in map(str, names) if re.search(pattern, n)]
    given = files if declared.get("pass_filenames", True) else []

    command = " ".join([declared["entry"], *hook["args"], *given])
    result = run(command, repository, installed)

    assert declared["language"] == "python"
    breaks = hook["id"].rpartition("-")[2] in BREAKING
    assert result.returncode == int(breaks), result.stdout + result.stderr


def test_hook_fails_when_a_payload_breaks_its_contract(
    repository: Path, installed: Path
) -> None:
    payload = repository / "payloads" / "query.json"
    payload.write_text(json.dumps(QUERY | {"tags": {"Tier": 1}}))

    entry = HOOKS["drs-contracts-validate"]["entry"]
    arguments = "query_servers_by_tags request payloads/query.json"
    result = run(f"{entry} {arguments}", repository, installed)

    assert result.returncode == 1
    assert "/tags/Tier: type, expected" in result.stdout


def test_every_hook_is_shown() -> None:
    assert {hook["id"] for hook in USED} == HOOKS.keys()


def test_step_of_a_pipeline_runs_a_command_of_the_page() -> None:
    _, *lines = YAMLS[1][0]["run"].splitlines()

    assert lines and set(lines) <= set(COMMANDS)
