"""Which transitions of an execution a search went through."""

from collections import Counter
from dataclasses import dataclass, field

from harness.equivalence.driving import status_of
from harness.equivalence.scenarios import Step
from harness.equivalence.world import Outcome

NO_STATE = "not begun"
ERROR = "error"
STATUSES = (
    NO_STATE,
    "running",
    "paused",
    "completed",
    "failed",
    "cancelled",
    "timeout",
)
Cell = tuple[str, str]


@dataclass
class Coverage:
    """How often what was tried.

    Attributes:
        events: Delivered events by the state's status before.
        transitions: Status before and after, by event.
        troubles: Calls that went wrong, by operation and kind.
        changes: What people and the world did, by the status then.
    """

    events: Counter[Cell] = field(default_factory=Counter)
    transitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    troubles: Counter[Cell] = field(default_factory=Counter)
    changes: Counter[Cell] = field(default_factory=Counter)

    def add(self, step: Step, before: str | None, outcome: Outcome) -> None:
        """Count a step."""
        status = before or NO_STATE
        attempts = outcome.observation["attempts"]
        if not attempts:
            self.changes[(status, step.do)] += 1
            return
        action = attempts[-1]["action"]
        mode = "" if step.do == "go on" else f" ({step.do})"
        self.events[(status, f"{action}{mode}")] += 1
        failed = attempts[-1]["error"] is not None
        after = ERROR if failed else _status(attempts[-1]["state"])
        self.transitions[(status, action, after)] += 1
        for trouble in outcome.troubles_met:
            self.troubles[(trouble.operation, trouble.kind)] += 1

    @property
    def has_answers(self) -> bool:
        """Whether any event was answered with a state."""
        return any(after in STATUSES for _, _, after in self.transitions)


def _status(answer: object) -> str:
    return status_of(answer) or "no state"
