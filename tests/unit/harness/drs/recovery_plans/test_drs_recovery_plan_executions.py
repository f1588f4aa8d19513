"""Executions of recovery plans: begun, copied, listed, ended, deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner


def test_an_execution_is_created_and_begins_soon(planner: Planner) -> None:
    plan = planner.plan([planner.add_server("web")], 5)

    answer = planner.call(
        "start_recovery_plan_execution",
        recoveryPlanArn=plan,
        mode="DRILL",
        tags={"a": "b"},
    )
    planner.sleep(0.05)

    started = answer["recoveryPlanExecution"]
    arn = started["recoveryPlanExecutionArn"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (started["status"], started["mode"]) == ("CREATED", "DRILL")
    assert started["recoveryPlanArn"] == plan
    assert started["tags"] == {"a": "b"}
    assert "completedAt" not in started
    assert ":recovery-plan-execution/exec-" in arn
    assert planner.status(arn) == "IN_PROGRESS"
    assert planner.statuses(arn) == ["EXECUTING", "NOT_STARTED"]


def test_every_time_is_right_when_nobody_asks_before_the_end(
    planner: Planner,
) -> None:
    database, web = planner.add_server("db"), planner.add_server("web")
    arn = planner.start(planner.plan([database], 30, [web]))
    start = datetime.fromisoformat(planner.execution(arn)["startedAt"])

    planner.sleep(600)

    jobs = [
        planner.emulator.job(str(planner.job_ids(arn, index)[0]))
        for index in (1, 3)
    ]
    begun = [datetime.fromisoformat(job["creationDateTime"]) for job in jobs]
    ended = [datetime.fromisoformat(job["endDateTime"]) for job in jobs]
    second = timedelta(seconds=1)
    completed = planner.execution(arn)["completedAt"]
    assert begun[0] - start == second
    assert begun[1] - ended[0] == timedelta(minutes=30) + 2 * second
    assert datetime.fromisoformat(completed) - ended[1] == second


def test_an_execution_keeps_its_copy_when_the_plan_changes(
    planner: Planner,
) -> None:
    plan = planner.plan([planner.add_server("web")], 5)
    arn = planner.start(plan)
    step = planner.plan_steps(plan)[1]["recoveryPlanStepArn"]

    planner.call("delete_recovery_plan_step", recoveryPlanStepArn=step)
    planner.add(plan, 9, "later")
    planner.sleep(30)

    shown = planner.steps(arn)
    assert [each["stepName"] for each in shown] == ["step 1", "step 2"]
    assert [each["stepIndex"] for each in shown] == [1, 2]
    assert shown[1]["configuration"] == planner.configuration(5)
    assert planner.status(arn) == "COMPLETED"


def test_a_plan_has_one_execution_at_a_time(planner: Planner) -> None:
    plan = planner.plan([planner.add_server("web")])
    other = planner.plan([planner.add_server("app")], name="other")
    first = planner.start(plan)

    code, message = planner.error(
        "start_recovery_plan_execution", recoveryPlanArn=plan, mode="DRILL"
    )
    beside = planner.start(other)
    planner.sleep(20)
    second = planner.start(plan)

    assert (code, plan in message) == ("ConflictException", True)
    assert planner.status(beside) == planner.status(first) == "COMPLETED"
    assert planner.status(second) == "CREATED"


def test_a_plan_is_not_deleted_while_it_is_executed(
    planner: Planner,
) -> None:
    plan = planner.plan([planner.add_server("web")])
    arn = planner.start(plan)

    refused = planner.error("delete_recovery_plan", recoveryPlanArn=plan)
    kept = planner.error(
        "delete_recovery_plan_execution", recoveryPlanExecutionArn=arn
    )
    planner.sleep(20)
    planner.call("delete_recovery_plan", recoveryPlanArn=plan)

    assert (refused[0], kept[0]) == ("ConflictException",) * 2
    assert planner.status(arn) == "COMPLETED"


def test_the_record_of_an_ended_execution_is_deleted(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan([planner.add_server("web")]))
    planner.sleep(20)

    planner.call(
        "delete_recovery_plan_execution", recoveryPlanExecutionArn=arn
    )

    found = planner.call("list_recovery_plan_executions")
    assert found["recoveryPlanExecutions"] == []


def test_executions_are_listed_by_plan_and_status_newest_first(
    planner: Planner,
) -> None:
    web = planner.plan([planner.add_server("web")])
    app = planner.plan([planner.add_server("app")], name="app")
    first = planner.start(web)
    planner.sleep(20)
    second, third = planner.start(app), planner.start(web)

    def found(**filters: str) -> list[str]:
        pages = list(
            planner.emulator.drs.get_paginator(
                "list_recovery_plan_executions"
            ).paginate(PaginationConfig={"PageSize": 1}, **filters)
        )
        assert all(len(page["recoveryPlanExecutions"]) < 2 for page in pages)
        return [
            each["recoveryPlanExecutionArn"]
            for page in pages
            for each in page["recoveryPlanExecutions"]
        ]

    planner.sleep(1)
    assert found() == [third, second, first]
    assert found(recoveryPlanArn=web) == [third, first]
    assert found(status="IN_PROGRESS") == [third, second]
    assert found(recoveryPlanArn=app, status="COMPLETED") == []
    assert found(recoveryPlanArn=web + "0") == []


def test_steps_of_an_execution_are_listed_by_status_and_in_pages(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan([planner.add_server("web")], 1, 2, 3))
    planner.sleep(1)
    ask = {"recoveryPlanExecutionArn": arn}

    waiting = planner.call(
        "list_recovery_plan_execution_steps",
        filter={"status": "NOT_STARTED"},
        maxResults=2,
        **ask,
    )
    rest = planner.call(
        "list_recovery_plan_execution_steps",
        filter={"status": "NOT_STARTED"},
        nextToken=waiting["nextToken"],
        **ask,
    )

    indexes = [
        each["stepIndex"]
        for page in (waiting, rest)
        for each in page["recoveryPlanExecutionSteps"]
    ]
    assert indexes == [2, 3, 4]


def test_a_plan_does_not_start_when_a_server_is_busy_elsewhere(
    planner: Planner,
) -> None:
    web = planner.add_server("web")
    plan = planner.plan(5, [web])
    planner.emulator.start(web)

    code, message = planner.error(
        "start_recovery_plan_execution", recoveryPlanArn=plan, mode="DRILL"
    )

    assert code == "ConflictException"
    assert "currently being processed by a Job" in message


def test_nothing_is_planned_any_more_when_an_execution_has_ended(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan([planner.add_server("web")], 5))

    planner.sleep(30)

    assert planner.status(arn) == "COMPLETED"
    assert planner.emulator.world.next_event_at() is None


def test_a_plan_does_not_start_when_a_chosen_snapshot_does_not_exist(
    planner: Planner,
) -> None:
    web = planner.add_server("web")

    code, message = planner.error(
        "start_recovery_plan_execution",
        recoveryPlanArn=planner.plan([web]),
        mode="DRILL",
        sourceServers=[
            {
                "sourceServerID": web,
                "recoverySnapshotID": "pit-00000000000000000",
            }
        ],
    )

    assert (code, "pit-0" in message) == ("ResourceNotFoundException", True)


def test_a_read_of_an_execution_lags_when_a_fault_says_so(
    planner: Planner,
) -> None:
    minute = timedelta(minutes=1)
    planner.emulator.inject(drs.Eventual("GetRecoveryPlanExecution", minute))
    arn = planner.start(planner.plan([planner.add_server("web")], 5))
    planner.sleep(1.5)

    before = planner.status(arn)
    planner.cancel(arn)
    lagging = planner.status(arn)
    planner.sleep(2)

    assert (before, lagging) == ("IN_PROGRESS", "IN_PROGRESS")
    assert planner.status(arn) == "CANCELLING"


def test_an_execution_ends_at_once_when_nothing_takes_time(
    planner: Planner,
) -> None:
    instantly = drs.RecoveryPlanOptions(reaction_time=timedelta(0))
    planner.emulator.restart(
        profile=drs.INSTANT,
        options=drs.EmulatorOptions(recovery_plans=instantly),
    )
    web, app = planner.add_server("web"), planner.add_server("app")

    arn = planner.start(planner.plan([web], [app]))

    execution = planner.execution(arn)
    assert planner.statuses(arn) == ["COMPLETED", "COMPLETED"]
    assert execution["completedAt"] == execution["startedAt"]


def test_plans_and_executions_stay_in_their_region(
    planner: Planner,
) -> None:
    emulator = planner.emulator.within("123456789012", "us-west-2")
    emulator.initialize()
    west = replace(planner, emulator=emulator)
    arn = planner.start(planner.plan([planner.add_server("web")]))

    code, _ = west.error(
        "get_recovery_plan_execution", recoveryPlanExecutionArn=arn
    )

    assert code == "ResourceNotFoundException"
    assert west.call("list_recovery_plans")["recoveryPlans"] == []
