"""In which account and Region each thing of a plan file stands."""

from collections.abc import Iterable, Mapping
from typing import Any

from harness.plans.plan import (
    DEFAULT_EXTERNAL_ID,
    DEFAULT_REGION,
    DEFAULT_ROLE_NAME,
    HUB_ACCOUNT_ID,
    Account,
    Placed,
)

HUB_NAME = "hub"


class Places:
    """The accounts of a document, and what stands where in them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Read the accounts of a document without problems."""
        named = tuple(map(_account, document.get("accounts", [])))
        hub = [account for account in named if account.is_hub]
        others = [account for account in named if not account.is_hub]
        self.accounts = (
            *(hub or [Account(HUB_ACCOUNT_ID, HUB_NAME)]),
            *others,
        )
        name = document.get("recoveryAccountId", HUB_ACCOUNT_ID)
        self.recovery_account = self._named(name)

    def of(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Give the account id and Region that an entry stands in."""
        account = self.recovery_account
        if "accountId" in entry:
            account = self._named(entry["accountId"])
        return account.account_id, entry.get("region") or account.region

    def placed(
        self, entries: Iterable[Mapping[str, Any]]
    ) -> tuple[Placed, ...]:
        """Place parts of the network."""
        return tuple(
            Placed(entry["name"], *self.of(entry), entry.get("cidrBlock", ""))
            for entry in entries
        )

    def _named(self, name: str) -> Account:
        wanted = name.casefold()
        for account in self.accounts:
            if wanted in (account.account_id, account.account_name.casefold()):
                return account
        return self.accounts[0]


def _account(entry: Mapping[str, Any]) -> Account:
    return Account(
        account_id=entry["accountId"],
        account_name=entry["accountName"],
        region=entry.get("region", DEFAULT_REGION),
        assume_role_name=entry.get("assumeRoleName", DEFAULT_ROLE_NAME),
        external_id=entry.get("externalId", DEFAULT_EXTERNAL_ID),
    )
