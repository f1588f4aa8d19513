"""Functions die, and invocations get lost, at each point of an execution.

An undisturbed execution tells which points there are. Each of them is then
tried in each way, one execution each: none is sampled, but in the quick
profile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.cloud.calls import (
    AwsCall,
    CallerDeath,
    Fault,
    FunctionFailure,
    NoAnswer,
    ServiceError,
)
from harness.console.options import Effort
from harness.reliability import runs
from harness.reliability.outcomes import Outcome
from harness.reliability.parts import Case, Part
from harness.reliability.points import Point, Points
from harness.reliability.rehearsals import rehearse
from harness.reliability.results import Result, judged, never_met
from harness.reliability.runs import Execution
from harness.reliability.scenes import CROSS_ACCOUNT, Scene, Tier
from harness.reliability.worlds import World

_SETTINGS = {"instanceType": "m5.large", "copyTags": True}
SCENES: Mapping[str, Scene] = {
    "three waves": Scene(
        (
            Tier(2, launch_config=_SETTINGS),
            Tier(2, "group", pause=True),
            Tier(1, "wave"),
        )
    ),
    "other account": Scene(
        (Tier(1, launch_config=_SETTINGS), Tier(1, "group", pause=True)),
        account_context=CROSS_ACCOUNT,
    ),
    "failing wave": Scene((Tier(), Tier(2, fails="launch"), Tier())),
    "empty wave": Scene((Tier(0), Tier(pause=True))),
}
# Calls that another account does not change: only at night tried there too.
_IN_HUB = {"GetItem", "UpdateItem", "Scan", "Invoke"}
# The quick profile tries so many points of the first scene only.
_QUICK_POINTS = 12

# Runtime.ExitError and Sandbox.Timedout are retried alike by the state
# machine: each death is told in the word that it is more likely to have.
_DEATHS: Mapping[str, Fault] = {
    "dies before it": CallerDeath("Runtime.ExitError"),
    "dies after it": CallerDeath("Sandbox.Timedout", after_effect=True),
}
_LOST_BETWEEN_FUNCTIONS: Mapping[str, Fault] = {
    "never arrives": ServiceError("TooManyRequestsException", 429),
    "its answer is lost": NoAnswer(after_effect=True),
}
# boto3 in moto's state machine tries a 500 again by itself, as AWS may.
_LOST_BY_MACHINE: Mapping[str, Fault] = {
    "never arrives": ServiceError("TooManyRequestsException", 429),
    "its answer is lost": FunctionFailure("Sandbox.Timedout", "lost", True),
    "it runs again and again": ServiceError("ServiceException", 500, "", True),
}


@dataclass(frozen=True)
class Crash:
    """One thing that goes wrong at one point.

    Attributes:
        times: At so many calls of the same kind in a row.
        undisturbed: The end of the execution in good conditions.
    """

    scene: Scene
    point: Point
    fault: Fault
    undisturbed: Outcome
    times: int = 1


def ways(point: Point) -> Mapping[str, Fault]:
    """Tell in which ways a point can go wrong."""
    if not point.is_of_function:
        return _LOST_BY_MACHINE if point.is_invocation else {}
    if not point.is_invocation:
        return _DEATHS
    return {**_DEATHS, **_LOST_BETWEEN_FUNCTIONS}


def cases(world: World, effort: Effort) -> Iterator[Case]:
    """Find the points of each scene; try each in every way."""
    is_quick = effort == Effort.QUICK
    for name, scene in list(SCENES.items())[: 1 if is_quick else None]:
        undisturbed, points = rehearse(world, scene)
        if effort != Effort.NIGHTLY and scene.account_context:
            points = [each for each in points if each.operation not in _IN_HUB]
        step = max(1, len(points) // _QUICK_POINTS) if is_quick else 1
        for point in points[::step]:
            crash = (scene, point, undisturbed)
            yield from _cases(name, *crash, twice=effort == Effort.NIGHTLY)


def carry_out(world: World, case: Case) -> Result:
    """Carry the scene out, with its fault."""
    crash: Crash = case.details

    def script(execution: Execution) -> None:
        meet(execution, crash)

    outcome = runs.carry_out(world, crash.scene, script)
    if not outcome.faults:
        return never_met(case.name)
    return judged(case.name, outcome, crash.undisturbed)


PART = Part(
    "crashes",
    "Functions die before and after each AWS call, invocations get lost.",
    cases,
    carry_out,
)


def meet(execution: Execution, crash: Crash) -> None:
    """Let an execution meet a crash."""
    points = Points()
    point = crash.point
    expected = {
        Point(point.caller, point.operation, point.about, point.nth + again)
        for again in range(crash.times)
    }

    def before(call: AwsCall) -> Fault | None:
        if points.of(call) not in expected:
            return None
        execution.faults += 1
        return crash.fault

    execution.cloud.on_call(before)


def _cases(
    scene_name: str,
    scene: Scene,
    point: Point,
    undisturbed: Outcome,
    twice: bool,
) -> Iterator[Case]:
    for way, fault in ways(point).items():
        name = f"{scene_name}: {point} {way}"
        yield Case(name, Crash(scene, point, fault, undisturbed))
        if twice:
            crash = Crash(scene, point, fault, undisturbed, times=2)
            yield Case(f"{name}, twice", crash)
