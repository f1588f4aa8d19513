"""The stacks fit together, and the role of target accounts to both."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cloud import declarations, project, template_yaml
from harness.cloud.declarations import LambdaFunction
from harness.cloud.templates import Template

CFN = Path(__file__).parents[2] / "cfn"
MASTER = "master-stack.yaml"
RECOVERY = "cross-account-role-stack.yaml"
TARGET = "210987654321"
ROLES = [
    "arn:aws:iam::123456789012:role/execution",
    "arn:aws:iam::123456789012:role/query",
]
# What the hub does not ask of a template that target accounts take, too.
ONLY_IN_TARGET_ACCOUNTS = {
    (RECOVERY, "TrustedRoleArns"),
    (RECOVERY, "CrossAccountRoleName"),
    (RECOVERY, "ExternalId"),
    (RECOVERY, "CrossAccountRoleArn"),
}

Load = Callable[..., Template]
Nested = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(template_yaml.read(CFN / MASTER))


@pytest.fixture(scope="module")
def nested(document: dict[str, Any]) -> Nested:
    """Give the properties of the nested stacks by their template."""
    return {
        each["Properties"]["TemplateURL"]["Fn::Sub"].rpartition("/")[2]: each
        for each in document["Resources"].values()
    }


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Find the outputs of nested stacks that a value asks for."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Fn::GetAtt":
                parts = inner.split(".") if isinstance(inner, str) else inner
                yield parts[0], parts[-1].removeprefix("Outputs.")
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def names(template: str, section: str) -> set[tuple[str, str]]:
    document = template_yaml.read(CFN / template)
    return {(template, name) for name in document[section]}


def test_every_template_is_part_of_the_master_when_all_is_deployed(
    nested: Nested,
) -> None:
    assert {MASTER, *nested} == {path.name for path in CFN.glob("*.yaml")}


def test_templates_come_from_the_deployment_bucket_when_they_are_nested(
    load_template: Load, nested: Nested
) -> None:
    master = load_template(MASTER)

    for name, stack in nested.items():
        assert master.resolve(stack["Properties"]["TemplateURL"]) == (
            f"https://packages.s3.us-east-1.amazonaws.com/cfn/{name}"
        )


def test_every_parameter_is_passed_when_a_stack_is_nested(
    nested: Nested,
) -> None:
    passed = {
        (template, name)
        for template, stack in nested.items()
        for name in stack["Properties"]["Parameters"]
    }
    declared = {
        pair for template in nested for pair in names(template, "Parameters")
    }

    assert passed == declared - ONLY_IN_TARGET_ACCOUNTS


def test_every_output_is_used_when_a_stack_is_nested(
    document: dict[str, Any], nested: Nested
) -> None:
    templates = {
        logical_id: template
        for logical_id, stack in document["Resources"].items()
        for template, each in nested.items()
        if each is stack
    }
    used = {
        (templates[logical_id], output)
        for logical_id, output in references(document)
    }
    given = {
        pair for template in nested for pair in names(template, "Outputs")
    }

    assert used == given - ONLY_IN_TARGET_ACCOUNTS


def test_every_parameter_of_the_master_is_used_and_defaults_agree(
    document: dict[str, Any], nested: Nested
) -> None:
    for name, parameter in document["Parameters"].items():
        takers = [
            (template, inner)
            for template, stack in nested.items()
            for inner, value in stack["Properties"]["Parameters"].items()
            if value == {"Ref": name}
        ]

        assert takers, name
        for template, inner in takers:
            declared = template_yaml.read(CFN / template)["Parameters"]
            for trait in ("Type", "Default", "AllowedValues"):
                assert declared[inner].get(trait) == parameter.get(trait)


def test_the_original_function_is_named_beside_the_switch() -> None:
    name = "function:${ProjectName}-orch-sf-${Environment}"

    for template in (MASTER, "step-functions-stack.yaml"):
        comments = [
            line
            for line in (CFN / template).read_text("utf-8").splitlines()
            if line.startswith("#")
        ]
        assert any(name in line for line in comments)


def test_there_is_no_role_to_assume_when_nobody_is_trusted(
    load_template: Load,
) -> None:
    stack = load_template(RECOVERY)

    assert stack.resources("AWS::IAM::Role") == {}
    assert "CrossAccountRoleArn" not in stack.outputs()


def test_only_the_hubs_functions_are_let_in_when_they_say_the_external_id(
    load_template: Load,
) -> None:
    stack = load_template(RECOVERY, TrustedRoleArns=", ".join(ROLES))

    [role] = stack.resources("AWS::IAM::Role").values()

    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert role["RoleName"] == "DRSOrchestrationRole"
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": ROLES},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {
                "sts:ExternalId": "drs-orchestration-cross-account"
            }
        },
    }


def test_the_role_may_do_what_the_local_cloud_gives_it(
    load_template: Load,
) -> None:
    stack = load_template(
        RECOVERY,
        **{"TrustedRoleArns": ROLES[0], "AWS::AccountId": TARGET},
    )

    arn = stack.outputs()["CrossAccountRoleArn"]

    given = project.target_account_policies(TARGET).values()
    assert arn == f"arn:aws:iam::{TARGET}:role/DRSOrchestrationRole"
    assert list(declarations.role_statements(stack, arn)) == [
        statement for policy in given for statement in policy["Statement"]
    ]


@pytest.mark.parametrize("folder", ["query-handler", "execution-handler"])
def test_a_role_elsewhere_allows_what_a_function_may_do_at_home(
    functions: dict[str, LambdaFunction], folder: str
) -> None:
    here = {
        statement["Sid"]
        for statement in functions[folder].statements
        if str(statement["Action"]).count("drs:")
        or str(statement["Action"]).count("ec2:")
    }
    there = {
        statement["Sid"]
        for policy in project.target_account_policies(TARGET).values()
        for statement in policy["Statement"]
    }

    assert here
    assert here <= there


def test_statements_of_unknown_policies_are_an_error_not_a_gap(
    lambda_stack: Template,
) -> None:
    with pytest.raises(declarations.PolicyNotDeclaredError):
        declarations.lambda_functions(lambda_stack)


def test_what_holds_records_outlives_its_stack(nested: Nested) -> None:
    kept = {
        logical_id
        for template in nested
        for logical_id, each in template_yaml.read(CFN / template)[
            "Resources"
        ].items()
        if "DeletionPolicy" in each and "UpdateReplacePolicy" in each
    }

    assert kept == {
        "ProtectionGroupsTable",
        "RecoveryPlansTable",
        "ExecutionHistoryTable",
        "TargetAccountsTable",
    }
