"""Carry a scenario or a recorded execution out in two worlds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from harness.equivalence.comparison import Difference, hidden, walk
from harness.equivalence.masking import Secrets
from harness.equivalence.pairs import Mismatch, Pair
from harness.equivalence.recorded_histories import Delivery
from harness.equivalence.recordings import MadeIds, Recording, without_secrets
from harness.equivalence.scenarios import Scenario, Step, Trouble
from harness.equivalence.step_watching import CONFIDENTIAL
from harness.equivalence.world import Outcome

Document = dict[str, Any]


@dataclass(frozen=True)
class Replayed:
    """A step that was carried out on both sides.

    Attributes:
        number: From 1.
        action: What was asked of the Lambda; None if no event was sent.
        deliveries: How often, as some errors are tried again.
        ending: The state's status, or the error; None without an event.
        mismatch: Where the two sides part, if they do.
        recorded: The history's event that was delivered, if it is one.
        unlike_recorded: Where the candidate's answer is not the recorded
            one, which stands on the left.
        never_met: Troubles of the step whose call never came.
    """

    number: int
    step: Step
    action: str | None
    deliveries: int
    ending: str | None
    mismatch: Mismatch | None
    recorded: Delivery | None = None
    unlike_recorded: tuple[Difference, ...] = ()
    never_met: tuple[Trouble, ...] = ()


def scenario(pair: Pair, played: Scenario) -> Iterator[Replayed]:
    """Carry out the steps of a scenario, up to one where the sides part."""
    pair.open(played.setup)
    for number, step in enumerate(played.steps, start=1):
        outcome, mismatch = pair.perform(step)
        never = tuple(
            t for t in step.troubles if t not in outcome.troubles_met
        )
        yield replace(
            _replayed(number, step, outcome, mismatch), never_met=never
        )
        if mismatch is not None:
            return


def recording(pair: Pair, played: Recording) -> Iterator[Replayed]:
    """Deliver recorded events, up to one where the sides part."""
    pair.open(played.setup)
    made, number = MadeIds(), 0
    for position, delivery in enumerate(played.deliveries):
        for step in played.steps(position, made):
            number += 1
            outcome, mismatch = pair.perform(step)
            yield _replayed(
                number,
                step,
                outcome,
                mismatch,
                *_beside(delivery, step, outcome, made),
            )
            if mismatch is not None:
                return


def _replayed(
    number: int,
    step: Step,
    outcome: Outcome,
    mismatch: Mismatch | None,
    *recorded: Any,
) -> Replayed:
    attempts = outcome.observation["attempts"]
    last = attempts[-1] if attempts else None
    return Replayed(
        number,
        step,
        last and last["action"],
        len(attempts),
        last
        and Secrets(outcome.observation[CONFIDENTIAL]).hidden(_ending(last)),
        mismatch,
        *recorded,
    )


def _ending(attempt: Document) -> str:
    error, state = attempt["error"], attempt["state"]
    if error is not None:
        return f"{error['errorType']}: {error['errorMessage']}"
    return str(state.get("status") if isinstance(state, dict) else state)


def _beside(
    delivery: Delivery, step: Step, outcome: Outcome, made: MadeIds
) -> tuple[Any, ...]:
    """Lay the answer beside the recorded one, and learn its ids."""
    if step.do != "recorded":
        return ()
    last = outcome.observation["attempts"][-1]
    made.learn(delivery.answer, last["state"])
    error = last["error"] and last["error"]["errorType"]
    unlike = (
        *walk("error", delivery.error, error),
        *walk(
            "answer",
            without_secrets(made.translated(delivery.answer)),
            without_secrets(last["state"]),
        ),
    )
    return delivery, hidden(unlike, outcome.observation[CONFIDENTIAL])
