"""A drill with the zips of the functions is the drill with their sources."""

import json
import platform
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from harness import plans
from harness.cli import app
from harness.drill.approvals import EverythingApproved
from harness.drill.orders import Order
from harness.drill.running import run
from harness.drill.views import view_for
from harness.equivalence import compare
from harness.packages import archives
from harness.packages.building import Package

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("example", "orchestration"),
    [("cross-account", "refactored"), ("failing-server", "reference")],
)
def test_a_drill_is_the_same_from_zips_when_roles_are_enforced(
    packages: Mapping[str, Package], example: str, orchestration: Any
) -> None:
    (folder,) = {package.path.parent for package in packages.values()}
    order = Order(
        plans.load(EXAMPLES / f"{example}.yaml"),
        profile="instant",
        enforces_iam=True,
    )
    view = view_for(Console(quiet=True))

    here, there = (
        run(each, orchestration, EverythingApproved(), view)
        for each in (order, replace(order, packages=folder))
    )

    found = compare(here.observation, there.observation)
    assert found.differences == ()
    assert here.outcome == there.outcome
    assert here.observation.lines


def test_a_zip_that_does_something_else_is_told_from_the_sources(
    packages: Mapping[str, Package], tmp_path: Path
) -> None:
    for package in packages.values():
        (tmp_path / package.path.name).symlink_to(package.path)
    changed = tmp_path / "query-handler.zip"
    with zipfile.ZipFile(changed) as archive:
        contents = {each: archive.read(each) for each in archive.namelist()}
    lines = contents["shared/log_lines.py"]
    contents["shared/log_lines.py"] = lines.replace(b"Wave", b"Surge")
    archives.write(changed, contents)
    plan = plans.load(EXAMPLES / "empty-wave.yaml")
    order = Order(plan, profile="instant")
    view = view_for(Console(quiet=True))

    here, there = (
        run(each, "refactored", EverythingApproved(), view)
        for each in (order, replace(order, packages=tmp_path))
    )

    assert not compare(here.observation, there.observation).equal


@pytest.mark.parametrize(
    ("example", "ways", "others"),
    [
        ("cross-account", "both", ["packaged"]),
        # Two of its calls are refused, each with all attempts of the SDK.
        ("empty-wave", "both", ["packaged"]),
        ("three-tier", "all", ["packaged", "rie"]),
    ],
)
def test_the_command_says_that_zips_and_sources_are_equal(
    example: str, ways: str, others: list[str]
) -> None:
    plan = str(EXAMPLES / f"{example}.yaml")
    arguments = ["drill", plan, f"--lambda={ways}", "--profile=instant"]

    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 0
    assert re.findall(r"^EQUAL: .* \((\w+)\)", result.output, re.M) == others


def test_a_drill_under_awss_emulator_completes_and_says_so() -> None:
    plan = str(EXAMPLES / "empty-wave.yaml")
    arguments = ["drill", plan, "--lambda=rie", "--json", "--profile=instant"]

    result = CliRunner().invoke(app, arguments)

    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [each["lambda"] for each in document["runs"]] == ["rie"]
    assert document["outcome"] == "completed"


def test_it_says_what_to_do_when_the_emulator_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Plan 9")
    plan = str(EXAMPLES / "empty-wave.yaml")

    result = CliRunner().invoke(app, ["drill", plan, "--lambda=rie"])

    assert result.exit_code == 1
    assert "use --lambda packaged" in result.stderr
