"""The actions of a Lambda: each with its contract and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import contracts
from shared.contracts import UnknownActionError

__all__ = ["Action", "UnknownActionError", "answer"]

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """One action of a Lambda.

    Attributes:
        contract: Folder of its contract below each ``contracts/vN``.
        versions: What turns a request into a response, for each version
            that is served.
    """

    contract: str
    versions: Mapping[str, Callable[[Any], Document]]


def answer(actions: Mapping[str, Action], event: Document) -> Document:
    """Run the action that an event names, its contract checked both ways.

    Args:
        actions: The Lambda's actions by name.
        event: What the Lambda was invoked with, an object or not.

    Raises:
        UnknownActionError: The event names none of them.
        ContractViolationError: The event breaks its action's contract.
    """
    action = actions[contracts.action_of(event, actions)]
    version = contracts.check_request(action.contract, event)
    response = action.versions[version](event)
    contracts.check_response(action.contract, response, version)
    return response
