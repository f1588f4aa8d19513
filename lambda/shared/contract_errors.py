"""How a Lambda refuses what breaks a promise, for people and machines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from shared.contract_violations import Violation

Direction = Literal["request", "response"]

PROBLEM_TYPE = "https://drs-orchestration.example/problems/contract-violation"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Breach:
    """A document that breaks its contract.

    Attributes:
        action: Folder of the contract, such as "orchestration/begin".
        direction: Whether it is the action's request or its response.
        version: The contract's version; None for one that is not served.
        violations: In the order of their places.
        omitted: How many more there are.
    """

    action: str
    direction: Direction
    version: str | None
    violations: tuple[Violation, ...]
    omitted: int = 0

    @property
    def details(self) -> str:
        """All violations in one line of ASCII text."""
        more = [f"and {self.omitted} more"] if self.omitted else []
        return "; ".join([*map(str, self.violations), *more])


class ContractViolationError(Exception):
    """A document breaks its contract; the class name is wire format.

    Attributes:
        breach: What is wrong with the document.
    """

    def __init__(self, breach: Breach) -> None:
        of = f"version {breach.version} of " if breach.version else ""
        super().__init__(
            f"{breach.action} {breach.direction} breaks {of}its contract: "
            f"{breach.details}"
        )
        self.breach = breach

    @property
    def action(self) -> str:
        """Folder of the contract."""
        return self.breach.action

    @property
    def direction(self) -> Direction:
        """Whether a request or a response broke it."""
        return self.breach.direction

    @property
    def version(self) -> str | None:
        """The contract's version; None for one that is not served."""
        return self.breach.version

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What is wrong, in the order of places."""
        return self.breach.violations

    def problem_details(self) -> dict[str, Any]:
        """Describe the error for machines, after RFC 9457."""
        return {
            "type": PROBLEM_TYPE,
            "title": "Contract violation",
            "detail": str(self),
            "action": self.breach.action,
            "direction": self.breach.direction,
            "version": self.breach.version,
            "errors": [asdict(each) for each in self.breach.violations],
            "omitted": self.breach.omitted,
        }


class UnknownActionError(ValueError):
    """The event names no action of this Lambda."""

    def __init__(self, event: object, known: Iterable[str]) -> None:
        super().__init__(f"/action: {_complaint(event)}, {_list(known)}")


def _complaint(event: object) -> str:
    if not isinstance(event, dict):
        return "missing, the event is no JSON object"
    if "action" not in event:
        return "missing"
    name = event["action"]
    if not isinstance(name, str):
        return "unknown action, no string"
    if len(name) > LONGEST_NAME:
        return f"unknown action, a string of {len(name)} characters"
    return f"unknown action {json.dumps(name)}"


def _list(known: Iterable[str]) -> str:
    return f"known: {', '.join(known)}"
