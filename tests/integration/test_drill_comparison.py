"""Runs that are not the same are told apart, on the real parts."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness import plans
from harness.drill.approvals import EverythingApproved
from harness.drill.orders import Order, with_failures
from harness.drill.results import Run
from harness.drill.running import run
from harness.drill.views import PlainLines
from harness.equivalence import compare

EXAMPLE = Path(__file__).parents[2] / "examples" / "empty-wave.yaml"


def carried_out(*failures: str, seed: int = 0) -> Run:
    plan = with_failures(plans.load(EXAMPLE), failures)
    order = Order(plan, seed=seed, profile="instant")
    view = PlainLines(Console(file=StringIO()))
    return run(order, "refactored", EverythingApproved(), view)


@pytest.fixture(scope="module", name="usual")
def usual_run() -> Run:
    return carried_out()


def test_nothing_differs_when_the_same_order_is_carried_out_again(
    usual: Run,
) -> None:
    comparison = compare(usual.observation, carried_out().observation)

    assert comparison.differences == ()
    assert all(count.left for count in comparison.counts)


def test_every_kind_differs_when_one_server_fails(usual: Run) -> None:
    other = carried_out("archive-web")

    paths = {
        difference.path.split("[")[0].split(".")[0]
        for difference in compare(
            usual.observation, other.observation
        ).differences
    }

    assert paths >= {
        *("ending", "transitions", "steps", "tables", "mutations"),
        *("jobs", "instances", "lines"),
    }


def test_jobs_differ_when_seeds_differ(usual: Run) -> None:
    other = carried_out(seed=1)

    differences = compare(usual.observation, other.observation).differences

    assert any(each.path.startswith("jobs[") for each in differences)
