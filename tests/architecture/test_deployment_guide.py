"""The guide to deployment names what the templates have."""

import re
from collections.abc import Callable
from pathlib import Path

from harness.cloud.declarations import LambdaFunction
from harness.cloud.templates import Template

GUIDE = (Path(__file__).parents[2] / "docs" / "deployment.md").read_text(
    encoding="utf-8"
)
FOLDERS = (
    "dr-orchestration-stepfunction",
    "orchestration-stepfunctions",
    "execution-handler",
    "query-handler",
)


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    """Read the table of a section: cells by the name in the first one."""
    found = re.findall(r"^\| `(\w+)` \|(.*)\|$", section(title), re.M)
    return {
        name: [cell.strip() for cell in cells.split("|")]
        for name, cells in found
    }


def test_every_parameter_stands_in_the_guide_with_its_default(
    load_template: Callable[..., Template],
) -> None:
    master = load_template("master-stack.yaml").document

    declared = {
        name: str(parameter.get("Default", "")) or "none"
        for name, parameter in master["Parameters"].items()
    }

    told = {
        name: cells[0].strip("`") for name, cells in rows("The hub").items()
    }
    assert told == declared


def test_every_output_stands_in_the_guide(
    load_template: Callable[..., Template],
) -> None:
    master = load_template("master-stack.yaml").document

    outputs = {
        name for name in master["Outputs"] if not re.search("Table", name)
    }

    _, _, listed = section("The hub").partition("Outputs:")
    assert set(re.findall(r"`(\w+)`", listed)) == outputs


def test_every_environment_variable_stands_in_the_guide(
    functions: dict[str, LambdaFunction],
) -> None:
    told = {
        (name, folder)
        for name, cells in rows("Environment variables").items()
        for folder, cell in zip(FOLDERS, cells, strict=True)
        if cell == "yes"
    }

    assert told == {
        (name, folder)
        for folder in FOLDERS
        for name in functions[folder].environment
    }
