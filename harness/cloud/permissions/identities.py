"""Whose policies count for a call.

The cloud's own Lambdas and state machine have the roles of their templates;
functions that were deployed since, and whoever uses an assumed role's
credentials, have what IAM of their account holds. Which state machine makes
a call cannot be told: each may do what any of them may. This is the one module
that knows how moto keeps a role's policies.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from moto.iam.models import Role as MotoRole
from moto.iam.models import iam_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from harness.cloud import deployed_functions
from harness.cloud.calls import STATE_MACHINE, AwsCall
from harness.cloud.deployment import Deployment
from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT, Role
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
    if caller == STATE_MACHINE:
        return _machines_role(deployment)
    role = roles[caller] if caller in roles else _role_since(caller)
    if role is None:
        raise RoleMissingError(caller)
    return role


def _role_since(caller: str) -> Role | None:
    function = deployed_functions.find(caller)
    if function is None or function.role is None:
        return None
    return _kept(function.role.name)


def _machines_role(deployment: Deployment) -> Role:
    own = deployment.state_machine_role
    if own is None:
        raise RoleMissingError(STATE_MACHINE)
    names = [
        each.roleArn.rpartition("/")[2]
        for each in stepfunctions_parser_backends[HUB_ACCOUNT][
            DEFAULT_REGION
        ].state_machines
    ]
    others = [_kept(name).statements for name in names]
    return Role(own.name, (*own.statements, *chain.from_iterable(others)))


def _kept(name: str) -> Role:
    """Give a role of the hub; one that does not exist may do nothing."""
    for role in iam_backends[HUB_ACCOUNT]["aws"].roles.values():
        if role.name == name:
            return Role(name, tuple(_statements(role)))
    return Role(name)


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
