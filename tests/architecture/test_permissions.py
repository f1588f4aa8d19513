"""Each role may do what its function does, and no more."""

from fnmatch import fnmatchcase
from typing import Any

import pytest

from harness.cloud.declarations import LambdaFunction, StateMachine

Functions = dict[str, LambdaFunction]

REFERENCE = "orchestration-stepfunctions"
ORCHESTRATION = "dr-orchestration-stepfunction"
EXECUTION_HANDLER = "execution-handler"
QUERY_HANDLER = "query-handler"
GROUPS_TABLE = "project-protection-groups-test"
HISTORY_TABLE = "project-execution-history-test"

# AWS offers no resource to name for these.
UNNAMEABLE = [
    "drs:DescribeJobs",
    "drs:DescribeRecoveryInstances",
    "drs:DescribeSourceServers",
    "ec2:Describe*",
    "ec2:GetEbs*",
    "xray:Put*",
]


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:123456789012:{resource}"


def function_arn(name: str) -> str:
    return arn("lambda", f"function:project-{name}-test")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def actions(function: LambdaFunction) -> set[str]:
    return {
        action
        for statement in function.statements
        for action in as_list(statement["Action"])
    }


def resources_of(function: LambdaFunction, action: str) -> set[str]:
    return {
        resource
        for statement in function.statements
        if action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def services(function: LambdaFunction) -> set[str]:
    return {action.split(":")[0] for action in actions(function)}


def test_the_orchestration_knows_no_recovery_service_when_it_has_its_role(
    functions: Functions,
) -> None:
    assert services(functions[ORCHESTRATION]) == {
        "logs",
        "xray",
        "dynamodb",
        "lambda",
    }


@pytest.mark.parametrize(
    ("folder", "callees"),
    [
        (REFERENCE, []),
        (EXECUTION_HANDLER, []),
        (QUERY_HANDLER, ["execution-handler"]),
        (ORCHESTRATION, ["execution-handler", "query-handler"]),
    ],
)
def test_invocations_form_no_cycle_when_roles_allow_them(
    functions: Functions, folder: str, callees: list[str]
) -> None:
    allowed = resources_of(functions[folder], "lambda:InvokeFunction")

    assert allowed == {function_arn(callee) for callee in callees}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (REFERENCE, {"GetItem", "Scan", "UpdateItem"}),
        (EXECUTION_HANDLER, {"GetItem", "Scan", "UpdateItem"}),
        (QUERY_HANDLER, {"GetItem", "UpdateItem"}),
        (ORCHESTRATION, {"GetItem", "UpdateItem"}),
    ],
)
def test_the_history_is_kept_and_never_deleted_when_roles_write_it(
    functions: Functions, folder: str, expected: set[str]
) -> None:
    history = arn("dynamodb", f"table/{HISTORY_TABLE}")

    allowed = {
        action.removeprefix("dynamodb:")
        for action in actions(functions[folder])
        if history in resources_of(functions[folder], action)
    }

    assert allowed == expected


@pytest.mark.parametrize(
    ("folder", "reads"),
    [
        (REFERENCE, True),
        (EXECUTION_HANDLER, True),
        (QUERY_HANDLER, False),
        (ORCHESTRATION, False),
    ],
)
def test_groups_are_read_only_where_waves_start_when_roles_allow_it(
    functions: Functions, folder: str, reads: bool
) -> None:
    groups = arn("dynamodb", f"table/{GROUPS_TABLE}")

    allowed = {
        action
        for action in actions(functions[folder])
        if groups in resources_of(functions[folder], action)
    }

    assert allowed == ({"dynamodb:GetItem"} if reads else set())


@pytest.mark.parametrize("folder", [REFERENCE, EXECUTION_HANDLER])
def test_recoveries_can_start_when_a_function_starts_waves(
    functions: Functions, folder: str
) -> None:
    needed = {
        "drs:StartRecovery",
        "drs:CreateRecoveryInstanceForDrs",
        "drs:TagResource",
        "drs:DescribeSourceServers",
        "drs:DescribeJobs",
        "drs:GetLaunchConfiguration",
        "drs:UpdateLaunchConfiguration",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
        "ec2:RunInstances",
        "ec2:DeleteVolume",
    }

    assert needed <= actions(functions[folder])


@pytest.mark.parametrize("folder", [REFERENCE, QUERY_HANDLER])
def test_recoveries_can_be_watched_when_a_function_polls(
    functions: Functions, folder: str
) -> None:
    needed = {
        "drs:DescribeJobs",
        "drs:DescribeJobLogItems",
        "drs:DescribeRecoveryInstances",
        "drs:DescribeSourceServers",
        "ec2:DescribeInstances",
    }

    assert needed <= actions(functions[folder])


def test_nothing_is_started_when_a_function_only_polls(
    functions: Functions,
) -> None:
    changing = {
        action
        for action in actions(functions[QUERY_HANDLER])
        if action.startswith(("drs:", "ec2:")) and ":Describe" not in action
    }

    assert changing == set()


@pytest.mark.parametrize(
    "folder", [REFERENCE, EXECUTION_HANDLER, QUERY_HANDLER]
)
def test_only_the_named_role_is_assumed_when_a_wave_is_elsewhere(
    functions: Functions, folder: str
) -> None:
    assert resources_of(functions[folder], "sts:AssumeRole") == {
        "arn:aws:iam::*:role/DRSOrchestrationRole"
    }


@pytest.mark.parametrize(
    "folder", [REFERENCE, ORCHESTRATION, EXECUTION_HANDLER, QUERY_HANDLER]
)
def test_resources_are_named_when_aws_lets_a_policy_name_them(
    functions: Functions, folder: str
) -> None:
    unbound = {
        action
        for action in actions(functions[folder])
        if "*" in resources_of(functions[folder], action)
    }

    assert all(
        any(fnmatchcase(action, pattern) for pattern in UNNAMEABLE)
        for action in unbound
    )


@pytest.mark.parametrize("folder", [REFERENCE, EXECUTION_HANDLER])
def test_instances_run_only_through_drs_when_a_role_allows_it(
    functions: Functions, folder: str
) -> None:
    conditions = [
        statement["Condition"]
        for statement in functions[folder].statements
        if "ec2:RunInstances" in as_list(statement["Action"])
    ]

    assert len(conditions) == 4
    assert all(
        condition["Bool"] == {"aws:ViaAWSService": "true"}
        for condition in conditions
    )


def test_only_two_functions_and_one_table_are_reached_by_the_role(
    machine: StateMachine,
) -> None:
    reached = {
        statement["Sid"]: (statement["Action"], statement["Resource"])
        for statement in machine.statements
        if statement["Resource"] != "*"
    }
    unbound = {
        action.split(":")[0]
        for statement in machine.statements
        if statement["Resource"] == "*"
        for action in statement["Action"]
    }

    assert reached == {
        "CallOrchestration": (
            "lambda:InvokeFunction",
            [function_arn("dr-orch-sf"), function_arn("orch-sf")],
        ),
        "RecordEnds": (
            "dynamodb:UpdateItem",
            arn("dynamodb", f"table/{HISTORY_TABLE}"),
        ),
    }
    assert unbound == {"logs", "xray"}
