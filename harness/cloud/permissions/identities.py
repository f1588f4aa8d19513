"""Whose policies count for a call.

Lambdas and the state machine have the roles of their templates; whoever
uses an assumed role's credentials has what IAM of its account holds. This
is the one module that knows how moto keeps a role's policies.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import Role as MotoRole
from moto.iam.models import iam_backends

from harness.cloud.calls import STATE_MACHINE, AwsCall
from harness.cloud.deployment import Deployment
from harness.cloud.functions import HUB_ACCOUNT, Role
from harness.cloud.permissions.evaluation import Statement


class RoleMissingError(Exception):
    """Somebody of the deployment has no role at all."""

    def __init__(self, caller: str) -> None:
        self.caller = caller
        super().__init__(
            f"{caller} has no role in its deployment, so nothing tells what "
            "it may do; give it one, or do not enforce IAM"
        )


@dataclass(frozen=True)
class Principal:
    """Who makes a call.

    Attributes:
        session_arn: As AWS names the caller in its messages.
        role_arn: The role behind the session.
        statements: Of all identity policies of the role.
    """

    session_arn: str
    role_arn: str
    statements: tuple[Statement, ...]

    def context(self, call: AwsCall) -> dict[str, str]:
        """Tell what policies may ask of each request of a call."""
        return {
            "aws:PrincipalAccount": call.account,
            "aws:PrincipalArn": self.role_arn,
            "aws:RequestedRegion": call.region,
            "aws:SecureTransport": "true",
            "aws:ViaAWSService": "false",
        }


def caller_of(call: AwsCall, deployment: Deployment) -> Principal:
    """Find who makes a call.

    A session of a role that does not exist has no permission at all.

    Raises:
        RoleMissingError: The deployment gives the caller no role.
    """
    if call.session is not None:
        return _assumed(call.session)
    role = _deployed_role(call.function, deployment)
    session = f"assumed-role/{role.name}/{call.function}"
    return Principal(
        f"arn:aws:sts::{HUB_ACCOUNT}:{session}",
        f"arn:aws:iam::{HUB_ACCOUNT}:role/{role.name}",
        role.statements,
    )


def _deployed_role(caller: str, deployment: Deployment) -> Role:
    roles = {each.name: each.role for each in deployment.functions}
    roles[STATE_MACHINE] = deployment.state_machine_role
    role = roles[caller]
    if role is None:
        raise RoleMissingError(caller)
    return role


def _assumed(session_arn: str) -> Principal:
    account_id = session_arn.split(":")[4]
    name = session_arn.split("/")[1]
    for role in iam_backends[account_id]["aws"].roles.values():
        if role.name == name:
            return Principal(session_arn, role.arn, tuple(_statements(role)))
    missing = f"arn:aws:iam::{account_id}:role/{name}"
    return Principal(session_arn, missing, ())


def _statements(role: MotoRole) -> Iterator[Statement]:
    documents = [*role.policies.values(), *_managed_documents(role)]
    for document in map(_parsed, documents):
        statements = document["Statement"]
        yield from statements if isinstance(statements, list) else [statements]


def _managed_documents(role: MotoRole) -> Iterator[Any]:
    for policy in role.managed_policies.values():
        for version in policy.versions:
            if version.version_id == policy.default_version_id:
                yield version.document


def _parsed(document: Any) -> Mapping[str, Any]:
    # CloudFormation hands moto a document, the API hands it its text.
    if isinstance(document, str):
        document = json.loads(document)
    parsed: Mapping[str, Any] = document
    return parsed
