"""The steps of a deployment, each against AWS as moto serves it.

A whole deployment to the local AWS stands in a test of its own.
"""

import io
import json
import os
import pty
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests import throw_away_tree
from tests.throw_away_tree import Tree

REGION = "eu-west-1"
LIMIT = 120
SOURCES = ("report", "tools", "parameters", "artifacts", "stack", "rollback")
FUNCTIONS = ("dr-orch-sf", "execution-handler", "orch-sf", "query-handler")
PACKAGES = (
    "dr-orchestration-stepfunction",
    "execution-handler",
    "orchestration-stepfunctions",
    "query-handler",
)
TRUST = '{"Version": "2012-10-17", "Statement": []}'
PLACE: Any = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
BUCKET = "drs-orchestration-prod-123456789012-eu-west-1"


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # What the test before made is still in this process.
    urlopen(f"{url}/moto-api/reset", data=b"").close()
    yield url
    server.stop()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return throw_away_tree.small(tmp_path / "tree")


def variables(endpoint: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }


def client(service: str, endpoint: str) -> Any:
    names = ("aws_access_key_id", "aws_secret_access_key")
    keys: Any = dict.fromkeys(names, "testing")
    return boto3.client(service, REGION, endpoint_url=endpoint, **keys)


def steps(tree: Tree, endpoint: str, *commands: str) -> str:
    """Run steps of the scripts one after another, up to one that fails."""
    lines = [f"source scripts/deploy/{each}.sh" for each in SOURCES]
    lines += ["ENVIRONMENT=prod", "CONFIRMED=yes", "open_report", "account"]
    done = subprocess.run(
        ("bash", "-ec", "\n".join([*lines, *commands])),
        cwd=tree.root,
        env=variables(endpoint),
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    return done.stdout + done.stderr


def throttled(service: str = "cloudformation") -> str:
    """Put an AWS CLI first that one service is too busy for."""
    return f"""
real="$AWS"
AWS="$PWD/busy"
cat > "$AWS" <<TEXT
#!/bin/sh
[ "\\$1" != {service} ] || {{
  echo "An error occurred (Throttling): Rate exceeded" >&2
  exit 254
}}
exec $real "\\$@"
TEXT
chmod +x "$AWS"
find_tool() {{ TOOL="$PWD/busy"; }}
"""


def deploy_something(endpoint: str, **parameters: str) -> None:
    """Deploy a stack that has little but parameters."""
    declared = {name: {"Type": "String"} for name in parameters}
    client("cloudformation", endpoint).create_stack(
        StackName="drs-orchestration-prod",
        TemplateBody=json.dumps(
            {
                "Parameters": declared,
                "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            }
        ),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in parameters.items()
        ],
    )


def answered(tree: Tree, endpoint: str, answer: str) -> str:
    """Ask for a rollback of prod at a terminal, and answer its question."""
    person, terminal = pty.openpty()
    os.write(person, f"{answer}\n".encode())
    try:
        done = subprocess.run(
            ("scripts/deploy.sh", "prod", "--rollback"),
            cwd=tree.root,
            env=variables(endpoint),
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
        )
    finally:
        os.close(terminal)
        os.close(person)
    assert done.returncode == 1
    return done.stdout


def zipped(text: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("index.py", text)
    return memory.getvalue()


def test_production_is_left_alone_when_its_name_is_not_typed(
    tree: Tree, endpoint: str
) -> None:
    said = answered(tree, endpoint, "yes")

    assert "drs-orchestration-prod in account 123456789012" in said
    assert "confirmation: prod was not typed" in said
    assert "deployed stack" not in said


def test_production_is_changed_when_its_name_is_typed(
    tree: Tree, endpoint: str
) -> None:
    said = answered(tree, endpoint, "prod")

    assert "deployed stack: no stack drs-orchestration-prod" in said


def test_the_bucket_is_made_once_private_versioned_and_encrypted(
    tree: Tree, endpoint: str
) -> None:
    said = steps(tree, endpoint, "bucket", "bucket")

    s3 = client("s3", endpoint)
    access = s3.get_public_access_block(Bucket=BUCKET)
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)
    place = s3.get_bucket_location(Bucket=BUCKET)
    assert said.count(f"bucket: passed ({BUCKET}, new)") == 1
    assert said.count(f"bucket: passed ({BUCKET})") == 1
    assert set(access["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert "AES256" in str(encryption["ServerSideEncryptionConfiguration"])
    assert place["LocationConstraint"] == REGION


@pytest.mark.parametrize("name", [BUCKET, "of-somebody"])
def test_only_the_bucket_of_the_script_is_settled_again(
    tree: Tree, endpoint: str, name: str
) -> None:
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=name, **PLACE)

    steps(tree, endpoint, f"PARAMETER_DeploymentBucket={name}", "bucket")

    status = s3.get_bucket_versioning(Bucket=name).get("Status")
    assert status == ("Enabled" if name == BUCKET else None)


def test_only_functions_with_other_code_are_updated(
    tree: Tree, endpoint: str
) -> None:
    old, new = zipped("OLD = 1\n"), zipped("NEW = 1\n")
    iam, functions = (client(name, endpoint) for name in ("iam", "lambda"))
    client("s3", endpoint).create_bucket(Bucket=BUCKET, **PLACE)
    role = iam.create_role(RoleName="any", AssumeRolePolicyDocument=TRUST)
    for name in FUNCTIONS:
        functions.create_function(
            FunctionName=f"drs-orchestration-{name}-prod",
            Code={"ZipFile": old},
            Role=role["Role"]["Arn"],
            Runtime="python3.13",
            Handler="index.lambda_handler",
        )
    folder = tree.root / "build" / "lambda-local"
    folder.mkdir(parents=True)
    for name in PACKAGES:
        changed = name == "query-handler"
        (folder / f"{name}.zip").write_bytes(new if changed else old)

    said = steps(
        tree,
        endpoint,
        f"PACKAGES={folder} BUCKET={BUCKET}",
        "upload_packages",
        "update_functions",
    )

    assert said.count("passed (has this code already)") == 3
    assert "drs-orchestration-query-handler-prod: passed (new code)" in said


def test_a_parameter_of_the_environment_goes_before_that_of_the_file(
    tree: Tree, endpoint: str
) -> None:
    tree.write(
        "cfn/parameters/prod.conf", "ProjectName=filed\nArchitecture=x86_64\n"
    )

    said = steps(
        tree,
        endpoint,
        'echo "$(stack_name) $(value_of Architecture arm64)"',
        "PARAMETER_ProjectName=given",
        'echo "$(stack_name) $(value_of LogRetentionDays 90)"',
    )

    assert said.splitlines()[-2:] == ["filed-prod x86_64", "given-prod 90"]


def test_the_packages_are_those_of_this_machine_when_aws_is_on_it(
    tree: Tree, endpoint: str
) -> None:
    tree.write("package_lambda.py", "import sys\nprint(sys.argv[1:])\n")

    said = steps(
        tree,
        endpoint,
        # Given, so that nobody is asked.
        "PARAMETER_Architecture=x86_64",
        "packages",
        "unset AWS_ENDPOINT_URL",
        "packages",
    )

    assert "packages: passed (--local)" in said
    assert "packages: passed (--platform x86_64)" in said


def test_it_ends_when_the_stack_cannot_be_read(
    tree: Tree, endpoint: str
) -> None:
    said = steps(tree, endpoint, throttled(), "account && echo went on")

    assert "Rate exceeded" in said
    assert "state of the stack: FAILED (the stack could not be read" in said
    assert "went on" not in said


def test_values_of_the_stack_go_before_those_of_a_first_deployment(
    tree: Tree, endpoint: str
) -> None:
    deploy_something(endpoint, Architecture="x86_64", NotificationEmail="")

    said = steps(
        tree,
        endpoint,
        'echo "$(value_of Architecture arm64)"',
        'echo "[$(value_of NotificationEmail nobody)]"',
        'echo "$(value_of LogRetentionDays 90)"',
    )

    assert said.splitlines()[-3:] == ["x86_64", "[]", "90"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "PARAMETER_Architecture=arm64",
            "arm64 is given, and x86_64 deployed",
        ),
        ("PARAMETER_DeploymentBucket=other", "other is given, and deployed-"),
        ("PARAMETER_Architecture=x86_64", "packages: FAILED"),
    ],
)
def test_code_alone_changes_neither_architecture_nor_bucket(
    tree: Tree, endpoint: str, given: str, told: str
) -> None:
    deploy_something(
        endpoint, Architecture="x86_64", DeploymentBucket="deployed-bucket"
    )

    said = steps(
        tree,
        endpoint,
        "confirm() { :; }",
        given,
        "deploy_functions || true",
    )

    assert told in said
    assert "upload" not in said


NESTED = """Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: %s}
"""
MASTER = """Parameters:
  DeploymentBucket: {Type: String}
Resources:
  DatabaseStack:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL:
        !Sub "https://${DeploymentBucket}.s3.amazonaws.com/cfn/database-stack.yaml"
"""


@pytest.mark.parametrize("uploaded", ["deployed", "failed"])
def test_a_rollback_carries_out_no_template_that_was_never_deployed(
    tree: Tree, endpoint: str, uploaded: str
) -> None:
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=BUCKET, **PLACE)
    template = {"Bucket": BUCKET, "Key": "cfn/database-stack.yaml"}
    s3.put_object(**template, Body=NESTED % "deployed")
    client("cloudformation", endpoint).create_stack(
        StackName="drs-orchestration-prod",
        TemplateBody=MASTER,
        Parameters=[
            {
                "ParameterKey": "DeploymentBucket",
                "ParameterValue": BUCKET,
            }
        ],
    )
    s3.put_object(**template, Body=NESTED % uploaded)

    said = steps(tree, endpoint, "deployed_templates || true")

    if uploaded == "deployed":
        assert "deployed templates: passed" in said
    else:
        assert "in the bucket: database-stack.yaml; upload" in said
        kept = tree.root / "build/deploy/prod/deployed/database-stack.yaml"
        assert (
            kept.read_text("utf-8").rstrip() == (NESTED % "deployed").strip()
        )


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE: FAILED (never deployed"),
        ("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS: FAILED (it is being"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name"),
        ("UPDATE_ROLLBACK_COMPLETE", "goes on"),
        ("REVIEW_IN_PROGRESS", "goes on"),
    ],
)
def test_a_stack_that_takes_no_change_is_told_before_the_upload(
    tree: Tree, endpoint: str, state: str, told: str
) -> None:
    said = steps(
        tree,
        endpoint,
        f"STACK=$'StackStatus\\t{state}'",
        "changeable_stack && echo goes on",
    )

    assert told in said
    assert ("goes on" in said) == (told == "goes on")


def test_the_branch_is_pushed_before_a_deployment_that_fails(
    tree: Tree, endpoint: str, tmp_path: Path
) -> None:
    shared = tmp_path / "shared.git"
    tree.git("init", "--quiet", "--bare", str(shared))
    tree.git("remote", "add", "origin", str(shared))
    tree.git("push", "--quiet", "--set-upstream", "origin", "main")
    tree.write("lambda/answering/notes.txt", "new\n")
    tree.commit()
    tree.write("lambda/answering/notes.txt", "newer\n")

    outcome = tree.deploy("test", **variables(endpoint))

    pushed = tree.git("--git-dir", str(shared), "rev-parse", "main")
    assert pushed == tree.git("rev-parse", "HEAD")
    assert outcome.summary["uncommitted changes"] == "warning"
    assert outcome.summary["push"] == "passed"
    # This tree has nothing that makes packages.
    assert outcome.summary["packages"] == "FAILED"
    assert outcome.summary["5 Deploy"] == "FAILED"
    assert outcome.code == 1


def test_new_and_old_functions_are_told_when_an_update_fails(
    tree: Tree, endpoint: str
) -> None:
    said = steps(
        tree,
        endpoint,
        'update_function() { [ "$1" != orchestration-stepfunctions ]; }',
        "update_functions || true",
    )

    assert (
        "new: drs-orchestration-dr-orch-sf-prod"
        " drs-orchestration-execution-handler-prod;" in said
    )
    assert (
        "old, the first perhaps new: drs-orchestration-orch-sf-prod"
        " drs-orchestration-query-handler-prod; run again" in said
    )


def test_code_that_is_unknown_is_no_code_that_is_there_already(
    tree: Tree, endpoint: str
) -> None:
    said = steps(
        tree, endpoint, "update_function none none || echo not updated"
    )

    assert "not updated" in said.splitlines()


def test_nothing_is_done_with_credentials_of_another_account(
    tree: Tree, endpoint: str
) -> None:
    tree.write("cfn/parameters/test.conf", "ExpectedAccount=210987654321\n")

    outcome = tree.deploy("test", **variables(endpoint))

    assert outcome.code == 1
    assert "account 123456789012, not of 210987654321" in outcome.text
    assert outcome.summary["1 Validation"] == "not run"


def test_the_question_tells_of_what_is_not_committed(
    tree: Tree, endpoint: str
) -> None:
    tree.write("lambda/answering/notes.txt", "new\n")

    said = answered(tree, endpoint, "no")

    assert "As it is + 1 uncommitted paths" in said


def test_nothing_is_deployed_when_a_gate_blocks(
    tree: Tree, endpoint: str
) -> None:
    tree.write("lambda/answering/index.py", "x = 'single quotes'\n")

    outcome = tree.deploy("test", **variables(endpoint))

    assert outcome.code == 1
    assert outcome.summary["black"] == "FAILED"
    assert outcome.summary["4 Git push"] == "not run"
    assert outcome.summary["5 Deploy"] == "not run"
