"""Executions of recovery plans move by time, step after step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner

DAY = timedelta(hours=24)


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


@pytest.mark.parametrize(
    ("purpose", "initiated_by"),
    [("DRILL", "START_DRILL"), ("RECOVERY", "START_RECOVERY")],
)
def test_a_step_recovers_its_servers_in_one_job_of_the_mode(
    planner: Planner, purpose: str, initiated_by: str
) -> None:
    servers = [planner.add_server("web"), planner.add_server("app")]
    arn = planner.start(planner.plan(servers), purpose)

    planner.sleep(15)

    (job_id,) = set(planner.job_ids(arn))
    job = planner.emulator.job(str(job_id))
    assert job["initiatedBy"] == initiated_by
    assert job["tags"] == {}
    assert planner.emulator.statuses(str(job_id)) == {
        server: "LAUNCHED" for server in servers
    }
    assert len(planner.emulator.instances()) == 2
    assert planner.statuses(arn) == ["COMPLETED"]
    assert planner.status(arn) == "COMPLETED"


def test_steps_run_one_after_the_other(planner: Planner) -> None:
    database, web = planner.add_server("db"), planner.add_server("web")
    arn = planner.start(planner.plan([database], 30, [web]))
    seen = []

    for _ in range(60):
        planner.sleep(1)
        statuses = planner.statuses(arn)
        if statuses not in seen:
            seen.append(statuses)

    assert seen == [
        ["EXECUTING", "NOT_STARTED", "NOT_STARTED"],
        ["COMPLETED", "WAITING", "NOT_STARTED"],
        ["COMPLETED", "COMPLETED", "EXECUTING"],
        ["COMPLETED", "COMPLETED", "COMPLETED"],
    ]


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


def test_an_execution_fails_when_a_critical_server_fails(
    planner: Planner,
) -> None:
    web, bad = planner.add_server("web"), planner.add_server("bad")
    planner.emulator.fail(bad, "launch")
    arn = planner.start(planner.plan([web, bad], 5))

    planner.sleep(30)

    execution, step = planner.execution(arn), planner.step(arn)
    assert planner.statuses(arn) == ["FAILED", "NOT_STARTED"]
    assert execution["status"] == "FAILED"
    assert execution["completedAt"] == step["updatedAt"]
    assert execution["errorDetail"] == step["errorDetail"]
    assert step["errorDetail"]["code"] == "SERVER_LAUNCH_FAILED"
    assert bad in step["errorDetail"]["message"]
    assert web not in step["errorDetail"]["message"]


def test_an_execution_goes_on_when_an_optional_server_fails(
    planner: Planner,
) -> None:
    web, log = planner.add_server("web"), planner.add_server("log")
    planner.emulator.fail(log, "conversion")
    servers = [web, planner.server(log, "OPTIONAL")]
    arn = planner.start(planner.plan(servers, 5))

    planner.sleep(30)

    assert planner.statuses(arn) == ["COMPLETED", "COMPLETED"]
    assert "errorDetail" not in planner.step(arn)


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


def test_a_step_fails_when_a_server_has_become_busy_elsewhere(
    planner: Planner,
) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    arn = planner.start(planner.plan(10, [web, app]))
    planner.sleep(8)
    busy = planner.emulator.start(web)

    planner.sleep(3)

    step = planner.step(arn, 2)
    assert step["status"] == "FAILED"
    assert step["errorDetail"]["code"] == "ConflictException"
    assert planner.job_ids(arn, 2) == [None, None]
    assert len(planner.emulator.drs.describe_jobs()["items"]) == 1
    planner.sleep(60)
    assert planner.emulator.statuses(busy["jobID"]) == {web: "LAUNCHED"}


def test_a_step_goes_without_an_optional_server_that_is_busy(
    planner: Planner,
) -> None:
    web, log = planner.add_server("web"), planner.add_server("log")
    servers = [web, planner.server(log, "OPTIONAL")]
    arn = planner.start(planner.plan(10, servers, [planner.add_server("z")]))
    planner.sleep(8)
    planner.emulator.start(log)

    planner.sleep(40)

    launched, left_out = planner.job_ids(arn, 2)
    assert launched and left_out is None
    assert planner.statuses(arn) == ["COMPLETED"] * 3


def test_a_step_is_complete_when_no_optional_server_can_be_launched(
    planner: Planner,
) -> None:
    log = planner.add_server("log")
    plan = planner.plan(10, [planner.server(log, "OPTIONAL")])
    arn = planner.start(plan)
    planner.sleep(8)
    planner.emulator.start(log)

    planner.sleep(5)

    assert planner.statuses(arn) == ["COMPLETED", "COMPLETED"]
    assert planner.job_ids(arn, 2) == [None]


def test_a_step_fails_when_a_quota_of_jobs_is_exceeded(
    planner: Planner,
) -> None:
    planner.choose(quotas=drs.Quotas(active_jobs=1))
    web, other = planner.add_server("web"), planner.add_server("other")
    arn = planner.start(planner.plan([web]))
    planner.emulator.start(other)

    planner.sleep(1)

    detail = planner.step(arn)["errorDetail"]
    assert detail["code"] == "ServiceQuotaExceededException"


def test_a_waiting_step_times_out_after_a_day(planner: Planner) -> None:
    plan = planner.plan(*[120] * 13, [planner.add_server("web")])
    arn = planner.start(plan)

    planner.sleep(24 * 60 - 1 / 60)
    before = planner.status(arn)
    planner.sleep(2 / 60)

    execution = planner.execution(arn)
    times = [
        datetime.fromisoformat(execution[name])
        for name in ("startedAt", "completedAt")
    ]
    assert (before, execution["status"]) == ("IN_PROGRESS", "FAILED")
    assert times[1] - times[0] == DAY
    assert execution["errorDetail"]["code"] == "EXECUTION_TIMED_OUT"
    assert planner.statuses(arn) == (
        ["COMPLETED"] * 11 + ["TIMED_OUT", "SKIPPED", "SKIPPED"]
    )


def test_the_job_of_a_timed_out_step_goes_on(planner: Planner) -> None:
    planner.choose(quotas=drs.Quotas(plan_execution_hours=1))
    web = planner.add_server("web")
    arn = planner.start(planner.plan(55, [web], 1))
    planner.sleep(61)
    (job_id,) = planner.job_ids(arn, 2)

    planner.sleep(60)

    assert planner.statuses(arn) == ["COMPLETED", "TIMED_OUT", "SKIPPED"]
    assert planner.emulator.statuses(str(job_id)) == {web: "LAUNCHED"}


def test_nothing_is_planned_any_more_when_an_execution_has_ended(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan([planner.add_server("web")], 5))

    planner.sleep(30)

    assert planner.status(arn) == "COMPLETED"
    assert planner.emulator.world.next_event_at() is None


def test_a_step_recovers_from_the_snapshot_chosen_for_its_server(
    planner: Planner,
) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    planner.sleep(60)
    snapshots = planner.emulator.drs.describe_recovery_snapshots(
        sourceServerID=web, order="ASC"
    )["items"]
    oldest = snapshots[0]
    arn = planner.start(
        planner.plan([web, app]),
        sourceServers=[
            {
                "sourceServerID": web,
                "recoverySnapshotID": oldest["snapshotID"],
            }
        ],
    )

    planner.sleep(20)

    instances = planner.emulator.drs.describe_recovery_instances()["items"]
    times = {
        each["sourceServerID"]: each["pointInTimeSnapshotDateTime"]
        for each in instances
    }
    assert planner.status(arn) == "COMPLETED"
    assert times[web] == oldest["timestamp"]
    assert times[app] > times[web]


@pytest.mark.parametrize(
    ("impact", "statuses"),
    [
        ("CRITICAL", ["COMPLETED", "FAILED"]),
        ("OPTIONAL", ["COMPLETED", "COMPLETED"]),
    ],
)
def test_a_snapshot_may_be_gone_when_its_step_begins(
    planner: Planner, impact: str, statuses: list[str]
) -> None:
    web = planner.add_server("web")
    planner.sleep(55)
    newest = planner.emulator.drs.describe_recovery_snapshots(
        sourceServerID=web, order="DESC"
    )["items"][0]
    arn = planner.start(
        planner.plan(120, [planner.server(web, impact)]),
        sourceServers=[
            {
                "sourceServerID": web,
                "recoverySnapshotID": newest["snapshotID"],
            }
        ],
    )

    planner.sleep(125)

    assert planner.statuses(arn) == statuses
    assert planner.job_ids(arn, 2) == [None]


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
