"""Functions run from the package that they were deployed with."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from harness.cloud.local_cloud import LocalCloud
from tests.unit.harness.cloud.stacks.workers import ask, create, package


def test_a_function_runs_the_package_and_the_variables_it_has_now(
    one_cloud: LocalCloud,
) -> None:
    one_cloud.reset()
    create("one")
    client = boto3.client("lambda")

    first = ask(one_cloud)
    client.update_function_code(FunctionName="worker", ZipFile=package(2))
    second = ask(one_cloud)
    client.update_function_configuration(
        FunctionName="worker", Environment={"Variables": {"SAID": "two"}}
    )
    third = ask(one_cloud)

    assert first == {"said": "one", "found": "Databases", "version": 1}
    assert (second["said"], second["version"]) == ("one", 2)
    assert (third["said"], third["version"]) == ("two", 2)
    assert [call.function for call in one_cloud.calls] == ["worker"] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda client, name: client.update_function_code(
            FunctionName=name, ZipFile=package(1)
        ),
        lambda client, name: client.update_function_configuration(
            FunctionName=name, Timeout=9
        ),
        lambda client, name: client.delete_function(FunctionName=name),
    ],
    ids=["code", "configuration", "delete"],
)
def test_a_function_that_runs_from_its_folder_is_not_changed(
    one_cloud: LocalCloud, change: Any
) -> None:
    one_cloud.reset()
    name = one_cloud.deployment.functions[0].name

    with pytest.raises(ClientError, match="runs from the project's folder"):
        change(boto3.client("lambda"), name)
