"""Plans are put into the tables of the deployment that was asked for."""

import json
from collections.abc import Iterator

import boto3
import pytest

from harness.cloud.local_cloud import LocalCloud
from harness.cloud.server.seeding import SeedRefusedError, SeedWish
from harness.local_aws import plan_seeding
from tests.local_server import PLAN

TABLES = (
    "ExecutionHistoryTable",
    "ProtectionGroupsTable",
    "RecoveryPlansTable",
    "TargetAccountsTable",
)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:shop"


@pytest.fixture(scope="module")
def one_cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(one_cloud: LocalCloud) -> LocalCloud:
    one_cloud.reset()
    return one_cloud


def deploy(**outputs: str) -> None:
    """Make a stack called shop that has these outputs."""
    body = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": it} for name, it in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(
        StackName="shop", TemplateBody=json.dumps(body)
    )


def test_another_execution_is_prepared_each_time_it_is_asked_for(
    cloud: LocalCloud,
) -> None:
    first = plan_seeding.seed(cloud, PLAN)

    again = [
        plan_seeding.seed(cloud, PLAN, SeedWish(again=True)) for _ in range(2)
    ]

    names = [made["executionName"] for made in (first, *again)]
    held = cloud.tables.items("ExecutionHistoryTable")
    assert sorted(names) == [item["executionId"] for item in held]
    assert len(set(names)) == 3
    assert [made["executionInput"]["Execution"]["Id"] for made in again] == (
        names[1:]
    )


def test_a_plan_that_is_there_is_refused_with_a_hint(
    cloud: LocalCloud,
) -> None:
    plan_seeding.seed(cloud, PLAN)

    with pytest.raises(SeedRefusedError, match="seed --again"):
        plan_seeding.seed(cloud, PLAN)


def test_a_plan_is_put_into_the_tables_of_a_stack(cloud: LocalCloud) -> None:
    names = cloud.deployment.tables
    deploy(
        StateMachineArn=MACHINE,
        **{f"{table}Name": names[table] for table in TABLES},
    )

    made = plan_seeding.seed(cloud, PLAN, SeedWish(stack="shop"))

    assert made["stateMachineArn"] == MACHINE
    assert len(cloud.tables.items("ProtectionGroupsTable")) == 2


def test_a_stack_without_tables_is_refused(cloud: LocalCloud) -> None:
    deploy(StateMachineArn=MACHINE)

    with pytest.raises(SeedRefusedError, match="no output Execution"):
        plan_seeding.seed(cloud, PLAN, SeedWish(stack="shop"))


def test_a_stack_that_does_not_exist_is_refused(cloud: LocalCloud) -> None:
    with pytest.raises(SeedRefusedError, match="shop does not exist"):
        plan_seeding.seed(cloud, PLAN, SeedWish(stack="shop"))
