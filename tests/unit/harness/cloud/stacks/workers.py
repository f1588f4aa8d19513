"""A function with a package of its own, which asks AWS for an item."""

import io
import json
import zipfile
from textwrap import dedent
from typing import Any

import boto3

from harness.cloud.local_cloud import LocalCloud
from tests.unit.harness.cloud.stacks import templates

_CODE = """
import os
import boto3


def lambda_handler(event, context):
    found = boto3.client("dynamodb").get_item(
        TableName="drs-orchestration-protection-groups-dev",
        Key={"groupId": {"S": event["ask"]}},
    )
    return {
        "said": os.environ["SAID"],
        "found": found["Item"]["groupName"]["S"],
        "version": VERSION,
    }
"""


def package(version: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        text = dedent(_CODE).replace("VERSION", str(version))
        archive.writestr("worker.py", text)
    return content.getvalue()


def create(said: str) -> None:
    boto3.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(templates.TRUST)
    )
    boto3.client("lambda").create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Role="arn:aws:iam::123456789012:role/worker",
        Handler="worker.lambda_handler",
        Code={"ZipFile": package(1)},
        Timeout=30,
        Environment={"Variables": {"SAID": said}},
    )


def ask(cloud: LocalCloud) -> Any:
    cloud.put_protection_group({"groupId": "db", "groupName": "Databases"})
    return cloud.invoke("worker", {"ask": "db"}).json()
