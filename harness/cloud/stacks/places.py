"""Where a stack is, and how its resources are reached there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.cloud import account_clients

# A resource's properties, every intrinsic function resolved.
Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """The account and the Region of a stack."""

    account_id: str
    region: str

    def client(self, service: str) -> Any:
        """Make a client of a service there."""
        return account_clients.client(service, self.account_id, self.region)


class NotCarriedError(Exception):
    """The local cloud cannot do to a resource what its stack asks for."""
