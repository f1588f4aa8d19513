"""AssumeRole asks the role whether it trusts the caller.

moto gives credentials for any role of any account, even for one that does
not exist; nobody could see that an external id is forgotten.
"""

import json
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends
from moto.sts.responses import TokenResponse

from harness.cloud import trust_policies
from harness.cloud.moto_patches.replacement import replaced
from harness.cloud.trust_policies import Caller

_original = TokenResponse.assume_role
_DENIED = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
    "<Message>User: arn:aws:iam::{account}:root is not authorized to "
    "perform: sts:AssumeRole on resource: {role}</Message></Error>"
    "<RequestId>00000000-0000-4000-8000-000000000000</RequestId>"
    "</ErrorResponse>"
)


def patch() -> AbstractContextManager[None]:
    """Let AssumeRole check that the role exists and trusts the caller."""
    return replaced(TokenResponse, "assume_role", _assume_role)


def _assume_role(response: TokenResponse) -> Any:
    role_arn = str(response._get_param("RoleArn"))
    caller = Caller(
        response.current_account, response._get_param("ExternalId")
    )
    policy = _trust_policy(role_arn)
    if policy is not None and trust_policies.allows(policy, caller):
        return _original(response)
    # Whether the role exists is not told, as AWS does not tell either.
    text = _DENIED.format(account=caller.account_id, role=role_arn)
    return text, {"status": 403, "Content-Type": "text/xml"}


def _trust_policy(role_arn: str) -> dict[str, Any] | None:
    _, _, _, _, account_id, resource = role_arn.split(":", 5)
    name = resource.rpartition("/")[2]
    for role in iam_backends[account_id]["aws"].roles.values():
        if role.name == name:
            text = unquote(role.assume_role_policy_document)
            policy: dict[str, Any] = json.loads(text)
            return policy
    return None
