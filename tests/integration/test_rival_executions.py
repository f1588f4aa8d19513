"""Two executions that start the same servers at the same moment."""

import pytest

from harness.cloud.project import Orchestration
from harness.reliability import meetings, worlds
from harness.reliability.rehearsals import rehearse
from harness.reliability.scenes import Scene, Tier

SCENE = Scene((Tier(2),))


def violations(orchestration: Orchestration, late: float) -> list[str]:
    """Hold up each write of an execution while another one begins.

    Args:
        late: For so many virtual seconds.
    """
    with worlds.entered(orchestration) as world:
        _, points = rehearse(world, SCENE)
        writes = [each for each in points if each.operation == "UpdateItem"]
        return [
            violation
            for point in writes
            for violation in meetings.meet(world, (SCENE, SCENE), point, late)[
                1
            ]
        ]


@pytest.mark.parametrize("orchestration", ["reference", "refactored"])
def test_no_execution_takes_a_job_that_another_is_about_to_record(
    orchestration: Orchestration,
) -> None:
    assert violations(orchestration, late=0) == []


@pytest.mark.parametrize("orchestration", ["reference", "refactored"])
def test_job_is_taken_when_its_record_is_held_up_for_too_long(
    orchestration: Orchestration,
) -> None:
    # A known limit, told in docs/reliability.md: should it ever go, so must
    # that paragraph.
    assert violations(orchestration, late=6) != []
