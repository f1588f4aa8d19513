"""Choices about the errors of recovery plans, and what makes one valid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner

SNAPSHOT = f"pit-{'0' * 17}"


def repeated(planner: Planner) -> Any:
    server, plan = planner.add_server("a"), planner.plan()
    configuration = planner.configuration([server, server])
    return planner.error(
        "create_recovery_plan_step",
        recoveryPlanArn=plan,
        stepName="step",
        configuration=configuration,
    )


def other_type(planner: Planner) -> Any:
    (step,) = planner.plan_steps(planner.plan(5))
    server = planner.add_server("a")
    return planner.error(
        "update_recovery_plan_step",
        recoveryPlanStepArn=step["recoveryPlanStepArn"],
        configuration=planner.configuration([server]),
    )


def bad_order(planner: Planner) -> Any:
    return planner.error(
        "create_recovery_plan_step",
        recoveryPlanArn=planner.plan(),
        stepName="step",
        stepOrder=2,
        configuration=planner.configuration(5),
    )


def name_taken(planner: Planner) -> Any:
    planner.plan(name="taken")
    return planner.error("create_recovery_plan", name="taken")


def start_with(planner: Planner, *chosen: str) -> Any:
    plan = planner.plan([planner.add_server("a")])
    (first,) = planner.call("describe_source_servers")["items"]
    known = {"known": first["sourceServerID"], "other": f"s-{'0' * 17}"}
    return planner.error(
        "start_recovery_plan_execution",
        recoveryPlanArn=plan,
        mode="DRILL",
        sourceServers=[
            {"sourceServerID": known[each], "recoverySnapshotID": SNAPSHOT}
            for each in chosen
        ],
    )


def not_in_plan(planner: Planner) -> Any:
    return start_with(planner, "other")


def duplicate(planner: Planner) -> Any:
    return start_with(planner, "known", "known")


def unknown_snapshot(planner: Planner) -> Any:
    return start_with(planner, "known")


def running(planner: Planner) -> str:
    execution = planner.start(planner.plan([planner.add_server("a")], 5))
    planner.sleep(1)
    return execution


def update(planner: Planner, index: int, **change: Any) -> Any:
    execution = running(planner)
    return planner.error(
        "update_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(execution, index),
        **change,
    )


def one_change(planner: Planner) -> Any:
    return update(planner, 2, status="SKIPPED", waitDurationMinutes=7)


def only_skipped(planner: Planner) -> Any:
    return update(planner, 2, status="COMPLETED")


def wrong_type(planner: Planner) -> Any:
    return update(planner, 1, waitDurationMinutes=7)


def step_state(planner: Planner) -> Any:
    return update(planner, 1, status="SKIPPED")


def plan_executing(planner: Planner) -> Any:
    plan = planner.execution(running(planner))["recoveryPlanArn"]
    return planner.error("delete_recovery_plan", recoveryPlanArn=plan)


def execution_state(planner: Planner) -> Any:
    return planner.error(
        "delete_recovery_plan_execution",
        recoveryPlanExecutionArn=running(planner),
    )


def execution_expired(planner: Planner) -> Any:
    planner.emulator.inject(drs.FailAt(planner.add_server("b"), "launch"))
    (server,) = planner.call("describe_source_servers")["items"]
    execution = planner.start(planner.plan([server["sourceServerID"]]))
    planner.sleep(25 * 60)
    return planner.error(
        "retry_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(execution, 1),
    )


SITUATIONS: dict[str, Callable[[Planner], Any]] = {
    each.__name__: each
    for each in (
        repeated,
        other_type,
        bad_order,
        name_taken,
        not_in_plan,
        duplicate,
        unknown_snapshot,
        one_change,
        only_skipped,
        wrong_type,
        step_state,
        plan_executing,
        execution_state,
        execution_expired,
    )
}


@pytest.mark.parametrize("code", ["ConflictException", "ValidationException"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_request_about_plans_is_refused_with_the_chosen_class(
    planner: Planner, situation: str, code: Any
) -> None:
    codes = drs.RecoveryPlanErrorCodes(**{situation: code})
    planner.choose(codes=codes, unique_plan_names=True)

    found, _ = SITUATIONS[situation](planner)

    assert found == code


def test_every_class_of_an_error_about_plans_is_chosen_in_a_test() -> None:
    names = [each.name for each in fields(drs.RecoveryPlanErrorCodes)]

    assert sorted(names) == sorted(SITUATIONS)


@pytest.mark.parametrize(
    ("needed", "status"), [("server", "INVALID"), ("step", "ACTIVE")]
)
def test_a_plan_without_servers_is_valid_when_so_chosen(
    planner: Planner, needed: Any, status: str
) -> None:
    planner.choose(active_with=needed)
    plan = planner.plan(5)
    empty = planner.plan(name="empty")

    found = [
        planner.call("get_recovery_plan", recoveryPlanArn=each)
        for each in (plan, empty)
    ]

    statuses = [each["recoveryPlan"]["status"] for each in found]
    assert statuses == [status, "INVALID"]


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        (("plan", "execution", "servers"), "ConflictException"),
        (("servers", "plan"), "ResourceNotFoundException"),
        (("execution",), None),
    ],
)
def test_the_start_of_a_plan_is_checked_in_the_chosen_order(
    planner: Planner, checks: Any, code: str | None
) -> None:
    planner.choose(start_checks=checks)
    server = planner.add_server("a")
    plan = planner.plan([server])
    drs_client = planner.emulator.drs
    if code == "ConflictException":
        planner.start(plan)
    drs_client.disconnect_source_server(sourceServerID=server)
    drs_client.delete_source_server(sourceServerID=server)

    request = {"recoveryPlanArn": plan, "mode": "DRILL"}
    if code is None:
        execution = planner.start(plan)
        planner.sleep(5)
        assert planner.status(execution) == "FAILED"
    else:
        found, _ = planner.error("start_recovery_plan_execution", **request)
        assert found == code


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ("COMPLETED", "COMPLETED", None),
        ("SKIPPED", "COMPLETED", None),
        ("FAILED", "FAILED", "NO_SERVER_TO_LAUNCH"),
    ],
)
def test_a_step_without_a_job_ends_as_chosen(
    planner: Planner, choice: Any, status: str, code: str | None
) -> None:
    planner.choose(empty_step_status=choice)
    server = planner.add_server("a")
    plan = planner.plan([planner.server(server, "OPTIONAL")])
    execution = planner.start(plan)
    planner.emulator.drs.stop_replication(sourceServerID=server)

    planner.sleep(5)

    detail = planner.step(execution).get("errorDetail", {})
    assert planner.statuses(execution) == [choice]
    assert planner.status(execution) == status
    assert detail.get("code") == code
