"""Recovery plans and their steps are written, ordered and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner

MISSING = "arn:aws:drs:us-east-1:123456789012:recovery-plan/plan-0"
ABSENT = "s-00000000000000000"


def names(planner: Planner, plan: str) -> list[tuple[int, str]]:
    steps = planner.plan_steps(plan)
    return [(each["stepOrder"], each["stepName"]) for each in steps]


def test_a_plan_is_invalid_until_a_step_has_a_server(
    planner: Planner,
) -> None:
    created = planner.call(
        "create_recovery_plan", name="shop", description="all", tags={"a": "b"}
    )
    plan = created["recoveryPlan"]["recoveryPlanArn"]

    planner.add(plan, 5)
    waiting = planner.call("get_recovery_plan", recoveryPlanArn=plan)
    planner.add(plan, [planner.add_server("web")])
    whole = planner.call("get_recovery_plan", recoveryPlanArn=plan)

    assert created["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert created["recoveryPlan"]["description"] == "all"
    assert created["recoveryPlan"]["tags"] == {"a": "b"}
    assert ":recovery-plan/plan-" in plan
    assert waiting["recoveryPlan"]["status"] == "INVALID"
    assert whole["recoveryPlan"]["status"] == "ACTIVE"


def test_an_update_leaves_what_it_does_not_name(planner: Planner) -> None:
    plan = planner.plan(name="old", description="kept")
    planner.sleep(1)

    same = planner.call("update_recovery_plan", recoveryPlanArn=plan)
    new = planner.call("update_recovery_plan", recoveryPlanArn=plan, name="n")

    assert same["recoveryPlan"]["updatedAt"] == (
        same["recoveryPlan"]["createdAt"]
    )
    assert new["recoveryPlan"]["name"] == "n"
    assert new["recoveryPlan"]["description"] == "kept"
    assert new["recoveryPlan"]["updatedAt"] > new["recoveryPlan"]["createdAt"]


def test_a_step_takes_its_order_and_moves_later_ones(
    planner: Planner,
) -> None:
    plan = planner.plan(1, 2)

    planner.add(plan, 3, "first", stepOrder=1)
    planner.add(plan, 4, "last", stepOrder=4)

    assert names(planner, plan) == [
        (1, "first"),
        (2, "step 1"),
        (3, "step 2"),
        (4, "last"),
    ]


def test_steps_move_up_when_one_is_deleted(planner: Planner) -> None:
    plan = planner.plan(1, 2, 3)
    second = planner.plan_steps(plan)[1]["recoveryPlanStepArn"]

    answer = planner.call(
        "delete_recovery_plan_step", recoveryPlanStepArn=second
    )

    assert answer["recoveryPlanStepArn"] == second
    assert names(planner, plan) == [(1, "step 1"), (2, "step 3")]
    assert planner.error("get_recovery_plan_step", recoveryPlanStepArn=second)[
        0
    ] == ("ResourceNotFoundException")


def test_a_step_shows_its_servers_as_critical_by_default(
    planner: Planner,
) -> None:
    web, log = planner.add_server("web"), planner.add_server("log")
    servers = [web, planner.server(log, "OPTIONAL")]
    plan = planner.plan(servers)
    arn = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]

    step = planner.call("get_recovery_plan_step", recoveryPlanStepArn=arn)

    assert step["recoveryPlanStep"]["configuration"] == {
        "serverStepConfiguration": {
            "servers": [
                planner.server(web, "CRITICAL"),
                planner.server(log, "OPTIONAL"),
            ]
        }
    }


def test_a_step_changes_its_name_and_configuration_but_not_its_type(
    planner: Planner,
) -> None:
    plan = planner.plan(1)
    arn = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]
    servers = planner.configuration([planner.add_server("web")])

    changed = planner.call(
        "update_recovery_plan_step",
        recoveryPlanStepArn=arn,
        stepName="pause",
        configuration=planner.configuration(7),
    )
    code, _ = planner.error(
        "update_recovery_plan_step",
        recoveryPlanStepArn=arn,
        configuration=servers,
    )

    assert changed["recoveryPlanStep"]["stepName"] == "pause"
    assert changed["recoveryPlanStep"]["configuration"] == (
        planner.configuration(7)
    )
    assert code == "ValidationException"


def test_steps_are_reordered_by_a_complete_list(planner: Planner) -> None:
    plan = planner.plan(1, 2, 3)
    arns = [each["recoveryPlanStepArn"] for each in planner.plan_steps(plan)]

    answer = planner.call(
        "reorder_recovery_plan_steps",
        recoveryPlanArn=plan,
        orderedStepArns=arns[::-1],
    )

    assert answer["recoveryPlanSteps"] == planner.plan_steps(plan)
    assert [each for _, each in names(planner, plan)] == [
        "step 3",
        "step 2",
        "step 1",
    ]


@pytest.mark.parametrize("chosen", [[0], [0, 0], [0, 1, 1]])
def test_steps_are_not_reordered_by_another_list(
    planner: Planner, chosen: list[int]
) -> None:
    plan = planner.plan(1, 2)
    arns = [each["recoveryPlanStepArn"] for each in planner.plan_steps(plan)]

    code, _ = planner.error(
        "reorder_recovery_plan_steps",
        recoveryPlanArn=plan,
        orderedStepArns=[arns[index] for index in chosen],
    )

    assert code == "ValidationException"


@pytest.mark.parametrize(
    ("operation", "member", "more"),
    [
        ("get_recovery_plan", "recoveryPlanArn", {}),
        ("update_recovery_plan", "recoveryPlanArn", {"name": "n"}),
        ("delete_recovery_plan", "recoveryPlanArn", {}),
        ("list_recovery_plan_steps", "recoveryPlanArn", {}),
        (
            "create_recovery_plan_step",
            "recoveryPlanArn",
            {
                "stepName": "wait",
                "configuration": {
                    "waitStepConfiguration": {"waitDurationMinutes": 1}
                },
            },
        ),
        (
            "reorder_recovery_plan_steps",
            "recoveryPlanArn",
            {"orderedStepArns": [MISSING]},
        ),
        ("get_recovery_plan_step", "recoveryPlanStepArn", {}),
        ("update_recovery_plan_step", "recoveryPlanStepArn", {}),
        ("delete_recovery_plan_step", "recoveryPlanStepArn", {}),
        (
            "start_recovery_plan_execution",
            "recoveryPlanArn",
            {"mode": "DRILL"},
        ),
        ("get_recovery_plan_execution", "recoveryPlanExecutionArn", {}),
        ("cancel_recovery_plan_execution", "recoveryPlanExecutionArn", {}),
        ("delete_recovery_plan_execution", "recoveryPlanExecutionArn", {}),
        ("list_recovery_plan_execution_steps", "recoveryPlanExecutionArn", {}),
        (
            "get_recovery_plan_execution_step",
            "recoveryPlanExecutionStepArn",
            {},
        ),
        (
            "update_recovery_plan_execution_step",
            "recoveryPlanExecutionStepArn",
            {"status": "SKIPPED"},
        ),
        (
            "retry_recovery_plan_execution_step",
            "recoveryPlanExecutionStepArn",
            {},
        ),
    ],
)
def test_what_is_not_there_is_not_found(
    planner: Planner, operation: str, member: str, more: Any
) -> None:
    code, message = planner.error(operation, **{member: MISSING}, **more)

    assert code == "ResourceNotFoundException"
    assert MISSING in message


def test_a_deleted_plan_is_gone_with_its_steps(planner: Planner) -> None:
    plan = planner.plan(1)
    step = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]

    answer = planner.call("delete_recovery_plan", recoveryPlanArn=plan)

    assert answer["recoveryPlanArn"] == plan
    assert planner.call("list_recovery_plans")["recoveryPlans"] == []
    assert planner.error("get_recovery_plan_step", recoveryPlanStepArn=step)


def test_pages_hold_every_plan_and_step_once(planner: Planner) -> None:
    plans = [planner.plan(name=f"plan {number}") for number in range(3)]
    for minutes in (1, 2, 3):
        planner.add(plans[0], minutes, f"wait {minutes}")
    client = planner.emulator.drs

    found = list(
        client.get_paginator("list_recovery_plans").paginate(
            PaginationConfig={"PageSize": 1}
        )
    )
    steps = list(
        client.get_paginator("list_recovery_plan_steps").paginate(
            recoveryPlanArn=plans[0], PaginationConfig={"PageSize": 2}
        )
    )

    assert [len(page["recoveryPlans"]) for page in found] == [1, 1, 1]
    assert [
        each["recoveryPlanArn"]
        for page in found
        for each in page["recoveryPlans"]
    ] == plans
    assert [len(page["recoveryPlanSteps"]) for page in steps] == [2, 1]
    assert [
        each["stepName"]
        for page in steps
        for each in page["recoveryPlanSteps"]
    ] == ["wait 1", "wait 2", "wait 3"]


def test_plans_and_executions_are_tagged_by_arn(planner: Planner) -> None:
    plan = planner.plan([planner.add_server("web")], tags={"a": "1"})
    execution = planner.start(plan, tags={"drill": "yes"})

    planner.call("tag_resource", resourceArn=plan, tags={"b": "2"})
    planner.call("untag_resource", resourceArn=execution, tagKeys=["drill"])

    shown = planner.call("get_recovery_plan", recoveryPlanArn=plan)
    assert shown["recoveryPlan"]["tags"] == {"a": "1", "b": "2"}
    assert planner.execution(execution)["tags"] == {}


def test_a_server_must_exist_in_this_account_and_region(
    planner: Planner,
) -> None:
    plan = planner.plan()
    web = planner.add_server("web")
    elsewhere = planner.server(web)
    elsewhere["serverArn"] = elsewhere["serverArn"].replace("-east-", "-west-")
    ask = {"recoveryPlanArn": plan, "stepName": "s"}

    codes = [
        planner.error(
            "create_recovery_plan_step",
            configuration=planner.configuration([server]),
            **ask,
        )[0]
        for server in (ABSENT, elsewhere)
    ]

    assert codes == ["ResourceNotFoundException"] * 2
    assert planner.plan_steps(plan) == []
