"""Two executions at the same time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.reliability import encounters, invariants, outcomes, runs
from harness.reliability.encounters import Encounter
from harness.reliability.outcomes import Outcome
from harness.reliability.points import Point
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene
from harness.reliability.worlds import World

# DRS's word for servers that another job holds, which people know.
_CLEAR = "ConflictException"


def meet(
    world: World,
    scenes: tuple[Scene, Scene],
    point: Point,
    late: float = 0,
) -> tuple[list[Outcome], list[str]]:
    """Let a second execution take its first step at a point of the first.

    The second one waits for the end of the first: its state machine begins
    only then, with a first step that is run again.

    Args:
        scenes: Of the first and the second, who are created together.
        point: Before which call of the first.
        late: Virtual seconds for which that call is held up.

    Returns:
        Both ends, and what they break.
    """
    scene, other_scene = scenes
    world.begin(scene, *[other_scene] * (other_scene != scene))
    execution = Execution(world, scene).create()
    other = Execution(world, other_scene, number=1).create()
    Encounter(execution, point, encounters.begin(other, late))
    first = runs.finish(execution)
    # Its hooks have done their work: the second execution is not theirs.
    second = runs.finish(other)
    # By now the second one's jobs are there as well.
    ends = [outcomes.of(execution, first.status, first.stuck), second]
    return ends, list(violations(ends))


def violations(ends: Sequence[Outcome]) -> Iterator[str]:
    """Tell what executions in one account break, each and together."""
    recorded = Counter(job for end in ends for job in end.recorded_jobs())
    for job_id, times in recorded.items():
        if times > 1:
            yield f"Job {job_id} is on record {times} times: cross-talk"
    for number, end in enumerate(ends):
        others = set(recorded) - set(end.recorded_jobs())
        # A job on nobody's record is told as each one's.
        own = [job for job in end.jobs if job.job_id not in others]
        for text in invariants.violations(replace(end, jobs=tuple(own))):
            yield f"Execution {number}: {text}"
        if end.history.get("status") == "FAILED" and _CLEAR not in end.reason:
            yield f"Execution {number} gives no clear reason: {end.reason}"
