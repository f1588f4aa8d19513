"""An execution in good conditions: where it comes, and how it ends."""

from harness.reliability import invariants, runs
from harness.reliability.outcomes import Outcome
from harness.reliability.parts import UnsoundError
from harness.reliability.points import Point, Points
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene
from harness.reliability.worlds import World


def rehearse(world: World, scene: Scene) -> tuple[Outcome, list[Point]]:
    """Carry a scene out undisturbed.

    Returns:
        Its end, and its points in an order that is always the same: that
        of their names, as threads may make calls in any.

    Raises:
        UnsoundError: The end breaks an invariant.
    """
    seen: list[Point] = []

    def script(execution: Execution) -> None:
        points = Points()
        execution.cloud.on_call(lambda call: seen.append(points.of(call)))

    undisturbed = runs.carry_out(world, scene, script)
    if found := invariants.violations(undisturbed):
        raise UnsoundError(found)
    return undisturbed, sorted(seen, key=str)
