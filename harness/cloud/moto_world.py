"""Put a deployment into moto, and take its data away again."""

import json
from typing import Any

import boto3
from moto.core.base_backend import BackendDict

from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import HUB_ACCOUNT

_ROLE = f"arn:aws:iam::{HUB_ACCOUNT}:role/local-state-machine"
# What a deployment consists of; everything else is data.
_DEPLOYED = {
    "cloudformation",
    "dynamodb",
    "iam",
    "lambda",
    "logs",
    "s3",
    "stepfunctions",
}


def deploy(deployment: Deployment) -> str:
    """Create the stacks and the state machine.

    moto's CloudFormation would put the state machine where its engine
    does not look, so it is created directly.

    Returns:
        ARN of the state machine.
    """
    for stack in deployment.stacks:
        _create(stack)
    created = boto3.client("stepfunctions").create_state_machine(
        name=deployment.state_machine,
        definition=json.dumps(deployment.definition),
        roleArn=_ROLE,
    )
    return created["stateMachineArn"]


def forget_data(deployment: Deployment) -> None:
    """Empty the tables, and all services that no deployment is made of."""
    for table in deployment.tables.values():
        _empty(boto3.resource("dynamodb").Table(table))
    services: list[Any] = list(BackendDict._instances)  # type: ignore[misc]
    for service in services:
        if service.service_name not in _DEPLOYED:
            service.clear()


def _create(stack: Stack) -> None:
    boto3.client("cloudformation").create_stack(
        StackName=stack.name,
        TemplateBody=stack.body,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in stack.parameters.items()
        ],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def _empty(table: Any) -> None:
    names = [key["AttributeName"] for key in table.key_schema]
    for item in table.scan()["Items"]:
        table.delete_item(Key={name: item[name] for name in names})
