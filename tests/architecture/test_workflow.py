"""The workflow of the CI runs what the Makefile has, with few rights."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
TEXT = WORKFLOW.read_text(encoding="utf-8")
# YAML 1.1 reads the key "on" as true.
DOCUMENT = yaml.safe_load(TEXT.replace("\non:", '\n"on":'))
JOBS: dict[str, Any] = DOCUMENT["jobs"]
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def targets() -> set[str]:
    """List the targets that the Makefile has."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*##", makefile, re.M))


def made(job: dict[str, Any]) -> Iterator[str]:
    """List the targets that a job makes."""
    matrix = job.get("strategy", {}).get("matrix", {})
    for step in job["steps"]:
        if step.get("run") == 'make "$TARGET"':
            yield from matrix["target"]
        elif "run" in step:
            yield step["run"].removeprefix("make ")


def test_each_action_is_pinned_by_commit_with_its_version() -> None:
    used = re.findall(r"uses: (.+)$", TEXT, re.M)

    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_the_pin_of_a_movable_tag_is_seen() -> None:
    assert not PINNED.fullmatch("actions/checkout@v4")
    assert not PINNED.fullmatch("actions/checkout@" + "a" * 40)


def test_jobs_may_only_read() -> None:
    assert DOCUMENT["permissions"] == {"contents": "read"}
    assert [name for name in JOBS if "permissions" in JOBS[name]] == []


def test_no_job_runs_for_ever_or_twice_for_one_request() -> None:
    assert all(job["timeout-minutes"] < 360 for job in JOBS.values())
    assert "pull_request" in DOCUMENT["concurrency"]["cancel-in-progress"]


def test_everything_that_is_made_is_a_target_of_the_makefile() -> None:
    wanted = {name: set(made(job)) for name, job in JOBS.items()}

    assert set().union(*wanted.values()) <= targets()
    assert wanted["gates"] == {
        "check",
        "test",
        "equivalence",
        "reliability",
        "packages",
        "deploy-test",
    }


def test_gates_run_on_each_python_that_is_supported() -> None:
    pythons = JOBS["gates"]["strategy"]["matrix"]["python"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert pythons == ["3.11", "3.12", "3.13"]
    assert f'requires-python = ">={pythons[0]}"' in project


def test_the_nightly_profiles_run_on_a_schedule() -> None:
    nightly = JOBS["nightly"]

    assert DOCUMENT["on"]["schedule"]
    assert "schedule" in nightly["if"]
    assert all(name.startswith("nightly-") for name in made(nightly))


def test_artifacts_hold_the_report_of_equivalence() -> None:
    kept = [
        step["with"]["path"]
        for step in JOBS["gates"]["steps"]
        if "upload-artifact" in step.get("uses", "")
    ]
    dry_run = subprocess.run(
        ("make", "--dry-run", "equivalence"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(kept) == 1
    assert f"--report {kept[0]}" in dry_run.stdout


def test_zizmor_finds_no_weakness() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    if not zizmor.exists():
        pytest.fail("zizmor is not installed: make sets it up")

    done = subprocess.run(
        (zizmor, "--offline", "--no-progress", WORKFLOW),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
