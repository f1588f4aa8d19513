"""People who answer at a gate more than once, or against each other."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from harness.cloud.executions import PAUSED
from harness.reliability import invariants, runs
from harness.reliability.outcomes import Outcome
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene
from harness.reliability.worlds import World

# Of SendTaskSuccess and SendTaskFailure, for a token that was answered.
_TOO_LATE = {"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"}


@dataclass(frozen=True)
class Answers:
    """What people do while a wave waits for them.

    Attributes:
        give: Does it; is given the execution and the token.
        end: How the history must show the end.
    """

    give: Callable[[Execution, str], None]
    end: str


def _twice(execution: Execution, token: str) -> None:
    _resume(execution, token)
    _resume(execution, token)


def _resumed_then_cancelled(execution: Execution, token: str) -> None:
    _resume(execution, token)
    _cancel(execution, token)


def _cancelled_then_resumed(execution: Execution, token: str) -> None:
    _cancel(execution, token)
    _resume(execution, token)


def _asked_then_resumed(execution: Execution, token: str) -> None:
    execution.operator.request_cancel()
    _resume(execution, token)


def _asked_then_cancelled(execution: Execution, token: str) -> None:
    execution.operator.request_cancel()
    _cancel(execution, token)


ANSWERS: Mapping[str, Answers] = {
    "resumed twice": Answers(_twice, "COMPLETED"),
    "resumed, then cancelled": Answers(_resumed_then_cancelled, "COMPLETED"),
    "cancelled, then resumed": Answers(_cancelled_then_resumed, "CANCELLED"),
    "asked to cancel, then resumed": Answers(_asked_then_resumed, "CANCELLED"),
    "asked to cancel, then cancelled": Answers(
        _asked_then_cancelled, "CANCELLED"
    ),
}


def answer(
    world: World, scene: Scene, answers: Answers, undisturbed: Outcome
) -> tuple[list[Outcome], list[str]]:
    """Carry a scene with one gate out, and answer there.

    Returns:
        Its end, and what that breaks.
    """
    jobs_at_gate: list[int] = []

    def follow(execution: Execution) -> str:
        if (status := execution.wait()) != PAUSED:
            return status
        execution.faults += 1
        jobs_at_gate.append(len(execution.jobs()))
        answers.give(execution, str(execution.operator.record()["taskToken"]))
        return execution.wait()

    outcome = runs.carry_out(world, scene, follow=follow)
    completed = answers.end == "COMPLETED"
    found = invariants.violations(outcome, undisturbed if completed else None)
    if (status := outcome.history.get("status")) != answers.end:
        found.append(f"The history is {status}, not {answers.end}")
    if not completed and [len(outcome.jobs)] != jobs_at_gate:
        found.append("A wave was started after the cancellation")
    return [outcome], found


def _resume(execution: Execution, token: str) -> None:
    with _perhaps_too_late():
        execution.cloud.executions.resume(token)


def _cancel(execution: Execution, token: str) -> None:
    with _perhaps_too_late():
        execution.cloud.executions.cancel_paused(token)


@contextmanager
def _perhaps_too_late() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in _TOO_LATE:
            raise
