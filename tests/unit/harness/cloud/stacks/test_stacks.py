"""Stacks of the local cloud are made, changed and removed as on AWS."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from harness.cloud.local_cloud import LocalCloud
from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.conftest import Deployer, put_template
from tests.unit.harness.cloud.stacks.templates import resource, template

STACK = "AWS::CloudFormation::Stack"
ITEMS = resource("AWS::DynamoDB::Table", **templates.TABLE)
TOPIC = resource("AWS::SNS::Topic", TopicName="ends")


def with_parameters(
    document: templates.Document, **parameters: Any
) -> templates.Document:
    return {**document, "Parameters": parameters}


def nested(**inner: Any) -> templates.Document:
    """Make a stack around another one that has an output."""
    document = {**template(Items=ITEMS, **inner)}
    document["Outputs"] = {"Name": {"Value": {"Ref": "Items"}}}
    url = put_template("inner.json", document)
    outer = template(Inner=resource(STACK, TemplateURL=url))
    value = {"Fn::GetAtt": ["Inner", "Outputs.Name"]}
    return {**outer, "Outputs": {"Table": {"Value": value}}}


def table_names() -> list[str]:
    names = boto3.client("dynamodb").list_tables()["TableNames"]
    return [name for name in names if name.startswith("shop")]


def test_a_stack_hands_on_the_outputs_of_a_nested_one(shop: Deployer) -> None:
    status = shop.deploy(nested())

    assert status == "CREATE_COMPLETE"
    assert shop.outputs() == {"Table": "shop-items"}
    assert shop.physical_id("Inner").startswith("arn:aws:cloudformation:")


def test_items_outlive_an_update_when_their_table_is_in_a_nested_stack(
    shop: Deployer,
) -> None:
    shop.deploy(nested())
    item = {"id": {"S": "kept"}}
    boto3.client("dynamodb").put_item(TableName="shop-items", Item=item)

    status = shop.deploy(nested(Topic=TOPIC))

    left = boto3.client("dynamodb").scan(TableName="shop-items")["Items"]
    assert (status, left) == ("UPDATE_COMPLETE", [item])
    inner = shop.events(shop.physical_id("Inner"))
    assert ("Topic", "CREATE_COMPLETE", "") in inner
    assert ("Items", "UPDATE_IN_PROGRESS", "") not in inner


def test_a_stack_fails_by_name_when_nobody_carries_a_type(
    shop: Deployer,
) -> None:
    strange = resource("AWS::AppConfig::Application", Name="x")

    status = shop.deploy(template(Items=ITEMS, Strange=strange))

    reason = (
        "Neither moto nor the local cloud carries AWS::AppConfig::Application"
    )
    assert status == "ROLLBACK_COMPLETE"
    assert ("Strange", "CREATE_FAILED", reason) in shop.events()
    assert table_names() == []


def test_a_stack_that_was_rolled_back_must_be_deleted_before_the_next_try(
    shop: Deployer,
) -> None:
    strange = resource("AWS::AppConfig::Application", Name="x")
    shop.deploy(template(Strange=strange))

    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE"):
        shop.deploy(template(Items=ITEMS))
    shop.client.delete_stack(StackName="shop")

    assert shop.deploy(template(Items=ITEMS)) == "CREATE_COMPLETE"


def test_nothing_of_a_nested_stack_is_left_when_it_could_not_be_made(
    shop: Deployer,
) -> None:
    strange = resource("AWS::AppConfig::Application", Name="x")

    status = shop.deploy(nested(Strange=strange))

    assert status == "ROLLBACK_COMPLETE"
    assert table_names() == []


def test_an_update_fails_by_name_when_it_needs_another_resource(
    shop: Deployer,
) -> None:
    shop.deploy(template(Items=ITEMS))
    other = resource(
        "AWS::DynamoDB::Table", **{**templates.TABLE, "TableName": "shop-x"}
    )

    status = shop.deploy(template(Items=other))

    reason = shop.events()[-1][2]
    assert status == "UPDATE_FAILED"
    assert "cannot change TableName" in reason
    assert shop.deploy(template(Items=ITEMS)) == "UPDATE_COMPLETE"


def test_create_stack_is_refused_when_a_resource_cannot_be_made(
    shop: Deployer,
) -> None:
    body = '{"Resources": {"Strange": {"Type": "AWS::AppConfig::Extension"}}}'

    with pytest.raises(ClientError, match="carries AWS::AppConfig::Ext"):
        shop.client.create_stack(StackName="shop", TemplateBody=body)

    assert shop.status() == "CREATE_FAILED"


def test_resources_come_and_go_with_their_conditions(shop: Deployer) -> None:
    declared = with_parameters(
        template(Items=ITEMS, Topic={**TOPIC, "Condition": "Told"}),
        Tell={"Type": "String", "AllowedValues": ["yes", "no"]},
    )
    declared["Conditions"] = {"Told": {"Fn::Equals": [{"Ref": "Tell"}, "yes"]}}

    shop.deploy(declared, Tell="no")
    shop.deploy(declared, Tell="yes")
    made = boto3.client("sns").list_topics()["Topics"]
    shop.deploy(declared, Tell="no")

    assert len(made) == 1
    assert boto3.client("sns").list_topics()["Topics"] == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"Tell": "perhaps"}, "'Tell' must be one of AllowedValues: yes, no"),
        ({"Name": "UPPER"}, "'Name' must match pattern"),
    ],
)
def test_values_that_a_template_forbids_are_refused(
    shop: Deployer, given: dict[str, str], problem: str
) -> None:
    declared = with_parameters(
        template(Items=ITEMS),
        Tell={
            "Type": "String",
            "AllowedValues": ["yes", "no"],
            "Default": "no",
        },
        Name={"Type": "String", "AllowedPattern": "[a-z]+", "Default": "a"},
    )

    with pytest.raises(ClientError, match=problem):
        shop.deploy(declared, **given)


def test_parameters_that_no_template_has_are_refused(shop: Deployer) -> None:
    with pytest.raises(ClientError, match=r"\[Tell\] do not exist"):
        shop.deploy(template(Items=ITEMS), Tell="yes")


def test_an_update_keeps_lists_and_defaults(shop: Deployer) -> None:
    declared = with_parameters(
        template(Topic=TOPIC),
        Names={"Type": "CommaDelimitedList"},
        Days={"Type": "Number", "Default": 30},
    )
    joined = {"Fn::Join": ["+", {"Ref": "Names"}]}
    declared["Outputs"] = {
        "Names": {"Value": joined},
        "Days": {"Value": {"Ref": "Days"}},
    }
    shop.deploy(declared, Names="a,b")

    shop.deploy({**declared, "Description": "Other"})
    shop.client.update_stack(
        StackName="shop",
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": name, "UsePreviousValue": True}
            for name in ("Names", "Days")
        ],
    )

    assert shop.outputs() == {"Names": "a+b", "Days": "30"}


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_what_is_to_be_retained_outlives_its_stack(
    shop: Deployer, policy: str
) -> None:
    kept = {**ITEMS, "DeletionPolicy": {"Ref": "Policy"}}
    declared = with_parameters(
        template(Items=kept, Topic=TOPIC),
        Policy={"Type": "String", "Default": policy},
    )
    shop.deploy(declared)

    shop.client.delete_stack(StackName="shop")

    assert table_names() == ["shop-items"]
    assert boto3.client("sns").list_topics()["Topics"] == []


def test_a_stack_is_made_again_as_new_when_the_cloud_was_reset(
    shop: Deployer, one_cloud: LocalCloud
) -> None:
    group = resource("AWS::Logs::LogGroup", LogGroupName="shop")
    own = shop.client.list_stacks()["StackSummaries"]
    shop.deploy(template(Items=ITEMS, Group=group))

    one_cloud.reset()

    assert shop.client.list_stacks()["StackSummaries"] == own
    assert boto3.client("s3").list_buckets()["Buckets"][1:] == []
    status = shop.deploy(template(Items=ITEMS, Group=group))
    assert status == "CREATE_COMPLETE"
