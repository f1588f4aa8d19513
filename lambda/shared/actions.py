"""The actions of a Lambda: each with its contract and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import contracts

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """One action of a Lambda.

    Attributes:
        contract: Folder of its contract below ``contracts/v1``.
        run: Turns a request into a response.
    """

    contract: str
    run: Callable[[Any], Document]


class UnknownActionError(ValueError):
    """The event names no action of this Lambda."""

    def __init__(self, known: Mapping[str, Action]) -> None:
        super().__init__(f"/action: unknown action, known: {', '.join(known)}")


def answer(actions: Mapping[str, Action], event: object) -> Document:
    """Run the action that an event names, its contract checked both ways.

    Args:
        actions: The Lambda's actions by name.
        event: What the Lambda was invoked with.

    Raises:
        UnknownActionError: The event names none of them.
        ContractViolationError: The event breaks its action's contract.
    """
    name = event.get("action") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(name, str):
        raise UnknownActionError(actions)
    if name not in actions:
        raise UnknownActionError(actions)
    action = actions[name]
    contracts.check_request(action.contract, event)
    response = action.run(event)
    contracts.check_response(action.contract, response)
    return response
