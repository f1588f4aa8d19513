"""Choices about recovery plans: both values of each make a difference."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner


def fail(planner: Planner, server: str) -> None:
    planner.emulator.fail(server, "launch")


@pytest.mark.parametrize(
    ("choice", "jobs"), [("one", 1), ("one_per_server", 2)]
)
def test_the_servers_of_a_step_share_a_job_when_so_chosen(
    planner: Planner, choice: Any, jobs: int
) -> None:
    planner.choose(jobs_per_step=choice)
    servers = [planner.add_server("a"), planner.add_server("b")]
    execution = planner.start(planner.plan(servers))

    planner.sleep(60)

    assert planner.status(execution) == "COMPLETED"
    assert len(set(planner.job_ids(execution))) == jobs


def test_a_step_waits_for_the_last_of_its_jobs(planner: Planner) -> None:
    planner.choose(jobs_per_step="one_per_server")
    early, late = planner.add_server("a"), planner.add_server("b")
    planner.emulator.fail(early, "snapshot")
    execution = planner.start(planner.plan([early, late]))

    planner.sleep(2)
    during = planner.statuses(execution)
    planner.sleep(60)

    assert during == ["EXECUTING"]
    assert planner.statuses(execution) == ["FAILED"]


def test_a_retry_launches_the_failed_servers_in_jobs_of_their_own(
    planner: Planner,
) -> None:
    planner.choose(jobs_per_step="one_per_server")
    good, bad = planner.add_server("a"), planner.add_server("b")
    fail(planner, bad)
    execution = planner.start(planner.plan([good, bad]))
    planner.sleep(60)
    before = planner.job_ids(execution)
    planner.emulator.mend(bad)

    planner.retry(execution)
    planner.sleep(60)

    after = planner.job_ids(execution)
    assert planner.status(execution) == "COMPLETED"
    assert [a == b for a, b in zip(after, before, strict=True)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("waits", [True, False])
def test_a_cancelled_execution_waits_for_its_job_when_so_chosen(
    planner: Planner, waits: bool
) -> None:
    planner.choose(cancel_waits_for_job=waits)
    execution = planner.start(planner.plan([planner.add_server("a")], 5))
    planner.sleep(2)

    planner.cancel(execution)
    planner.sleep(1)
    early = (planner.status(execution), planner.statuses(execution))
    planner.sleep(60)

    status = "CANCELLING" if waits else "CANCELLED"
    assert early == (status, ["EXECUTING", "SKIPPED"])
    assert planner.status(execution) == "CANCELLED"
    assert planner.statuses(execution) == ["COMPLETED", "SKIPPED"]


def test_a_step_fails_after_its_execution_was_cancelled(
    planner: Planner,
) -> None:
    planner.choose(cancel_waits_for_job=False)
    server = planner.add_server("a")
    fail(planner, server)
    execution = planner.start(planner.plan([server]))
    planner.sleep(2)

    planner.cancel(execution)
    planner.sleep(60)

    assert planner.status(execution) == "CANCELLED"
    assert planner.statuses(execution) == ["FAILED"]


@pytest.mark.parametrize("terminal", [True, False])
def test_cancelling_is_a_terminal_status_when_so_chosen(
    planner: Planner, terminal: bool
) -> None:
    planner.choose(cancelling_is_terminal=terminal)
    plan = planner.plan([planner.add_server("a")])
    execution = planner.start(plan)
    planner.sleep(2)
    planner.cancel(execution)

    calls: list[tuple[str, dict[str, Any]]] = [
        (
            "delete_recovery_plan_execution",
            {"recoveryPlanExecutionArn": execution},
        ),
        ("delete_recovery_plan", {"recoveryPlanArn": plan}),
    ]
    for operation, request in calls:
        if terminal:
            planner.call(operation, **request)
        else:
            code, _ = planner.error(operation, **request)
            assert code == "ConflictException"


@pytest.mark.parametrize("status", ["SKIPPED", "COMPLETED", "FAILED"])
def test_a_cancelled_wait_ends_in_the_chosen_status(
    planner: Planner, status: str
) -> None:
    planner.choose(cancelled_wait_status=status)
    execution = planner.start(planner.plan(10, [planner.add_server("a")]))
    planner.sleep(1)

    planner.cancel(execution)
    planner.sleep(1)

    assert planner.statuses(execution) == [status, "SKIPPED"]


@pytest.mark.parametrize("retries", [True, False])
def test_an_expired_execution_is_retried_when_so_chosen(
    planner: Planner, retries: bool
) -> None:
    planner.choose(retries_expired_executions=retries)
    server = planner.add_server("a")
    fail(planner, server)
    execution = planner.start(planner.plan([server], 5))
    planner.sleep(25 * 60)
    planner.emulator.mend(server)

    try:
        planner.retry(execution)
    except planner.emulator.drs.exceptions.ConflictException:
        pass
    planner.sleep(60)

    status = "COMPLETED" if retries else "FAILED"
    assert planner.status(execution) == status


def test_a_retried_execution_has_its_time_anew(planner: Planner) -> None:
    quotas = drs.Quotas(plan_execution_hours=1)
    planner.choose(quotas, retries_expired_executions=True)
    server = planner.add_server("a")
    fail(planner, server)
    execution = planner.start(planner.plan([server], 120))
    planner.sleep(90)
    planner.emulator.mend(server)

    planner.retry(execution)
    planner.sleep(59)
    before = planner.statuses(execution)
    planner.sleep(2)

    assert before == ["COMPLETED", "WAITING"]
    assert planner.statuses(execution) == ["COMPLETED", "TIMED_OUT"]


@pytest.mark.parametrize("one", [True, False])
def test_an_update_names_one_change_when_so_chosen(
    planner: Planner, one: bool
) -> None:
    planner.choose(one_change_per_update=one)
    execution = planner.start(planner.plan(10, 20, [planner.add_server("a")]))
    planner.sleep(1)
    change: dict[str, Any] = {"status": "SKIPPED", "waitDurationMinutes": 30}

    if one:
        code, _ = planner.error(
            "update_recovery_plan_execution_step",
            recoveryPlanExecutionStepArn=planner.step_arn(execution, 2),
            **change,
        )
        assert code == "ValidationException"
    else:
        step = planner.update(execution, 2, **change)
        wait = step["configuration"]["waitStepConfiguration"]
        assert step["status"] == "SKIPPED"
        assert wait["waitDurationMinutes"] == 30


@pytest.mark.parametrize("one", [True, False])
def test_an_update_without_a_change_is_refused(
    planner: Planner, one: bool
) -> None:
    planner.choose(one_change_per_update=one)
    execution = planner.start(planner.plan(10, [planner.add_server("a")]))

    code, _ = planner.error(
        "update_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(execution, 1),
    )

    assert code == "ValidationException"


@pytest.mark.parametrize("code", ["ConflictException", "ValidationException"])
def test_an_incomplete_order_is_refused_with_the_chosen_class(
    planner: Planner, code: str
) -> None:
    planner.choose(incomplete_order_error=code)
    plan = planner.plan(1, 2)
    first = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]

    found, _ = planner.error(
        "reorder_recovery_plan_steps",
        recoveryPlanArn=plan,
        orderedStepArns=[first],
    )

    assert found == code


@pytest.mark.parametrize(
    "code",
    [
        "ConflictException",
        "ServiceQuotaExceededException",
        "ValidationException",
    ],
)
def test_a_quota_that_is_not_declared_is_refused_with_the_chosen_class(
    planner: Planner, code: str
) -> None:
    quotas = drs.Quotas(servers_per_plan=1)
    planner.choose(quotas, undeclared_quota_error=code)
    first, second = planner.add_server("a"), planner.add_server("b")
    plan = planner.plan([first])

    found, _ = planner.error(
        "update_recovery_plan_step",
        recoveryPlanStepArn=planner.plan_steps(plan)[0]["recoveryPlanStepArn"],
        configuration=planner.configuration([first, second]),
    )

    assert found == code


@pytest.mark.parametrize("quota_code", [None, "L-12345678"])
def test_an_error_about_a_quota_names_the_chosen_code(
    planner: Planner, quota_code: str | None
) -> None:
    planner.choose(drs.Quotas(recovery_plans=0), quota_code=quota_code)
    client = planner.emulator.drs

    with pytest.raises(
        client.exceptions.ServiceQuotaExceededException
    ) as error:
        planner.plan()

    answer: Any = error.value.response
    assert answer.get("quotaCode") == quota_code


@pytest.mark.parametrize("outlives", [True, False])
def test_a_token_is_used_up_when_its_plan_is_gone_if_so_chosen(
    planner: Planner, outlives: bool
) -> None:
    planner.choose(tokens_outlive_resources=outlives)
    first = planner.plan(clientToken="token")
    planner.call("delete_recovery_plan", recoveryPlanArn=first)

    if outlives:
        code, _ = planner.error(
            "create_recovery_plan", name="plan", clientToken="token"
        )
        assert code == "ConflictException"
    else:
        assert planner.plan(clientToken="token") != first


@pytest.mark.parametrize(
    "ids", [drs.RecoveryPlanIds(), drs.RecoveryPlanIds("p-", "s-", "e-", "x-")]
)
def test_ids_begin_as_chosen(
    planner: Planner, ids: drs.RecoveryPlanIds
) -> None:
    planner.choose(ids=ids)
    plan = planner.plan(1, [planner.add_server("a")])
    execution = planner.start(plan)

    step, _ = planner.plan_steps(plan)
    arns = {
        plan: ids.plan,
        step["recoveryPlanStepArn"]: ids.step,
        execution: ids.execution,
        planner.step_arn(execution): ids.execution_step,
    }
    for arn, start in arns.items():
        assert arn.rpartition("/")[2].startswith(start)


@pytest.mark.parametrize("hours", [1, 24])
def test_a_token_is_known_for_the_chosen_time(
    planner: Planner, hours: int
) -> None:
    planner.choose(client_token_lifetime=timedelta(hours=hours))
    first = planner.plan(clientToken="token")

    planner.sleep(61)

    assert (planner.plan(clientToken="token") == first) is (hours == 24)


@pytest.mark.parametrize("text", [None, "no plan {id}"])
def test_an_error_about_a_plan_has_the_chosen_text(
    planner: Planner, text: str | None
) -> None:
    texts = drs.RecoveryPlanTexts()
    texts = drs.RecoveryPlanTexts(unknown_plan=text) if text else texts
    planner.choose(texts=texts)
    arn = f"{planner.plan()}x"

    _, message = planner.error("get_recovery_plan", recoveryPlanArn=arn)

    assert message == texts.unknown_plan.format(id=arn)
