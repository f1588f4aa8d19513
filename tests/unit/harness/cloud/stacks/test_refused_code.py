"""What Lambda refuses as code makes no function, and changes none."""

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from harness.cloud.local_cloud import LocalCloud
from tests.unit.harness.cloud.stacks import templates, workers
from tests.unit.harness.cloud.stacks.conftest import BUCKET, Deployer
from tests.unit.harness.cloud.stacks.templates import resource, template

NO_ZIP = "Could not unzip uploaded file"
NO_KEY = "S3 Error Code: NoSuchKey"
NO_BUCKET = "S3 Error Code: NoSuchBucket"
ROLE = "arn:aws:iam::123456789012:role/worker"


def flipped() -> bytes:
    """Make a package whose only file is not what its checksum says."""
    content = bytearray(workers.package(1))
    content[60] ^= 0xFF
    return bytes(content)


def without_files() -> bytes:
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    return content.getvalue()


REFUSED = [
    pytest.param({"ZipFile": b"no zip"}, NO_ZIP, id="no-zip"),
    pytest.param({"ZipFile": workers.package(1)[:-30]}, NO_ZIP, id="cut"),
    pytest.param({"ZipFile": flipped()}, NO_ZIP, id="flipped"),
    pytest.param({"ZipFile": without_files()}, "non-empty zip", id="empty"),
    pytest.param(
        {"S3Bucket": BUCKET, "S3Key": "cut.zip"}, NO_ZIP, id="cut-in-s3"
    ),
    pytest.param(
        {"S3Bucket": BUCKET, "S3Key": "none.zip"}, NO_KEY, id="no-key"
    ),
    pytest.param(
        {"S3Bucket": "nobodys", "S3Key": "none.zip"}, NO_BUCKET, id="no-bucket"
    ),
]


def upload_cut_package() -> None:
    cut = workers.package(1)[:-30]
    boto3.client("s3").put_object(Bucket=BUCKET, Key="cut.zip", Body=cut)


def create_role() -> None:
    boto3.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(templates.TRUST)
    )


def function(code: templates.Document) -> templates.Document:
    return template(
        Worker=resource(
            "AWS::Lambda::Function",
            FunctionName="worker",
            Handler="index.lambda_handler",
            Role=ROLE,
            Runtime="python3.13",
            Code=code,
        )
    )


def function_names() -> set[str]:
    listed = boto3.client("lambda").list_functions()["Functions"]
    return {each["FunctionName"] for each in listed}


@pytest.mark.parametrize(("code", "problem"), REFUSED)
def test_a_function_keeps_its_code_when_the_new_one_is_refused(
    shop: Deployer, one_cloud: LocalCloud, code: Any, problem: str
) -> None:
    upload_cut_package()
    workers.create("one")
    client = boto3.client("lambda")
    before = client.get_function(FunctionName="worker")["Configuration"]

    with pytest.raises(ClientError, match=problem) as caught:
        client.update_function_code(FunctionName="worker", **code)

    after = client.get_function(FunctionName="worker")["Configuration"]
    said = caught.value.response["Error"]["Code"]
    assert said == "InvalidParameterValueException"
    assert after["CodeSha256"] == before["CodeSha256"] != ""


@pytest.mark.parametrize(("code", "problem"), REFUSED)
def test_no_function_is_made_when_its_code_is_refused(
    shop: Deployer, code: Any, problem: str
) -> None:
    upload_cut_package()
    create_role()

    with pytest.raises(ClientError, match=problem) as caught:
        boto3.client("lambda").create_function(
            FunctionName="worker",
            Runtime="python3.13",
            Role=ROLE,
            Handler="worker.lambda_handler",
            Code=code,
        )

    said = caught.value.response["Error"]["Code"]
    assert said == "InvalidParameterValueException"
    assert "worker" not in function_names()


@pytest.mark.parametrize(
    ("key", "problem"), [("cut.zip", NO_ZIP), ("none.zip", NO_KEY)]
)
def test_a_stack_fails_at_the_function_when_its_code_is_refused(
    shop: Deployer, key: str, problem: str
) -> None:
    upload_cut_package()
    create_role()

    status = shop.deploy(function({"S3Bucket": BUCKET, "S3Key": key}))

    (reason,) = [
        reason
        for name, status, reason in shop.events()
        if (name, status) == ("Worker", "CREATE_FAILED")
    ]
    assert (status, problem in reason) == ("ROLLBACK_COMPLETE", True)
    assert "worker" not in function_names()


def test_the_code_that_stands_in_a_template_can_be_changed(
    shop: Deployer, one_cloud: LocalCloud
) -> None:
    create_role()
    code = "def lambda_handler(event, context): return {}"

    first = shop.deploy(function({"ZipFile": code.format(1)}))
    second = shop.deploy(function({"ZipFile": code.format(2)}))

    assert (first, second) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert one_cloud.invoke("worker", {}).json() == 2
