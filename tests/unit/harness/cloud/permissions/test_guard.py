"""Calls that IAM does not allow are refused before they do anything."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest

from harness import drs
from harness.cloud import account_clients
from harness.cloud.calls import ServiceError
from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import FunctionSpec, Role
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.permissions.evaluation import Statement
from harness.cloud.permissions.identities import RoleMissingError
from harness.cloud.permissions.operations import UnmappedOperationError
from tests.unit.harness.cloud.conftest import DONE, TEMPLATE, write_lambda

HUB = "123456789012"
TARGET = "222222222222"
REGION = "us-east-1"
TABLE = f"arn:aws:dynamodb:{REGION}:{HUB}:table/toy-items"
SERVER_ID = f"s-{0:017d}"
# Makes one call, with the credentials of a role if the event names one,
# and tells the error.
CALLS = """
    import boto3
    def lambda_handler(event, context):
        session = boto3
        if "role" in event:
            keys = boto3.client("sts").assume_role(
                RoleArn=event["role"], RoleSessionName="toy"
            )["Credentials"]
            session = boto3.Session(
                keys["AccessKeyId"],
                keys["SecretAccessKey"],
                keys["SessionToken"],
            )
        client = session.client(event["service"], "us-east-1")
        try:
            getattr(client, event["method"])(**event["params"])
        except client.exceptions.ClientError as error:
            answer = error.response
            status = answer["ResponseMetadata"]["HTTPStatusCode"]
            return [answer["Error"]["Code"], status, answer["Error"]["Message"]]
        except Exception as error:
            return type(error).__name__
"""
UPDATE: dict[str, Any] = {
    "service": "dynamodb",
    "method": "update_item",
    "params": {
        "TableName": "toy-items",
        "Key": {"id": {"S": "1"}},
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": "2"}},
    },
}
START: dict[str, Any] = {
    "service": "drs",
    "method": "start_recovery",
    "params": {"sourceServers": [{"sourceServerID": SERVER_ID}]},
}
ASSUME: dict[str, Any] = {
    "service": "sts",
    "method": "assume_role",
    "params": {
        "RoleArn": f"arn:aws:iam::{TARGET}:role/there",
        "RoleSessionName": "toy",
    },
}
LIST = {"service": "drs", "method": "describe_jobs", "params": {}}

Enter = Callable[..., LocalCloud]


def allow(action: str, resource: str = "*") -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def refusal(action: str, resource: str, who: str = "ToyRole/toy") -> str:
    return (
        f"User: arn:aws:sts::{HUB}:assumed-role/{who} is not authorized to "
        f"perform: {action} on resource: {resource} because no "
        f"identity-based policy allows the {action} action"
    )


@pytest.fixture
def enter(lambda_root: Path) -> Iterator[Enter]:
    """Enter a cloud with one function and the statements of its role."""
    write_lambda(lambda_root, "toy", CALLS)

    def enter_cloud(
        *statements: Statement, has_role: bool = True, enforces: bool = True
    ) -> LocalCloud:
        role = Role("ToyRole", statements) if has_role else None
        deployment = Deployment(
            lambda_root,
            (FunctionSpec("toy", "toy", role=role),),
            "toy-machine",
            DONE,
            (Stack("toy", json.dumps(TEMPLATE)),),
            {"Items": "toy-items"},
        )
        settings = LocalCloudSettings(
            enforces_iam=enforces, profile=drs.INSTANT
        )
        return stack.enter_context(LocalCloud(settings, deployment))

    with ExitStack() as stack:
        yield enter_cloud


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def ask(cloud: LocalCloud, event: dict[str, Any], **more: Any) -> Any:
    return cloud.invoke("toy", {**event, **more}).json()


def add_server() -> None:
    region = drs.region(HUB, REGION)
    region.initialize()
    region.add_source_server(
        drs.SourceServerSeed("web-1", server_id=SERVER_ID)
    )


def create_role(**policies: Any) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": HUB},
        "Action": "sts:AssumeRole",
    }
    iam = account_clients.iam(TARGET)
    iam.create_role(
        RoleName="there",
        AssumeRolePolicyDocument=policy(trust),
    )
    for name, statement in policies.items():
        iam.put_role_policy(
            RoleName="there",
            PolicyName=name,
            # One statement need not be in a list.
            PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": statement}
            ),
        )


def test_each_service_refuses_in_its_own_way_when_nothing_is_allowed(
    enter: Enter,
) -> None:
    cloud = enter()
    invoke = {"FunctionName": "toy"}
    version = {"LaunchTemplateId": "lt-1", "LaunchTemplateData": {}}
    template = f"arn:aws:ec2:{REGION}:{HUB}:launch-template/lt-1"
    function = f"arn:aws:lambda:{REGION}:{HUB}:function:toy"

    answers = [
        ask(cloud, UPDATE),
        ask(cloud, LIST),
        ask(cloud, ASSUME),
        ask(
            cloud, {"service": "lambda", "method": "invoke", "params": invoke}
        ),
        ask(
            cloud,
            {
                "service": "ec2",
                "method": "create_launch_template_version",
                "params": version,
            },
        ),
    ]

    assert answers == [
        ["AccessDeniedException", 400, refusal("dynamodb:UpdateItem", TABLE)],
        ["AccessDeniedException", 403, refusal("drs:DescribeJobs", "*")],
        [
            "AccessDenied",
            403,
            refusal("sts:AssumeRole", ASSUME["params"]["RoleArn"]),
        ],
        [
            "AccessDeniedException",
            403,
            refusal("lambda:InvokeFunction", function),
        ],
        [
            "UnauthorizedOperation",
            403,
            "You are not authorized to perform this operation. "
            + refusal("ec2:CreateLaunchTemplateVersion", template),
        ],
    ]


def test_nothing_is_written_when_a_write_is_refused(enter: Enter) -> None:
    cloud = enter(allow("dynamodb:GetItem", TABLE))

    ask(cloud, UPDATE)

    assert cloud.tables.items("Items") == []
    assert [call.error for call in cloud.calls] == ["AccessDeniedException"]


def test_a_call_is_made_when_its_action_and_resource_are_allowed(
    enter: Enter,
) -> None:
    cloud = enter(allow("dynamodb:UpdateItem", TABLE))

    answer = ask(cloud, UPDATE)

    assert answer is None
    assert cloud.tables.items("Items") == [{"id": "1", "n": 2}]


def test_a_denial_says_that_it_is_one_when_a_statement_denies(
    enter: Enter,
) -> None:
    denial = {**allow("dynamodb:*"), "Effect": "Deny"}
    cloud = enter(allow("dynamodb:UpdateItem", TABLE), denial)

    _, _, message = ask(cloud, UPDATE)

    assert message.endswith(
        f"on resource: {TABLE} with an explicit deny in an identity-based "
        "policy"
    )


def test_nothing_is_evaluated_when_it_is_not_asked_for(enter: Enter) -> None:
    cloud = enter(has_role=False, enforces=False)

    answer = ask(cloud, UPDATE)

    assert answer is None


def test_somebody_outside_needs_no_permission_when_functions_do(
    enter: Enter,
) -> None:
    enter()

    answer = boto3.client("dynamodb").scan(TableName="toy-items")

    assert answer["Items"] == []


def test_a_fault_after_the_effect_has_none_when_the_call_is_refused(
    enter: Enter,
) -> None:
    cloud = enter()
    lost = ServiceError("InternalFailure", after_effect=True)
    cloud.on_call(before=lambda call: lost)

    code, *_ = ask(cloud, UPDATE)

    assert code == "InternalFailure"
    assert cloud.tables.items("Items") == []


def test_an_unknown_operation_surfaces_when_a_function_swallows_its_error(
    enter: Enter,
) -> None:
    cloud = enter(allow("*"))
    event = {"service": "s3", "method": "list_buckets", "params": {}}

    answer = ask(cloud, event)

    [failure] = cloud.hook_failures.take()
    assert answer == "UnmappedOperationError"
    assert isinstance(failure, UnmappedOperationError)


def test_a_function_without_a_role_is_an_error_when_iam_is_enforced(
    enter: Enter,
) -> None:
    cloud = enter(has_role=False)

    ask(cloud, UPDATE)

    [failure] = cloud.hook_failures.take()
    assert isinstance(failure, RoleMissingError)
    assert "toy has no role in its deployment" in str(failure)


def test_the_policies_of_a_role_count_when_its_credentials_are_used(
    enter: Enter,
) -> None:
    cloud = enter(allow("sts:AssumeRole"))
    create_role(one=allow("drs:DescribeSourceServers"))
    role = ASSUME["params"]["RoleArn"]

    code, status, message = ask(cloud, LIST, role=role)

    session = f"User: arn:aws:sts::{TARGET}:assumed-role/there/toy is not"
    assert (code, status) == ("AccessDeniedException", 403)
    assert message.startswith(session)
    assert cloud.calls[-1].account == TARGET


def test_the_default_version_counts_when_a_policy_is_managed(
    enter: Enter,
) -> None:
    cloud = enter(allow("sts:AssumeRole"))
    create_role()
    iam = account_clients.iam(TARGET)
    nothing = policy(allow("drs:TagResource"))
    made = iam.create_policy(PolicyName="jobs", PolicyDocument=nothing)
    arn = made["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="there", PolicyArn=arn)
    role = ASSUME["params"]["RoleArn"]

    before = ask(cloud, LIST, role=role)
    iam.create_policy_version(
        PolicyArn=arn,
        PolicyDocument=policy(allow("drs:DescribeJobs")),
        SetAsDefault=True,
    )
    code, *_ = ask(cloud, LIST, role=role)

    assert before[0] == "AccessDeniedException"
    # The account has no DRS, but that is for DRS to say.
    assert code == "UninitializedAccountException"


def test_a_role_is_refused_when_it_does_not_trust_the_hub(
    enter: Enter,
) -> None:
    cloud = enter(allow("sts:AssumeRole"))

    code, status, _ = ask(cloud, ASSUME)

    assert (code, status) == ("AccessDenied", 403)


def test_a_launch_fails_only_when_its_own_caller_may_not_use_ec2(
    enter: Enter,
) -> None:
    cloud = enter(allow("drs:*"))
    add_server()

    answer = ask(cloud, START)
    boto3.client("drs", REGION).start_recovery(**START["params"])

    first, second = drs.region(HUB, REGION).jobs.values()
    [error] = [
        item.data["rawError"]
        for item in first.log
        if item.event == "LAUNCH_FAILED"
    ]
    assert answer is None
    assert "when calling the DescribeAccountAttributes operation" in error
    assert error.endswith(refusal("ec2:DescribeAccountAttributes", "*"))
    assert second.participants[0].launch_status == "LAUNCHED"


def test_a_running_job_is_untouched_when_its_server_is_asked_for_again(
    enter: Enter,
) -> None:
    cloud = enter(allow("drs:*"))
    drs.reset(0, drs.LINUX)
    add_server()
    boto3.client("drs", REGION).start_recovery(**START["params"])

    code, *_ = ask(cloud, START)
    cloud.clock.sleep(3600)

    [job] = drs.region(HUB, REGION).jobs.values()
    assert code == "ConflictException"
    assert job.participants[0].launch_status == "LAUNCHED"
