"""AssumeRole that asks the role, as an option of the local cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from harness.cloud import account_clients, trust_policies
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.moto_patches import assumed_roles
from harness.cloud.trust_policies import Caller
from tests.unit.harness.cloud.conftest import EnterCloud

HUB = "123456789012"
TARGET = "222222222222"
ROLE = f"arn:aws:iam::{TARGET}:role/recovery/DRSOrchestrationRole"
WITH_ID = {"StringEquals": {"sts:ExternalId": "our-secret"}}


def statement(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
        "Action": "sts:AssumeRole",
        **changes,
    }


def assume(**parameters: str) -> Any:
    return boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=ROLE, RoleSessionName="test", **parameters
    )


def create_role(*statements: dict[str, Any]) -> None:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    account_clients.iam(TARGET).create_role(
        RoleName="DRSOrchestrationRole",
        Path="/recovery/",
        AssumeRolePolicyDocument=json.dumps(document),
    )


@pytest.fixture
def checked() -> Iterator[None]:
    """Run moto with the check alone."""
    with mock_aws(), assumed_roles.patch():
        yield


@pytest.mark.usefixtures("checked")
def test_a_role_is_assumed_when_it_trusts_account_and_external_id() -> None:
    create_role(statement(Condition=WITH_ID))

    answer = assume(ExternalId="our-secret")

    assert answer["AssumedRoleUser"]["Arn"].split(":")[4] == TARGET


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize("given", [{}, {"ExternalId": "another"}])
def test_a_role_is_refused_when_the_external_id_is_not_its_own(
    given: dict[str, str],
) -> None:
    create_role(statement(Condition=WITH_ID))

    with pytest.raises(ClientError) as error:
        assume(**given)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "AccessDenied"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert ROLE in answer["Error"]["Message"]


@pytest.mark.usefixtures("checked")
def test_a_role_is_refused_when_it_does_not_exist() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        assume()


def test_moto_still_needs_help_to_refuse_a_role_that_nobody_made() -> None:
    with mock_aws():
        answer = assume(ExternalId="another")

    assert answer["Credentials"]


@pytest.mark.parametrize(
    ("changes", "is_allowed"),
    [
        ({}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": ["333333333333", HUB]}}, True),
        ({"Principal": {"AWS": f"arn:aws:iam::{HUB}:role/lambda"}}, True),
        ({"Principal": {"AWS": "333333333333"}}, False),
        ({"Principal": {"Service": "drs.amazonaws.com"}}, False),
        ({"Action": ["sts:TagSession", "sts:AssumeRole"]}, True),
        ({"Action": "sts:TagSession"}, False),
        ({"Condition": WITH_ID}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    ],
)
def test_a_statement_allows_when_all_of_it_fits(
    changes: dict[str, Any], is_allowed: bool
) -> None:
    policy = {"Statement": [statement(**changes)]}

    allowed = trust_policies.allows(policy, Caller(HUB, "our-secret"))

    assert allowed is is_allowed


def test_a_denial_wins_when_another_statement_allows() -> None:
    denial = statement(Effect="Deny", Condition=WITH_ID)
    policy = {"Statement": [statement(), denial]}

    assert not trust_policies.allows(policy, Caller(HUB, "our-secret"))
    assert trust_policies.allows(policy, Caller(HUB, "another"))


@pytest.mark.parametrize("checks", [True, False])
def test_a_cloud_checks_roles_only_when_it_is_asked_to(
    enter_cloud: EnterCloud, checks: bool
) -> None:
    cloud: LocalCloud = enter_cloud(checks_roles=checks)

    try:
        assume()
        refused = False
    except ClientError:
        refused = True

    assert refused is checks
    cloud.reset()
