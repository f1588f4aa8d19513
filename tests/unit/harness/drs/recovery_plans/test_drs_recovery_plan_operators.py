"""Operators cancel, retry, skip and change what is executed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner


def failed(planner: Planner, *later: Any) -> tuple[str, str, str]:
    """Execute a plan whose first step fails at one of two servers."""
    web, bad = planner.add_server("web"), planner.add_server("bad")
    planner.emulator.fail(bad, "launch")
    arn = planner.start(planner.plan([web, bad], *later))
    planner.sleep(20)
    assert planner.statuses(arn)[0] == "FAILED"
    return arn, web, bad


def test_the_running_job_ends_first_when_an_execution_is_cancelled(
    planner: Planner,
) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    arn = planner.start(planner.plan([web], 5, [app]))
    planner.sleep(2)

    cancelled = planner.cancel(arn)

    assert cancelled["status"] == "CANCELLING"
    assert planner.statuses(arn) == ["EXECUTING", "SKIPPED", "SKIPPED"]
    planner.sleep(20)
    assert planner.status(arn) == "CANCELLED"
    assert planner.statuses(arn) == ["COMPLETED", "SKIPPED", "SKIPPED"]
    assert "completedAt" in planner.execution(arn)
    assert len(planner.emulator.instances()) == 1


def test_an_execution_is_cancelled_even_when_its_last_job_fails(
    planner: Planner,
) -> None:
    bad = planner.add_server("bad", fail_at="launch")
    arn = planner.start(planner.plan([bad], 5))
    planner.sleep(2)

    planner.cancel(arn)
    planner.sleep(20)

    assert planner.status(arn) == "CANCELLED"
    assert planner.statuses(arn) == ["FAILED", "SKIPPED"]


def test_a_wait_ends_when_an_execution_is_cancelled(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan(30, [planner.add_server("web")]))
    planner.sleep(1)

    planner.cancel(arn)
    planner.sleep(1)

    assert planner.status(arn) == "CANCELLED"
    assert planner.statuses(arn) == ["SKIPPED", "SKIPPED"]
    planner.sleep(60)
    assert planner.emulator.drs.describe_jobs()["items"] == []


def test_an_execution_is_cancelled_before_it_begins(
    planner: Planner,
) -> None:
    arn = planner.start(planner.plan([planner.add_server("web")]))

    planner.cancel(arn)
    planner.sleep(1)

    assert planner.status(arn) == "CANCELLED"
    assert planner.statuses(arn) == ["SKIPPED"]


def test_an_execution_is_not_cancelled_twice_or_after_its_end(
    planner: Planner,
) -> None:
    plan = planner.plan([planner.add_server("web")])
    arn = planner.start(plan)
    planner.cancel(arn)
    ask = {"recoveryPlanExecutionArn": arn}

    again = planner.error("cancel_recovery_plan_execution", **ask)
    planner.sleep(1)
    after = planner.error("cancel_recovery_plan_execution", **ask)

    assert again[0] == after[0] == "ConflictException"
    assert "CANCELLING" in again[1] and "CANCELLED" in after[1]


def test_a_retry_launches_what_was_not_launched_and_goes_on(
    planner: Planner,
) -> None:
    arn, web, bad = failed(planner, 5)
    first = planner.job_ids(arn)
    planner.emulator.mend(bad)

    retried = planner.retry(arn)

    assert (retried["status"], retried["attempt"]) == ("NOT_STARTED", 2)
    assert "errorDetail" not in retried
    execution = planner.execution(arn)
    assert execution["status"] == "IN_PROGRESS"
    assert "completedAt" not in execution and "errorDetail" not in execution
    planner.sleep(30)
    second = planner.job_ids(arn)
    assert planner.status(arn) == "COMPLETED"
    assert planner.statuses(arn) == ["COMPLETED", "COMPLETED"]
    assert second[0] == first[0] and second[1] != first[1]
    assert planner.emulator.statuses(str(second[1])) == {bad: "LAUNCHED"}


def test_a_retry_launches_all_servers_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(retries_launched_servers=True)
    arn, web, bad = failed(planner)
    planner.emulator.mend(bad)

    planner.retry(arn)
    planner.sleep(20)

    job_id, same = planner.job_ids(arn)
    assert job_id == same
    assert set(planner.emulator.statuses(str(job_id))) == {web, bad}
    assert planner.status(arn) == "COMPLETED"


def test_a_step_fails_again_when_its_retry_does(planner: Planner) -> None:
    arn, _, _ = failed(planner)

    planner.retry(arn)
    planner.sleep(20)

    step = planner.step(arn)
    assert (step["status"], step["attempt"]) == ("FAILED", 2)
    assert planner.status(arn) == "FAILED"
    assert planner.retry(arn)["attempt"] == 3


@pytest.mark.parametrize("index", [1, 2, 3])
def test_only_a_failed_step_is_retried(planner: Planner, index: int) -> None:
    plan = planner.plan(
        [planner.add_server("web")], 30, [planner.add_server("app")]
    )
    arn = planner.start(plan)
    planner.sleep(15)

    code, _ = planner.error(
        "retry_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(arn, index),
    )

    assert planner.statuses(arn) == ["COMPLETED", "WAITING", "NOT_STARTED"]
    assert code == "ConflictException"


def test_a_failed_execution_does_not_go_on_beside_another_one(
    planner: Planner,
) -> None:
    arn, _, bad = failed(planner)
    plan = planner.execution(arn)["recoveryPlanArn"]
    planner.start(plan)
    step = {"recoveryPlanExecutionStepArn": planner.step_arn(arn)}

    retried = planner.error("retry_recovery_plan_execution_step", **step)
    skipped = planner.error(
        "update_recovery_plan_execution_step", status="SKIPPED", **step
    )

    assert (retried[0], skipped[0]) == ("ConflictException",) * 2


def test_an_expired_execution_does_not_go_on(planner: Planner) -> None:
    arn, _, _ = failed(planner, 5)
    planner.sleep(24 * 60)

    code, message = planner.error(
        "retry_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(arn),
    )

    assert (code, "24 hours" in message) == ("ConflictException", True)
    assert planner.statuses(arn) == ["FAILED", "NOT_STARTED"]


def test_a_retried_execution_still_ends_a_day_after_its_start(
    planner: Planner,
) -> None:
    arn, _, bad = failed(planner, *[120] * 13)
    planner.emulator.mend(bad)

    planner.retry(arn)
    planner.sleep(24 * 60)

    assert planner.status(arn) == "FAILED"
    assert planner.statuses(arn)[-2:] == ["TIMED_OUT", "SKIPPED"]


def test_an_execution_goes_on_when_its_failed_step_is_skipped(
    planner: Planner,
) -> None:
    arn, _, _ = failed(planner, 5)

    skipped = planner.skip(arn, 1)
    planner.sleep(1)

    assert skipped["status"] == "SKIPPED"
    assert planner.status(arn) == "IN_PROGRESS"
    assert planner.statuses(arn) == ["SKIPPED", "WAITING"]
    planner.sleep(5)
    assert planner.status(arn) == "COMPLETED"


def test_a_step_is_passed_over_when_it_was_skipped_in_time(
    planner: Planner,
) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    arn = planner.start(planner.plan(5, [web], [app]))
    planner.sleep(1)

    planner.skip(arn, 2)
    planner.sleep(30)

    assert planner.statuses(arn) == ["COMPLETED", "SKIPPED", "COMPLETED"]
    assert planner.status(arn) == "COMPLETED"
    assert len(planner.emulator.instances()) == 1


@pytest.mark.parametrize("index", [1, 2])
def test_a_step_that_has_begun_is_not_skipped(
    planner: Planner, index: int
) -> None:
    plan = planner.plan(5, [planner.add_server("web")])
    arn = planner.start(plan)
    planner.sleep(7)

    code, _ = planner.error(
        "update_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(arn, index),
        status="SKIPPED",
    )

    assert code == "ConflictException"


def test_a_step_to_come_takes_other_servers_and_another_wait(
    planner: Planner,
) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    arn = planner.start(planner.plan(5, 60, [web]))
    planner.sleep(1)

    planner.update(arn, 2, waitDurationMinutes=1)
    changed = planner.update(arn, 3, servers=[planner.server(app)])
    planner.sleep(30)

    assert changed["configuration"] == {
        "executionServerStepConfiguration": {
            "servers": [planner.server(app, "CRITICAL")]
        }
    }
    (job_id,) = planner.job_ids(arn, 3)
    assert planner.status(arn) == "COMPLETED"
    assert list(planner.emulator.statuses(str(job_id))) == [app]


@pytest.mark.parametrize(
    ("index", "change", "code"),
    [
        (1, {"waitDurationMinutes": 9}, "ConflictException"),
        (2, {"waitDurationMinutes": 9}, "ValidationException"),
        (3, {"servers": []}, "ValidationException"),
        (3, {"status": "COMPLETED"}, "ValidationException"),
        (3, {}, "ValidationException"),
        (
            3,
            {"status": "SKIPPED", "waitDurationMinutes": 9},
            "ValidationException",
        ),
    ],
)
def test_a_change_is_refused_when_it_does_not_fit_the_step(
    planner: Planner, index: int, change: Any, code: str
) -> None:
    web = planner.add_server("web")
    arn = planner.start(planner.plan(5, [web], 30))
    planner.sleep(1)
    if "servers" in change:
        change = {"servers": [planner.server(web)]}

    found, _ = planner.error(
        "update_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(arn, index),
        **change,
    )

    assert found == code
    assert planner.statuses(arn) == ["WAITING", "NOT_STARTED", "NOT_STARTED"]


def test_nothing_changes_any_more_when_an_execution_was_cancelled(
    planner: Planner,
) -> None:
    arn, _, _ = failed(planner, 5)
    planner.retry(arn)
    planner.sleep(1)
    planner.cancel(arn)
    planner.sleep(20)

    code, _ = planner.error(
        "retry_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(arn),
    )

    assert planner.statuses(arn) == ["FAILED", "SKIPPED"]
    assert planner.status(arn) == "CANCELLED"
    assert code == "ConflictException"


def test_a_retry_is_cancelled_before_it_begins(planner: Planner) -> None:
    arn, _, _ = failed(planner, 5)
    planner.retry(arn)

    planner.cancel(arn)
    planner.sleep(1)

    assert planner.statuses(arn) == ["SKIPPED", "SKIPPED"]
    assert planner.status(arn) == "CANCELLED"


def test_an_execution_waits_for_someone_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(failed_step_ends_execution=False)
    arn, _, bad = failed(planner, 5)
    planner.sleep(60)
    before = planner.status(arn)
    planner.emulator.mend(bad)

    planner.retry(arn)
    planner.sleep(60)

    assert (before, planner.status(arn)) == ("IN_PROGRESS", "COMPLETED")


@pytest.mark.parametrize(
    ("minutes", "cancelled", "status"),
    [(24 * 60, False, "FAILED"), (1, True, "CANCELLED")],
)
def test_an_execution_that_waits_for_someone_ends(
    planner: Planner, minutes: int, cancelled: bool, status: str
) -> None:
    planner.choose(failed_step_ends_execution=False)
    arn, _, _ = failed(planner, 5)
    if cancelled:
        planner.cancel(arn)

    planner.sleep(minutes)

    assert planner.status(arn) == status
    assert planner.statuses(arn) == ["FAILED", "SKIPPED"]
