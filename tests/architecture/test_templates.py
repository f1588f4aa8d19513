"""The tables and the functions are those of the specification."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.cloud.declarations import LambdaFunction
from harness.cloud.templates import Template

Declared = dict[str, Any]
Functions = dict[str, LambdaFunction]

REFERENCE = "orchestration-stepfunctions"
ORCHESTRATION = "dr-orchestration-stepfunction"
EXECUTION_HANDLER = "execution-handler"
QUERY_HANDLER = "query-handler"
GROUPS_TABLE = "project-protection-groups-test"
HISTORY_TABLE = "project-execution-history-test"

KEYS = {
    GROUPS_TABLE: {"groupId": "HASH"},
    "project-recovery-plans-test": {"planId": "HASH"},
    HISTORY_TABLE: {"executionId": "HASH", "planId": "RANGE"},
    "project-target-accounts-test": {"accountId": "HASH"},
}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:123456789012:{resource}"


def function_arn(name: str) -> str:
    return arn("lambda", f"function:project-{name}-test")


@pytest.fixture(scope="module")
def tables(load_template: Callable[..., Template]) -> Declared:
    template = load_template("database-stack.yaml")
    resources = template.resources("AWS::DynamoDB::Table").values()
    return {table["TableName"]: table for table in resources}


def test_keys_are_those_of_the_data_model_when_tables_are_declared(
    tables: Declared,
) -> None:
    keys = {
        name: {
            key["AttributeName"]: key["KeyType"] for key in table["KeySchema"]
        }
        for name, table in tables.items()
    }

    assert keys == KEYS


def test_only_the_history_is_indexed_when_tables_are_declared(
    tables: Declared,
) -> None:
    indexes = {
        (name, index["IndexName"], index["KeySchema"][0]["AttributeName"])
        for name, table in tables.items()
        for index in table.get("GlobalSecondaryIndexes", [])
        if index["Projection"] == {"ProjectionType": "ALL"}
    }

    assert indexes == {
        (HISTORY_TABLE, "StatusIndex", "status"),
        (HISTORY_TABLE, "planIdIndex", "planId"),
    }


@pytest.mark.parametrize("name", KEYS)
def test_data_is_protected_and_expires_when_a_table_is_declared(
    tables: Declared, name: str
) -> None:
    table = tables[name]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True
    }
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["TimeToLiveSpecification"] == {
        "AttributeName": "TTL",
        "Enabled": True,
    }
    assert table["Tags"] == [
        {"Key": "Project", "Value": "project"},
        {"Key": "Environment", "Value": "test"},
    ]


@pytest.mark.parametrize(
    ("given", "deletion", "replacement"),
    [
        ({}, "RetainExceptOnCreate", "Retain"),
        ({"TableDeletionPolicy": "Delete"}, "Delete", "Delete"),
    ],
)
def test_tables_outlive_the_stack_when_deletion_is_not_asked_for(
    load_template: Callable[..., Template],
    given: dict[str, str],
    deletion: str,
    replacement: str,
) -> None:
    template = load_template("database-stack.yaml", **given)

    policies = {
        tuple(
            template.resolve(table[kind])
            for kind in ("DeletionPolicy", "UpdateReplacePolicy")
        )
        for table in template.document["Resources"].values()
    }

    assert policies == {(deletion, replacement)}


def test_names_and_arns_are_handed_on_when_the_database_is_deployed(
    load_template: Callable[..., Template],
) -> None:
    outputs = load_template("database-stack.yaml").outputs()

    assert set(outputs.values()) == {
        value
        for name in KEYS
        for value in (name, arn("dynamodb", f"table/{name}"))
    }


def test_functions_have_their_names_when_they_are_declared(
    functions: Functions,
) -> None:
    assert {folder: each.name for folder, each in functions.items()} == {
        REFERENCE: "project-orch-sf-test",
        ORCHESTRATION: "project-dr-orch-sf-test",
        EXECUTION_HANDLER: "project-execution-handler-test",
        QUERY_HANDLER: "project-query-handler-test",
    }
    assert (
        functions[ORCHESTRATION].logical_id
        == "DrOrchestrationStepFunctionFunction"
    )


def test_all_run_alike_when_they_are_declared(functions: Functions) -> None:
    assert {each.runtime for each in functions.values()} == {"python3.13"}
    assert {each.handler for each in functions.values()} == {
        "index.lambda_handler"
    }


def test_an_outer_function_outlives_the_inner_when_one_calls_another(
    functions: Functions,
) -> None:
    inner = functions[EXECUTION_HANDLER].timeout
    middle = functions[QUERY_HANDLER].timeout
    outer = functions[ORCHESTRATION].timeout

    assert (inner, middle, outer) == (300, 360, 420)
    assert functions[REFERENCE].timeout == outer


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (
            REFERENCE,
            {
                "PROTECTION_GROUPS_TABLE": GROUPS_TABLE,
                "EXECUTION_HISTORY_TABLE": HISTORY_TABLE,
            },
        ),
        (
            ORCHESTRATION,
            {
                "EXECUTION_HISTORY_TABLE": HISTORY_TABLE,
                "EXECUTION_HANDLER_ARN": function_arn("execution-handler"),
                "QUERY_HANDLER_ARN": function_arn("query-handler"),
            },
        ),
        (
            EXECUTION_HANDLER,
            {
                "PROTECTION_GROUPS_TABLE": GROUPS_TABLE,
                "EXECUTION_HISTORY_TABLE": HISTORY_TABLE,
            },
        ),
        (
            QUERY_HANDLER,
            {
                "EXECUTION_HISTORY_TABLE": HISTORY_TABLE,
                "EXECUTION_HANDLER_ARN": function_arn("execution-handler"),
            },
        ),
    ],
)
def test_the_environment_names_what_is_used_when_a_function_runs(
    functions: Functions, folder: str, expected: dict[str, str]
) -> None:
    assert functions[folder].environment == {
        **expected,
        "CONTRACT_RESPONSES": "report",
    }


def test_each_has_a_role_and_a_log_of_its_own_when_declared(
    lambda_stack: Template, functions: Functions
) -> None:
    declared = lambda_stack.resources("AWS::Lambda::Function").values()

    roles = {each["Role"] for each in declared}
    logs = {each["LoggingConfig"]["LogGroup"] for each in declared}
    kept = {
        group["LogGroupName"]
        for group in lambda_stack.resources("AWS::Logs::LogGroup").values()
        if group["RetentionInDays"] == 90
    }

    assert len(roles) == len(functions)
    assert logs == kept
    assert logs == {f"/aws/lambda/{each.name}" for each in functions.values()}


def test_logs_are_text_and_traces_are_sent_when_a_function_runs(
    lambda_stack: Template,
) -> None:
    declared = lambda_stack.resources("AWS::Lambda::Function").values()

    assert {each["LoggingConfig"]["LogFormat"] for each in declared} == {
        "Text"
    }
    assert {each["TracingConfig"]["Mode"] for each in declared} == {"Active"}


@pytest.mark.parametrize(
    ("given", "architecture"),
    [({}, "arm64"), ({"Architecture": "x86_64"}, "x86_64")],
)
def test_functions_run_where_their_packages_fit_when_a_platform_is_chosen(
    load_template: Callable[..., Template],
    lambda_stack: Template,
    given: dict[str, str],
    architecture: str,
) -> None:
    parameters = {**lambda_stack.parameters, **given}
    stack = load_template("lambda-stack.yaml", **parameters)

    declared = stack.resources("AWS::Lambda::Function").values()

    assert [each["Architectures"] for each in declared] == [[architecture]] * 4


def test_packages_are_found_when_functions_are_deployed(
    lambda_stack: Template,
) -> None:
    declared = lambda_stack.resources("AWS::Lambda::Function")

    assert {each["Code"]["S3Bucket"] for each in declared.values()} == {
        "packages"
    }
    assert declared["DrOrchestrationStepFunctionFunction"]["Code"][
        "S3Key"
    ] == ("lambda/dr-orchestration-stepfunction.zip")
