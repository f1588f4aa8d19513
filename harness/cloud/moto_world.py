"""Put a deployment into moto, and take its data away again."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from moto.core.base_backend import BackendDict
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends

from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.moto_patches.own_functions import OWN_PACKAGE

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
    _upload_packages(deployment)
    outputs: dict[str, str] = {}
    for stack in deployment.stacks:
        outputs |= _create(stack, outputs)
    created = boto3.client("stepfunctions").create_state_machine(
        name=deployment.state_machine,
        definition=json.dumps(deployment.definition),
        roleArn=_ROLE,
    )
    return created["stateMachineArn"]


def forget_data() -> None:
    """Empty the tables, and all services that no deployment is made of.

    They are removed rather than reset, so that they are made again in the
    course of a request, as in a fresh world: with the same ids.
    """
    services: list[Any] = list(BackendDict._instances)  # type: ignore[misc]
    for service in services:
        if service.service_name not in _DEPLOYED:
            service.clear()
    _forget_identities()
    _forget_items()


def switch(state_machine_arn: str, deployment: Deployment) -> None:
    """Give the state machine the definition of another deployment."""
    boto3.client("stepfunctions").update_state_machine(
        stateMachineArn=state_machine_arn,
        definition=json.dumps(deployment.definition),
    )


def _forget_identities() -> None:
    """Empty IAM, but for the roles that the stacks made in the hub."""
    for account_id in list(iam_backends):
        if account_id == HUB_ACCOUNT:
            iam_backends[account_id]["aws"].instance_profiles.clear()
        else:
            del iam_backends[account_id]


def _forget_items() -> None:
    # Through the API it costs more than most scenarios that follow.
    tables = dynamodb_backends[HUB_ACCOUNT][DEFAULT_REGION].tables
    for table in tables.values():
        table.items.clear()


def _upload_packages(deployment: Deployment) -> None:
    # The functions run from their folders: moto only wants a package.
    if deployment.bucket is None:
        return
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=deployment.bucket)
    for function in deployment.functions:
        key = f"lambda/{function.folder}.zip"
        s3.put_object(Bucket=deployment.bucket, Key=key, Body=OWN_PACKAGE)


def _create(stack: Stack, outputs: Mapping[str, str]) -> dict[str, str]:
    # What the stacks before it made has names that only moto knows.
    given = {
        key: outputs.get(key, value) for key, value in stack.parameters.items()
    }
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack.name,
        TemplateBody=stack.body,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in given.items()
        ],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    (made,) = cloudformation.describe_stacks(StackName=stack.name)["Stacks"]
    return {
        output["OutputKey"]: output["OutputValue"]
        for output in made.get("Outputs", [])
    }
