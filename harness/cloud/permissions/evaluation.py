"""What the statements of identity policies say about a request.

Statements, action, resource and context are all it takes: the same answer
serves calls as they happen, recorded ones, and policies that are only
thought of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.cloud.permissions import conditions
from harness.cloud.permissions.patterns import matches

Statement = Mapping[str, Any]
_EFFECTS = ("Allow", "Deny")


@dataclass(frozen=True)
class Request:
    """One action on one resource.

    Attributes:
        action: Such as `drs:StartRecovery`.
        resource: Its ARN; `*` for an action that AWS allows for no named
            resource.
        context: Values by condition key; see `conditions.KNOWN_KEYS`.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Denial:
    """A request that is not allowed.

    Attributes:
        is_explicit: Whether a statement denies it, where otherwise none
            allows it.
    """

    request: Request
    is_explicit: bool


class MalformedStatementError(Exception):
    """A statement is none that IAM would take, or has a policy variable."""

    def __init__(self, statement: Statement, problem: str) -> None:
        self.statement = statement
        super().__init__(f"{problem} in the statement {dict(statement)}")


def denial(statements: Iterable[Statement], request: Request) -> Denial | None:
    """Tell whether, and how, a request is denied.

    Args:
        statements: Of all identity policies of the caller.

    Returns:
        None if the request is allowed.

    Raises:
        MalformedStatementError: A statement cannot be evaluated.
        UnknownConditionKeyError: A statement that concerns the request
            has a condition on something unknown.
        UnknownConditionOperatorError: It compares in an unknown way.
    """
    effects = {each["Effect"] for each in applying(statements, request)}
    if "Deny" in effects:
        return Denial(request, is_explicit=True)
    return None if "Allow" in effects else Denial(request, is_explicit=False)


def applying(
    statements: Iterable[Statement], request: Request
) -> list[Statement]:
    """List the statements that apply to a request, whatever their effect.

    Raises:
        MalformedStatementError: As `denial` does, with the others.
    """
    return [each for each in statements if _applies(each, request)]


def _applies(statement: Statement, request: Request) -> bool:
    if statement.get("Effect") not in _EFFECTS:
        raise MalformedStatementError(statement, "Neither Allow nor Deny")
    return (
        _fits(statement, "Action", _action_fits, request.action)
        and _fits(statement, "Resource", matches, request.resource)
        and conditions.hold(statement.get("Condition", {}), request.context)
    )


def _fits(
    statement: Statement, element: str, test: conditions.Test, value: str
) -> bool:
    negated = f"Not{element}"
    if (element in statement) == (negated in statement):
        problem = f"Not exactly one of {element} and {negated}"
        raise MalformedStatementError(statement, problem)
    is_negated = negated in statement
    patterns = statement[negated if is_negated else element]
    if isinstance(patterns, str):
        patterns = [patterns]
    if any("${" in each for each in patterns):
        raise MalformedStatementError(statement, "A policy variable")
    return any(test(each, value) for each in patterns) is not is_negated


def _action_fits(pattern: str, action: str) -> bool:
    return matches(pattern.lower(), action.lower())
