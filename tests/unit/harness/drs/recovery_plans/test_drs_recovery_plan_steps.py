"""Steps of an execution: one job each, and what becomes of its servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner

DAY = timedelta(hours=24)


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
