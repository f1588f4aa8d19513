"""The patches of stacks are needed as long as these tests pass.

Each looks at moto alone. One that fails says that moto has learnt something:
take the patch, or the part of it, away.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.cloudformation import parsing, utils
from moto.cloudformation.models import Stack
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from harness.cloud.stacks.carriers import CLASSES
from harness.cloud.stacks.supplements import SUPPLEMENTS
from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.conftest import BUCKET, put_template
from tests.unit.harness.cloud.stacks.templates import resource, template

_MACHINE = "AWS::StepFunctions::StateMachine"


@pytest.fixture
def moto() -> Iterator[Any]:
    config: Any = {"stepfunctions": {"execute_state_machine": True}}
    with mock_aws(config=config):
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield boto3.client("cloudformation")


def create(moto: Any, document: templates.Document, **given: str) -> None:
    moto.create_stack(
        StackName="shop",
        TemplateBody=json.dumps(document),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in given.items()
        ],
    )


def events(moto: Any) -> set[str]:
    found = moto.describe_stack_events(StackName="shop")["StackEvents"]
    return {event["LogicalResourceId"] for event in found}


@pytest.mark.parametrize("kind", sorted(set(CLASSES) - {_MACHINE}))
def test_moto_does_not_know_a_type_that_is_carried_here(kind: str) -> None:
    assert kind not in parsing.get_model_map()


def test_moto_hides_state_machines_of_stacks_from_executions(
    moto: Any,
) -> None:
    machine = resource(
        _MACHINE,
        RoleArn="arn:aws:iam::123456789012:role/shop",
        DefinitionString='{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
    )

    create(moto, template(Machine=machine))

    backend = stepfunctions_parser_backends["123456789012"]["us-east-1"]
    assert backend.state_machines == []


def test_moto_goes_on_without_types_that_nobody_carries(moto: Any) -> None:
    declared = template(Items=resource("AWS::DynamoDB::Table"), X={})
    declared["Resources"]["Items"]["Properties"] = templates.TABLE
    declared["Resources"]["X"] = resource("AWS::AppConfig::Application")

    with pytest.warns(UserWarning, match="AWS::AppConfig::Application"):
        create(moto, declared)

    (stack,) = moto.describe_stacks(StackName="shop")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_moto_tells_nothing_of_resources(moto: Any) -> None:
    table = resource("AWS::DynamoDB::Table", **templates.TABLE)

    create(moto, template(Items=table))

    assert events(moto) == {"shop"}


def test_moto_takes_values_that_a_template_forbids(moto: Any) -> None:
    declared = template(Topic=resource("AWS::SNS::Topic"))
    declared["Parameters"] = {
        "Kind": {"Type": "String", "AllowedValues": [""]}
    }

    create(moto, declared, Kind="other", Unknown="value")

    assert events(moto) == {"shop"}


def test_moto_reads_half_of_the_name_of_a_nested_output() -> None:
    parsed = Stack.parse_template("A: !GetAtt Inner.Outputs.Name")

    assert parsed["A"] == {"Fn::GetAtt": ["Inner", "Outputs", "Name"]}
    assert not hasattr(Stack, "get_cfn_attribute")
    assert utils.yaml_tag_constructor.__module__ == utils.__name__


def test_moto_deletes_a_nested_stack_to_update_it(moto: Any) -> None:
    table = resource("AWS::DynamoDB::Table", **templates.TABLE)
    inner = {**template(Items=table), "Parameters": {"A": {"Type": "String"}}}
    url = put_template("inner.json", inner)
    stack = "AWS::CloudFormation::Stack"

    for value in ("1", "2"):
        outer = template(
            Inner=resource(stack, TemplateURL=url, Parameters={"A": value})
        )
        body = json.dumps(outer)
        if value == "1":
            create(moto, outer)
            boto3.client("dynamodb").put_item(
                TableName="shop-items", Item={"id": {"S": "kept?"}}
            )
        else:
            moto.update_stack(StackName="shop", TemplateBody=body)

    left = boto3.client("dynamodb").scan(TableName="shop-items")
    assert left["Items"] == []


def test_moto_leaves_a_stack_without_outputs_after_a_change_set(
    moto: Any,
) -> None:
    declared = template(Topic=resource("AWS::SNS::Topic", TopicName="ends"))
    declared["Outputs"] = {"Topic": {"Value": {"Ref": "Topic"}}}
    made = moto.create_change_set(
        StackName="shop",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(declared),
    )

    moto.execute_change_set(ChangeSetName=made["Id"])

    (stack,) = moto.describe_stacks(StackName="shop")["Stacks"]
    assert "Outputs" not in stack


def test_moto_leaves_out_the_managed_policies_of_a_role(moto: Any) -> None:
    owner = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    role = resource(
        "AWS::IAM::Role",
        RoleName="owner",
        AssumeRolePolicyDocument=templates.TRUST,
        ManagedPolicyArns=[owner],
    )

    create(moto, template(Role=role))

    attached = boto3.client("iam").list_attached_role_policies(
        RoleName="owner"
    )
    assert attached["AttachedPolicies"] == []


def test_moto_leaves_out_what_is_applied_to_tables(moto: Any) -> None:
    table = resource(
        "AWS::DynamoDB::Table",
        **templates.TABLE,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        TimeToLiveSpecification={"AttributeName": "TTL", "Enabled": True},
    )

    create(moto, template(Items=table))

    client = boto3.client("dynamodb")
    living = client.describe_time_to_live(TableName="shop-items")
    assert living["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    backups = client.describe_continuous_backups(TableName="shop-items")
    recovery = backups["ContinuousBackupsDescription"][
        "PointInTimeRecoveryDescription"
    ]
    assert recovery["PointInTimeRecoveryStatus"] == "DISABLED"


def test_moto_knows_the_types_that_are_completed_here() -> None:
    assert set(SUPPLEMENTS) <= set(parsing.get_model_map())
