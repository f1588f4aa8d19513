"""One local cloud with a bucket, for stacks of a test's own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from harness.cloud.local_cloud import LocalCloud

BUCKET = "templates"
CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True)
class Deployer:
    """Deploys as `aws cloudformation deploy` does, by change sets."""

    name: str = "shop"

    @property
    def client(self) -> Any:
        return boto3.client("cloudformation")

    def deploy(self, template: Mapping[str, Any], **parameters: str) -> str:
        """Make or change the stack, and tell its status."""
        stacks = self.client.describe_stacks()["Stacks"]
        exists = self.name in {stack["StackName"] for stack in stacks}
        kept = set(template.get("Parameters", {})) - set(parameters)
        made = self.client.create_change_set(
            StackName=self.name,
            ChangeSetName="change",
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=json.dumps(template),
            Capabilities=CAPABILITIES,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ]
            + [
                {"ParameterKey": name, "UsePreviousValue": True}
                for name in kept
                if exists
            ],
        )
        self.client.execute_change_set(ChangeSetName=made["Id"])
        self.client.delete_change_set(ChangeSetName=made["Id"])
        return self.status()

    def status(self) -> str:
        return str(self._described()["StackStatus"])

    def outputs(self) -> dict[str, str]:
        return {
            output["OutputKey"]: output["OutputValue"]
            for output in self._described().get("Outputs", [])
        }

    def events(self, stack: str | None = None) -> list[tuple[str, str, str]]:
        """List logical id, status and reason of all events, in order."""
        found = self.client.describe_stack_events(StackName=stack or self.name)
        return [
            (
                event["LogicalResourceId"],
                event["ResourceStatus"],
                event.get("ResourceStatusReason", ""),
            )
            for event in reversed(found["StackEvents"])
        ]

    def physical_id(self, logical_id: str) -> str:
        found = self.client.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )["StackResourceDetail"]
        return str(found["PhysicalResourceId"])

    def _described(self) -> Any:
        (found,) = self.client.describe_stacks(StackName=self.name)["Stacks"]
        return found


def put_template(key: str, template: Mapping[str, Any]) -> str:
    """Upload a template for a nested stack, and give its URL."""
    body = json.dumps(template).encode()
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)
    return f"https://{BUCKET}.s3.us-east-1.amazonaws.com/{key}"


@pytest.fixture(scope="module")
def one_cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture
def shop(one_cloud: LocalCloud) -> Deployer:
    """Give a deployer in a cloud as new."""
    one_cloud.reset()
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    return Deployer()
