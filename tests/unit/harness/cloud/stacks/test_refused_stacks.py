"""Requests that CloudFormation refuses are refused with its errors."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.conftest import BUCKET, Deployer
from tests.unit.harness.cloud.stacks.templates import resource, template

NOWHERE = f"https://{BUCKET}.s3.us-east-1.amazonaws.com/none.yaml"
NO_BUCKET = "https://nobodys.s3.us-east-1.amazonaws.com/none.yaml"
NO_PATH = "https://s3.us-east-1.amazonaws.com/none.yaml"
TOPIC = resource("AWS::SNS::Topic", TopicName="ends")


def with_parameters(
    document: templates.Document, *names: str
) -> templates.Document:
    declared = {name: {"Type": "String"} for name in names}
    return {**document, "Parameters": declared}


def change(shop: Deployer, kind: str) -> None:
    """Ask for a change set that keeps the value of `Said`."""
    shop.client.create_change_set(
        StackName="shop",
        ChangeSetName="next",
        ChangeSetType=kind,
        TemplateBody=json.dumps(
            with_parameters(template(Topic=TOPIC), "Said")
        ),
        Parameters=[{"ParameterKey": "Said", "UsePreviousValue": True}],
    )


@pytest.mark.parametrize("url", [NOWHERE, NO_BUCKET, NO_PATH])
def test_a_stack_fails_by_the_url_when_a_nested_template_is_missing(
    shop: Deployer, url: str
) -> None:
    inner = resource("AWS::CloudFormation::Stack", TemplateURL=url)

    status = shop.deploy(template(Inner=inner))

    reason = f"TemplateURL {url} cannot be read: S3 has no such object"
    assert status == "ROLLBACK_COMPLETE"
    assert ("Inner", "CREATE_FAILED", reason) in shop.events()


def test_create_stack_is_refused_by_the_url_when_its_template_is_missing(
    shop: Deployer,
) -> None:
    with pytest.raises(ClientError, match=f"TemplateURL {NOWHERE}") as caught:
        shop.client.create_stack(StackName="shop", TemplateURL=NOWHERE)

    assert caught.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_a_change_set_is_refused_when_its_stack_was_rolled_back(
    shop: Deployer, kind: str
) -> None:
    strange = template(Strange=resource("AWS::AppConfig::Application"))
    shop.deploy(with_parameters(strange, "Said"), Said="yes")

    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE") as caught:
        change(shop, kind)

    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_a_change_set_is_refused_when_it_keeps_a_value_that_never_was(
    shop: Deployer,
) -> None:
    with pytest.raises(ClientError, match=r"\[Said\] must have values"):
        change(shop, "CREATE")
    shop.deploy(template(Topic=TOPIC))

    with pytest.raises(ClientError, match="key Said. Cannot specify") as no:
        change(shop, "UPDATE")

    assert no.value.response["Error"]["Code"] == "ValidationError"
