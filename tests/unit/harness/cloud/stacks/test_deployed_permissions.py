"""Functions need permissions of the role that they were deployed with."""

import json

import boto3

from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.workers import ask, create


def test_a_function_is_refused_what_its_role_does_not_allow() -> None:
    with LocalCloud(LocalCloudSettings(enforces_iam=True)) as cloud:
        create("one")
        refused = ask(cloud)
        boto3.client("iam").put_role_policy(
            RoleName="worker",
            PolicyName="read",
            PolicyDocument=json.dumps(templates.policy("dynamodb:GetItem")),
        )
        allowed = ask(cloud)

    assert "assumed-role/worker/worker is not" in refused["errorMessage"]
    assert "dynamodb:GetItem" in refused["errorMessage"]
    assert allowed["found"] == "Databases"
