"""What each call asks IAM for."""

from typing import Any

import pytest

from harness.cloud.calls import AwsCall
from harness.cloud.permissions import operations
from harness.cloud.permissions.evaluation import Request

PLACE = "eu-west-1:222222222222"
SERVER = f"arn:aws:drs:{PLACE}:source-server/"
TABLE = f"arn:aws:dynamodb:{PLACE}:table/items"
FUNCTION = f"arn:aws:lambda:{PLACE}:function:toy"
ROLE = "arn:aws:iam::333333333333:role/path/name"
TEMPLATE = f"arn:aws:ec2:{PLACE}:launch-template/lt-1"


def call(service: str, operation: str, **params: Any) -> AwsCall:
    account, region = "222222222222", "eu-west-1"
    return AwsCall("toy", service, operation, params, account, region)


def needs(asked: AwsCall) -> list[tuple[str, str]]:
    found = operations.requests(asked, {})
    return [(each.action, each.resource) for each in found]


@pytest.mark.parametrize(
    ("service", "operation", "params", "resource"),
    [
        ("dynamodb", "GetItem", {"TableName": "items"}, TABLE),
        ("dynamodb", "Scan", {"TableName": TABLE}, TABLE),
        ("dynamodb", "UpdateItem", {"TableName": "items"}, TABLE),
        ("sts", "AssumeRole", {"RoleArn": ROLE}, ROLE),
        ("drs", "DescribeJobs", {}, "*"),
        ("drs", "DescribeRecoveryInstances", {}, "*"),
        ("drs", "DescribeSourceServers", {}, "*"),
        (
            "drs",
            "DescribeJobLogItems",
            {"jobID": "drsjob-1"},
            f"arn:aws:drs:{PLACE}:job/drsjob-1",
        ),
        (
            "drs",
            "GetLaunchConfiguration",
            {"sourceServerID": "s-1"},
            f"{SERVER}s-1",
        ),
        (
            "drs",
            "UpdateLaunchConfiguration",
            {"sourceServerID": "s-1"},
            f"{SERVER}s-1",
        ),
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-1"]}, "*"),
        (
            "ec2",
            "DescribeLaunchTemplateVersions",
            {"LaunchTemplateId": "lt-1"},
            "*",
        ),
        (
            "ec2",
            "CreateLaunchTemplateVersion",
            {"LaunchTemplateId": "lt-1"},
            TEMPLATE,
        ),
        (
            "ec2",
            "ModifyLaunchTemplate",
            {"LaunchTemplateId": "lt-1"},
            TEMPLATE,
        ),
    ],
)
def test_an_operation_needs_the_action_of_its_name_when_it_is_plain(
    service: str, operation: str, params: dict[str, Any], resource: str
) -> None:
    asked = call(service, operation, **params)

    assert needs(asked) == [(f"{service}:{operation}", resource)]


@pytest.mark.parametrize(
    "name", ["toy", FUNCTION, "222222222222:function:toy"]
)
def test_an_invocation_is_of_one_function_however_it_is_named(
    name: str,
) -> None:
    asked = call("lambda", "Invoke", FunctionName=name)

    assert needs(asked) == [("lambda:InvokeFunction", FUNCTION)]


def test_a_recovery_needs_three_actions_on_each_of_its_servers() -> None:
    servers = [{"sourceServerID": "s-1"}, {"sourceServerID": "s-2"}]

    asked = call("drs", "StartRecovery", sourceServers=servers)

    assert needs(asked) == [
        (f"drs:{action}", SERVER + server_id)
        for action in (
            "StartRecovery",
            "CreateRecoveryInstanceForDrs",
            "TagResource",
        )
        for server_id in ("s-1", "s-2")
    ]


def test_nothing_is_needed_when_somebody_asks_who_they_are() -> None:
    assert needs(call("sts", "GetCallerIdentity")) == []


def test_conditions_can_ask_for_the_external_id_when_a_role_is_assumed() -> (
    None
):
    asked = call("sts", "AssumeRole", RoleArn=ROLE, ExternalId="secret")

    found = operations.requests(asked, {"aws:RequestedRegion": "eu-west-1"})

    context = {"aws:RequestedRegion": "eu-west-1", "sts:ExternalId": "secret"}
    assert found == [Request("sts:AssumeRole", ROLE, context)]


def test_an_operation_is_an_error_when_its_needs_are_not_known() -> None:
    with pytest.raises(
        operations.UnmappedOperationError,
        match="toy calls s3 PutObject, and .*operations.py does not say",
    ):
        needs(call("s3", "PutObject"))


def test_a_call_is_an_error_when_it_does_not_name_its_resource() -> None:
    asked = call("ec2", "ModifyLaunchTemplate", LaunchTemplateName="web")

    with pytest.raises(
        operations.UnnamedResourceError, match="without LaunchTemplateId"
    ):
        needs(asked)
