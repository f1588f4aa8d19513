"""The benchmark of the orchestrations measures both, and shows all."""

import json
from pathlib import Path

import pytest

from benchmarks.performance import measuring
from benchmarks.performance.inside.memory import peak
from benchmarks.performance.measuring import Extent
from benchmarks.performance.page import page
from benchmarks.performance.plans import Size
from benchmarks.performance.processes import Functions
from harness.packages import installed
from harness.packages.command import ROOT

# One plan for all questions, so that it is recorded once.
SMALL = Size(1, 2, profile="instant")
SMALLEST = Extent(
    repetitions=1,
    folders=("query-handler",),
    executions=1,
    executed=(SMALL,),
    counted=SMALL,
    polled=(SMALL,),
    remembered=(),
    queried=(101,),
    started=SMALL,
    configured=(2,),
    largest_reference=2,
    delay=0.0,
)
MIB = 1024 * 1024


@pytest.fixture
def functions(tmp_path: Path) -> Functions:
    """Give the functions' sources, laid out as in their packages."""
    runtime = installed.link_installed(
        tmp_path / "runtime", ("boto3", "jsonschema-rs")
    )
    for index in (ROOT / "lambda").glob("*/index.py"):
        task = tmp_path / "tasks" / index.parent.name
        task.mkdir(parents=True)
        shared = [ROOT / "contracts", ROOT / "lambda" / "shared"]
        for place in [*shared, *index.parent.iterdir()]:
            (task / place.name).symlink_to(place)
    return Functions(tmp_path / "tasks", runtime)


def test_every_question_is_answered_and_shown_when_all_are_measured(
    functions: Functions,
) -> None:
    asked: list[str] = []

    measured = measuring.measure(functions, SMALLEST, asked.append)

    assert set(asked[:-1]) <= set(measured)
    assert json.loads(json.dumps(measured)) == measured
    lines = page(measured).splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## Aims",
        "## Execution time",
        "## AWS calls",
        "## Cold start",
        "## Warm polls and contract checks",
        "## Tag queries",
        "## Launch configuration",
        "## Memory",
        "## Cost",
    ]
    tables = [line.count("|") for line in lines if line.startswith("|")]
    assert 0 not in tables
    assert not any("nan" in line for line in lines)


def test_the_peak_holds_at_least_what_is_held() -> None:
    held = b"x" * 64 * MIB

    assert peak() >= len(held) / MIB
