"""The project itself on a local cloud, with either orchestration."""

from collections.abc import Iterator
from typing import Any, get_args

import boto3
import pytest

from harness import drs
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.operator import NotPausedError, Operator
from harness.cloud.project import Orchestration

TARGET = "222222222222"
REGION = "eu-west-1"
CONTEXT = {
    "accountId": TARGET,
    "assumeRoleName": "DRSOrchestrationRole",
    "externalId": "external-1",
    "isCurrentAccount": False,
}
WAVES = [
    {"waveNumber": 0, "waveName": "Web", "protectionGroupId": "group"},
    {
        "waveNumber": 1,
        "waveName": "More",
        "protectionGroupId": "group",
        "pauseBeforeWave": True,
    },
]
PLAN = {"planId": "p1", "planName": "Plan", "waves": WAVES}


@pytest.fixture(scope="module")
def shared_cloud() -> Iterator[LocalCloud]:
    settings = LocalCloudSettings(profile=drs.INSTANT)
    with LocalCloud(settings) as cloud:
        yield cloud


@pytest.fixture(params=get_args(Orchestration))
def cloud(
    shared_cloud: LocalCloud, request: pytest.FixtureRequest
) -> LocalCloud:
    shared_cloud.reset(orchestration=request.param)
    region = drs.region(TARGET, REGION)
    region.initialize()
    server = drs.SourceServerSeed("web-1", tags={"tier": "web"})
    region.add_source_server(server)
    shared_cloud.put_protection_group(
        {
            "groupId": "group",
            "region": REGION,
            "serverSelectionTags": {"tier": "web"},
            "sourceServerIds": [],
        }
    )
    return shared_cloud


@pytest.fixture
def operator(cloud: LocalCloud) -> Operator:
    operator = cloud.operator("e1", "p1")
    operator.create("Plan", is_drill=True, total_waves=2)
    return operator


def start(cloud: LocalCloud) -> str:
    document: dict[str, Any] = {
        "Execution": {"Id": "e1"},
        "Plan": PLAN,
        "isDrill": True,
        "accountContext": CONTEXT,
    }
    return cloud.start_execution("e1", document)


def status(cloud: LocalCloud) -> Any:
    item = cloud.history_item("e1", "p1")
    return item and item["status"]


def test_a_plan_recovers_in_the_target_account_when_it_is_resumed(
    cloud: LocalCloud, operator: Operator
) -> None:
    arn = start(cloud)
    assert cloud.wait(arn) == "PAUSED"

    operator.resume({"ignored": True})

    assert cloud.wait(arn) == "SUCCEEDED"
    record = operator.record()
    assert record["status"] == "COMPLETED"
    assert record["stateMachineArn"] == arn
    places = {(c.service, c.account) for c in cloud.calls}
    assert {a for s, a in places if s in ("drs", "ec2")} == {TARGET}
    assert {a for s, a in places if s not in ("drs", "ec2")} == {
        "123456789012"
    }


def test_a_paused_plan_is_cancelled_when_the_operator_says_so(
    cloud: LocalCloud, operator: Operator
) -> None:
    arn = start(cloud)
    cloud.wait(arn)

    operator.cancel_at_gate()

    assert cloud.wait(arn) == "SUCCEEDED"
    assert status(cloud) == "CANCELLED"


def test_a_running_plan_is_cancelled_when_the_wish_comes_in_a_call(
    cloud: LocalCloud, operator: Operator
) -> None:
    answers: list[bool] = []

    def wish(call: Any) -> None:
        if call.operation == "StartRecovery":
            answers.append(operator.request_cancel())

    cloud.on_call(before=wish)
    arn = start(cloud)

    assert cloud.wait(arn) == "SUCCEEDED"
    assert status(cloud) == "CANCELLED"
    assert answers == [True]
    assert not operator.request_cancel()


def test_nothing_can_be_resumed_when_no_wave_waits(
    cloud: LocalCloud, operator: Operator
) -> None:
    assert operator.request_pause()

    with pytest.raises(NotPausedError, match="PAUSE_PENDING"):
        operator.resume()


def test_tables_roles_and_functions_exist_when_the_project_is_deployed(
    cloud: LocalCloud,
) -> None:
    tables = boto3.client("dynamodb").list_tables()["TableNames"]
    functions = boto3.client("lambda").list_functions()["Functions"]
    roles = boto3.client("iam").list_roles()["Roles"]

    assert set(tables) == set(cloud.deployment.tables.values())
    assert {f["FunctionName"] for f in functions} == {
        function.name for function in cloud.deployment.functions
    }
    assert len(roles) >= len(functions)


def test_a_stack_gets_what_the_one_before_made_when_both_are_deployed(
    cloud: LocalCloud,
) -> None:
    cloudformation = boto3.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName="lambda-stack")[
        "Stacks"
    ]
    given = {
        each["ParameterKey"]: each["ParameterValue"]
        for each in stack["Parameters"]
    }

    policies = boto3.client("iam").list_policies(Scope="Local")["Policies"]

    arns = {policy["Arn"] for policy in policies}
    assert given["RecoveryStartPolicyArn"] in arns
    assert given["RecoveryObservationPolicyArn"] in arns
