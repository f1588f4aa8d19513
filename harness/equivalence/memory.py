"""Where scenarios led that were carried out before.

Hypothesis draws a third of its scenarios more than once, and most begin as
another one did. Worlds repeat themselves exactly, so a step is carried out
only where nobody has been yet.
"""

import hashlib
from dataclasses import dataclass

from harness.equivalence.scenarios import Setup, Step


@dataclass(frozen=True)
class Standing:
    """How an execution stands after some steps.

    Attributes:
        next_action: What the state machine would do now; None at an end.
        status: The state's status; None before the first answer.
    """

    next_action: str | None
    status: str | None


class Memory:
    """Remembers how executions stood after each step."""

    def __init__(self) -> None:
        self._known: dict[str, Standing] = {}

    def find(self, place: str) -> Standing | None:
        """Tell how an execution stood; None where nobody has been."""
        return self._known.get(place)

    def keep(self, place: str, standing: Standing) -> None:
        """Remember how an execution stands."""
        self._known[place] = standing


def beginning(setup: Setup) -> str:
    """Name the place before the first step."""
    return _digest(repr(setup))


def after(place: str, step: Step) -> str:
    """Name the place that a step leads to."""
    return _digest(place + repr(step))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
