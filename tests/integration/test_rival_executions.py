"""Two executions that start the same servers at the same moment."""

import pytest

from harness.cloud.project import Orchestration
from harness.reliability import meetings, worlds
from harness.reliability.rehearsals import rehearse
from harness.reliability.scenes import Scene, Tier

SCENE = Scene((Tier(2),))


@pytest.mark.parametrize("orchestration", ["reference", "refactored"])
def test_no_execution_takes_a_job_that_another_is_about_to_record(
    orchestration: Orchestration,
) -> None:
    with worlds.entered(orchestration) as world:
        _, points = rehearse(world, SCENE)
        writes = [each for each in points if each.operation == "UpdateItem"]

        violations = [
            violation
            for point in writes
            for violation in meetings.meet(world, (SCENE, SCENE), point)[1]
        ]

    assert violations == []


@pytest.mark.xfail(
    reason="a job on nobody's record for five seconds is taken over"
)
@pytest.mark.parametrize("orchestration", ["reference", "refactored"])
def test_no_execution_takes_a_job_whose_record_is_held_up(
    orchestration: Orchestration,
) -> None:
    with worlds.entered(orchestration) as world:
        _, points = rehearse(world, SCENE)
        writes = [each for each in points if each.operation == "UpdateItem"]

        violations = [
            violation
            for point in writes
            for violation in meetings.meet(
                world, (SCENE, SCENE), point, late=6
            )[1]
        ]

    assert violations == []
