"""Others do something at each point of an execution.

The other poll, person or execution acts between two AWS calls of a step,
and is done before the next: all orders in which the two can meet are tried,
as far as one of them is done in one go.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.cloud.executions import PAUSED
from harness.console.options import Effort
from harness.reliability import encounters, gates, invariants, meetings, runs
from harness.reliability.encounters import Deed, Encounter
from harness.reliability.gates import Answers
from harness.reliability.outcomes import Outcome
from harness.reliability.parts import Case, Part
from harness.reliability.points import Point
from harness.reliability.rehearsals import rehearse
from harness.reliability.results import Result, counted
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene, Tier, server_id
from harness.reliability.worlds import World

SCENE = Scene((Tier(2), Tier(1, "group", pause=True)))
# Groups of SCENE, with other servers in them.
SPARE = Scene((Tier(1, group=5), Tier(1, group=6)))
EDITED = Scene(
    (
        Tier(0, "group", group=0, also=(server_id(5, 0),)),
        Tier(0, "group", group=1, also=(server_id(6, 0),)),
    )
)
# One of its servers is one of SCENE's first wave, the other its own.
OVERLAPPING = Scene((Tier(1, "wave", group=7, also=(server_id(0, 1),)),))
# The quick profile tries so many points in each way.
_QUICK_POINTS = 4


@dataclass(frozen=True)
class Rivalry:
    """Somebody at a point of an execution.

    Attributes:
        undisturbed: The end of the execution in good conditions.
    """

    point: Point
    undisturbed: Outcome


# Carries out what meets at a point; gives the outcomes and the violations.
Met = tuple[list[Outcome], list[str]]
Meeting = Callable[[World, Rivalry], Met]


def duplicate(world: World, rivalry: Rivalry) -> Met:
    """Handle the same event twice at once."""
    outcome, _ = _alone(world, rivalry, encounters.same_step)
    return [outcome], invariants.violations(outcome, rivalry.undisturbed)


def cancellation(world: World, rivalry: Rivalry) -> Met:
    """Cancel the execution."""
    outcome, encounter = _alone(world, rivalry, encounters.cancel)
    if not outcome.faults:
        # It had ended before: nobody can cancel it.
        return [outcome], invariants.violations(outcome, rivalry.undisturbed)
    found = invariants.violations(outcome)
    if (status := outcome.history.get("status")) != "CANCELLED":
        found.append(f"The cancelled execution is {status}")
    if len(outcome.jobs) != encounter.jobs_after:
        found.append("A wave was started after the cancellation")
    return [outcome], found


def pause(world: World, rivalry: Rivalry) -> Met:
    """Ask for a pause, and approve what waits."""
    jobs_at_pause: list[int] = []

    def follow(execution: Execution) -> str:
        status = execution.wait()
        while status == PAUSED and not execution.faults:
            execution.operator.resume()
            status = execution.wait()
        jobs_at_pause.append(len(execution.jobs()))
        return execution.approve_all() if status == PAUSED else status

    outcome, encounter = _alone(world, rivalry, encounters.pause, follow)
    found = invariants.violations(outcome, rivalry.undisturbed)
    if outcome.faults and jobs_at_pause != [encounter.jobs_after]:
        # Nothing is left to pause once the last wave has been started.
        if encounter.jobs_after != len(outcome.jobs):
            found.append("A wave was started in spite of the pause")
    return [outcome], found


def deleted_groups(world: World, rivalry: Rivalry) -> Met:
    """Delete all protection groups in flight."""
    outcome, _ = _alone(world, rivalry, encounters.delete_groups)
    return [outcome], invariants.violations(outcome)


def edited_groups(world: World, rivalry: Rivalry) -> Met:
    """Give all protection groups other servers in flight."""
    world.begin(SCENE, SPARE)
    execution = Execution(world, SCENE).create()
    Encounter(execution, rivalry.point, encounters.edit_groups(EDITED))
    outcome = runs.finish(execution)
    return [outcome], invariants.violations(outcome)


def same_plan(world: World, rivalry: Rivalry) -> Met:
    """Begin another execution of the same plan."""
    return meetings.meet(world, (SCENE, SCENE), rivalry.point)


def overlapping_plan(world: World, rivalry: Rivalry) -> Met:
    """Begin an execution of a plan that shares a server."""
    return meetings.meet(world, (SCENE, OVERLAPPING), rivalry.point)


MEETINGS: Mapping[str, Meeting] = {
    "the same step": duplicate,
    "a cancellation": cancellation,
    "a pause": pause,
    "deleted groups": deleted_groups,
    "edited groups": edited_groups,
    "the same plan": same_plan,
    "an overlapping plan": overlapping_plan,
}


def cases(world: World, effort: Effort) -> Iterator[Case]:
    """Let each meeting happen at each point, and each answer at a gate."""
    undisturbed, points = rehearse(world, SCENE)
    quick = effort == Effort.QUICK
    step = max(1, len(points) // _QUICK_POINTS) if quick else 1
    for name, meeting in MEETINGS.items():
        for point in points[::step]:
            rivalry = Rivalry(point, undisturbed)
            yield Case(f"{name} before {point}", (meeting, rivalry))
    for name, answers in gates.ANSWERS.items():
        yield Case(f"at the gate, {name}", (answers, undisturbed))


def carry_out(world: World, case: Case) -> Result:
    """Let one meeting happen."""
    what, details = case.details
    if isinstance(what, Answers):
        met = gates.answer(world, SCENE, what, details)
    else:
        met = what(world, details)
    return counted(case.name, *met)


PART = Part(
    "rivals",
    "Another poll, person or execution acts at each AWS call.",
    cases,
    carry_out,
)


def _alone(
    world: World,
    rivalry: Rivalry,
    deed: Deed,
    follow: runs.Follow = runs.approving,
) -> tuple[Outcome, Encounter]:
    """Carry SCENE out, with a deed at the point."""
    world.begin(SCENE)
    execution = Execution(world, SCENE).create()
    encounter = Encounter(execution, rivalry.point, deed)
    return runs.finish(execution, follow), encounter
