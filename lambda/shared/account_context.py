"""Whose account an execution recovers into (BEHAVIOUR.md section 2.1)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.contract_types import AccountContext


class AccountContextError(Exception):
    """The account context of a foreign account lacks a field."""

    def __init__(self, field: str) -> None:
        super().__init__(
            f"Account context has no {field}: it is needed to assume the "
            "role in the target account"
        )
        self.field = field


def get_account_context(state: Mapping[str, Any]) -> "AccountContext":
    """Read the account context of a state or event.

    Args:
        state: Holds ``accountContext`` or, from older callers,
            ``account_context``.

    Returns:
        The context; empty for the hub account.
    """
    context: AccountContext | None = state.get("accountContext") or state.get(
        "account_context"
    )
    return context.copy() if context else {}


def is_foreign(context: Mapping[str, Any]) -> bool:
    """Tell whether a role must be assumed to reach the account."""
    return context.get("isCurrentAccount") is False


def role_arn(context: Mapping[str, Any], partition: str) -> str:
    """Build the ARN of the role to assume in a foreign account.

    Raises:
        AccountContextError: The account or the role is not named.
    """
    for field in ("accountId", "assumeRoleName"):
        if not context.get(field):
            raise AccountContextError(field)
    return (
        f"arn:{partition}:iam::{context['accountId']}"
        f":role/{context['assumeRoleName']}"
    )
