"""Check what crosses a Lambda's boundary against the action contracts.

The contracts are the JSON Schema files of `contracts/`. A request that breaks
its contract is refused before anything starts. A response that does is only
reported, so that what was started is not lost with it. The environment can
choose otherwise (`contract_policies`), and choose the engine
(`contract_engines`).
"""

from collections.abc import Collection

from shared import (
    contract_policies,
    contract_reports,
    contract_search,
    contract_versions,
)
from shared.contract_errors import (
    Breach,
    ContractViolationError,
    Direction,
    UnknownActionError,
)
from shared.contract_violations import Violation, tellable

__all__ = [
    "Breach",
    "ContractViolationError",
    "Direction",
    "UnknownActionError",
    "Violation",
    "action_of",
    "check_request",
    "check_response",
    "find_violations",
    "require",
]


def action_of(event: object, known: Collection[str]) -> str:
    """Return the action that an event names.

    Raises:
        UnknownActionError: It names none of those that are known.
    """
    name = event.get("action") if isinstance(event, dict) else None
    if not isinstance(name, str) or name not in known:
        raise UnknownActionError(event, known)
    return name


def check_request(action: str, document: object) -> str:
    """Refuse, or report, a request that breaks its action's contract.

    Args:
        action: Folder of the contract, such as "orchestration/begin".
        document: The event, as `json.loads` gives it.

    Returns:
        The version to answer by: the one that the request asks for, the
        oldest if it asks for none.

    Raises:
        ContractViolationError: The request breaks its contract, or asks for
            a version that is not served, and CONTRACT_REQUESTS is not
            "report".
        NoContractError: The action has no contract.
        UnknownEngineError: CONTRACT_ENGINE names none.
    """
    version = contract_versions.asked(action, document)
    if version is None:
        found = [contract_versions.unserved(action, document)]
    else:
        found = contract_search.violations(
            action, "request", version, document
        )
    _judge(_breach(action, "request", version, found))
    return version or contract_versions.oldest(action)


def check_response(
    action: str, document: object, version: str | None = None
) -> None:
    """Report, or refuse, a response that breaks its action's contract.

    Args:
        action: Folder of the contract.
        document: The answer.
        version: What `check_request` returned; without it the oldest.

    Raises:
        ContractViolationError: The response breaks its contract, and
            CONTRACT_RESPONSES is "refuse".
        NoContractError: The action has no contract.
    """
    version = version or contract_versions.oldest(action)
    found = contract_search.violations(action, "response", version, document)
    _judge(_breach(action, "response", version, found))


def require(
    action: str,
    direction: Direction,
    document: object,
    version: str | None = None,
) -> None:
    """Refuse a document that breaks its contract, whatever the policy is.

    Raises:
        ContractViolationError: The document breaks its contract.
        NoContractError: The action has no contract.
    """
    version = version or contract_versions.oldest(action)
    found = contract_search.violations(action, direction, version, document)
    if found:
        raise ContractViolationError(
            _breach(action, direction, version, found)
        )


def find_violations(
    action: str,
    direction: Direction,
    document: object,
    version: str | None = None,
) -> list[Violation]:
    """Find where a document breaks its contract, in the order of places.

    Args:
        action: Folder of the contract.
        direction: Whether it is a request or a response.
        document: What is judged.
        version: By which version; without it by the oldest.

    Returns:
        As many violations as a message can hold.

    Raises:
        NoContractError: The action has no contract.
    """
    version = version or contract_versions.oldest(action)
    return tellable(
        contract_search.violations(action, direction, version, document)
    )


def _breach(
    action: str,
    direction: Direction,
    version: str | None,
    found: list[Violation],
) -> Breach:
    told = tellable(found)
    omitted = len(found) - len(told)
    return Breach(action, direction, version, tuple(told), omitted)


def _judge(breach: Breach) -> None:
    refuses = contract_policies.refuses(breach.direction)
    if not breach.violations:
        return
    contract_reports.report(breach, "refused" if refuses else "reported")
    if refuses:
        raise ContractViolationError(breach)
