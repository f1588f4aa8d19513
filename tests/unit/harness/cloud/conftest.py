"""A small deployment: one table, Lambdas that a test writes itself."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import FunctionSpec
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings

TABLE = {
    "TableName": "toy-items",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
TEMPLATE = {
    "Resources": {
        "Items": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE}
    }
}
DONE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}

EnterCloud = Callable[..., LocalCloud]


@pytest.fixture
def lambda_root(tmp_path: Path) -> Path:
    root = tmp_path / "lambda"
    root.mkdir()
    return root


def write_lambda(root: Path, folder: str, source: str) -> None:
    (root / folder).mkdir(exist_ok=True)
    (root / folder / "index.py").write_text(dedent(source))


@pytest.fixture
def enter_cloud(lambda_root: Path) -> Iterator[EnterCloud]:
    """Enter a cloud with Lambdas given by their source, by folder.

    Each function is called like its folder. A cloud that was entered before
    is left.
    """

    def enter(
        lambdas: dict[str, str] | None = None,
        definition: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        **settings: Any,
    ) -> LocalCloud:
        stack.close()
        lambdas = lambdas or {}
        for folder, source in lambdas.items():
            write_lambda(lambda_root, folder, source)
        deployment = Deployment(
            lambda_root,
            tuple(
                FunctionSpec(folder, folder, environment or {}, timeout=60)
                for folder in lambdas
            ),
            "toy-machine",
            definition or DONE,
            (Stack("toy", json.dumps(TEMPLATE)),),
            {"Items": "toy-items"},
        )
        settings.setdefault("limit", 20)
        cloud = LocalCloud(LocalCloudSettings(**settings), deployment)
        return stack.enter_context(cloud)

    with ExitStack() as stack:
        yield enter


@pytest.fixture
def task() -> Callable[..., dict[str, Any]]:
    """Make a Task state that invokes a function with the state's input."""

    def make(function: str, **fields: Any) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": function, "Payload.$": "$"},
            "OutputPath": "$.Payload",
            **fields,
        }

    return make


@pytest.fixture
def gate() -> Callable[..., dict[str, Any]]:
    """Make a Task state that hands a function a token and waits."""

    def make(function: str, **fields: Any) -> dict[str, Any]:
        payload = {"token.$": "$$.Task.Token"}
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"FunctionName": function, "Payload": payload},
            "ResultPath": None,
            **fields,
        }

    return make
