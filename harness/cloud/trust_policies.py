"""Whether a role's trust policy lets an account assume it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ACTIONS = {"sts:AssumeRole", "sts:*", "*"}
_EXTERNAL_ID = "sts:ExternalId"
Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who wants to assume a role.

    Principals are compared by account: a Lambda of the local cloud has the
    credentials of its account, not those of its own role.
    """

    account_id: str
    external_id: str | None = None


def allows(policy: Mapping[str, Any], caller: Caller) -> bool:
    """Tell whether a trust policy lets a caller in.

    A condition on anything but an equal external id is taken not to hold
    where it would allow, and to hold where it would deny.
    """
    statements = _listed(policy.get("Statement", []))
    concerned = [each for each in statements if _concerns(each, caller)]
    denied = any(_applies(s, caller, True) for s in concerned if _denies(s))
    allowed = any(
        _applies(s, caller, False) for s in concerned if not _denies(s)
    )
    return allowed and not denied


def _denies(statement: Statement) -> bool:
    return statement.get("Effect") == "Deny"


def _concerns(statement: Statement, caller: Caller) -> bool:
    is_our_action = _ACTIONS.intersection(_listed(statement.get("Action", [])))
    return bool(is_our_action) and _names(statement.get("Principal"), caller)


def _names(principal: Any, caller: Caller) -> bool:
    if principal == "*":
        return True
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    return any(_is_of(each, caller.account_id) for each in _listed(named))


def _is_of(name: str, account_id: str) -> bool:
    return name in ("*", account_id) or f"::{account_id}:" in name


def _applies(statement: Statement, caller: Caller, unknown: bool) -> bool:
    return all(
        _holds(operator, key, _listed(values), caller, unknown)
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    )


def _holds(
    operator: str, key: str, values: list[Any], caller: Caller, unknown: bool
) -> bool:
    if (operator, key) != ("StringEquals", _EXTERNAL_ID):
        return unknown
    return caller.external_id in values


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
