"""Quotas, client tokens and the choices about recovery plans."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.recovery_plans.conftest import Planner

ABSENT = "s-00000000000000000"
QUOTA = "ServiceQuotaExceededException"
TAGS = {f"key-{number}": "" for number in range(51)}


def test_an_account_has_a_limited_number_of_plans(planner: Planner) -> None:
    planner.choose(quotas=drs.Quotas(recovery_plans=2))
    planner.plan()
    planner.plan(name="second")

    code, message = planner.error("create_recovery_plan", name="third")

    assert (code, message) == (QUOTA, "At most 2 Recovery Plans")
    assert drs.Quotas().recovery_plans == 1000


def test_a_plan_has_twenty_steps_at_most(planner: Planner) -> None:
    plan = planner.plan(*[1] * 20)

    code, message = planner.error(
        "create_recovery_plan_step",
        recoveryPlanArn=plan,
        stepName="more",
        configuration=planner.configuration(1),
    )

    assert (code, message) == (QUOTA, "At most 20 steps in a Recovery Plan")


def test_a_plan_has_a_hundred_servers_at_most_over_all_steps(
    planner: Planner,
) -> None:
    servers = [planner.add_server(f"web-{each}") for each in range(101)]
    plan = planner.plan(servers[:60], servers[60:99], 5)
    last = planner.plan_steps(plan)[1]["recoveryPlanStepArn"]

    added = planner.error(
        "create_recovery_plan_step",
        recoveryPlanArn=plan,
        stepName="more",
        configuration=planner.configuration(servers[99:]),
    )
    changed = planner.error(
        "update_recovery_plan_step",
        recoveryPlanStepArn=last,
        configuration=planner.configuration(servers[60:]),
    )
    planner.add(plan, servers[99:100], "last")

    assert added == (QUOTA, "At most 100 servers in a Recovery Plan")
    assert changed == ("ValidationException", added[1])
    execution = planner.start(plan)
    planner.sleep(1)
    refused = planner.error(
        "update_recovery_plan_execution_step",
        recoveryPlanExecutionStepArn=planner.step_arn(execution, 4),
        servers=[planner.server(each) for each in servers[99:]],
    )
    assert refused == changed


def test_a_server_is_in_one_step_of_a_plan_only(planner: Planner) -> None:
    web, app = planner.add_server("web"), planner.add_server("app")
    plan = planner.plan([web])
    ask = {"recoveryPlanArn": plan, "stepName": "s"}

    errors = [
        planner.error(
            "create_recovery_plan_step",
            configuration=planner.configuration(servers),
            **ask,
        )
        for servers in ([web], [app, app])
    ]

    assert [code for code, _ in errors] == ["ValidationException"] * 2
    assert [text[:19] for _, text in errors] == [web, app]


def test_a_server_is_in_two_steps_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(refuses_repeated_servers=False)
    web = planner.add_server("web")
    arn = planner.start(planner.plan([web], [web]))

    planner.sleep(60)

    assert planner.status(arn) == "COMPLETED"
    assert planner.job_ids(arn, 1) != planner.job_ids(arn, 2)


@pytest.mark.parametrize("operation", ["plan", "execution"])
def test_no_more_than_fifty_tags_are_taken(
    planner: Planner, operation: str
) -> None:
    plan = planner.plan([planner.add_server("web")])

    if operation == "plan":
        error = planner.error("create_recovery_plan", name="n", tags=TAGS)
    else:
        error = planner.error(
            "start_recovery_plan_execution",
            recoveryPlanArn=plan,
            mode="DRILL",
            tags=TAGS,
        )

    assert error == ("ValidationException", error[1])
    assert "50 tags" in error[1]


def test_a_request_sent_twice_makes_one_thing(planner: Planner) -> None:
    web = planner.add_server("web")

    plans = [planner.plan(clientToken="p") for _ in range(2)]
    steps = [planner.add(plans[0], [web], clientToken="s") for _ in range(2)]
    executions = [planner.start(plans[0], clientToken="e") for _ in range(2)]

    assert plans[0] == plans[1]
    assert steps[0] == steps[1]
    assert executions[0] == executions[1]
    assert len(planner.plan_steps(plans[0])) == 1
    planner.sleep(20)
    assert planner.start(plans[0], clientToken="e") == executions[0]
    assert planner.start(plans[0], clientToken="f") != executions[0]


def test_a_token_is_refused_when_it_comes_with_other_parameters(
    planner: Planner,
) -> None:
    planner.plan(clientToken="token")

    code, _ = planner.error(
        "create_recovery_plan", name="other", clientToken="token"
    )

    assert code == "ConflictException"


def test_a_token_is_free_again_when_its_plan_is_gone_or_it_is_old(
    planner: Planner,
) -> None:
    first = planner.plan(clientToken="token")
    planner.call("delete_recovery_plan", recoveryPlanArn=first)

    second = planner.plan(clientToken="token")
    planner.sleep(24 * 60)
    third = planner.plan(clientToken="token")

    assert len({first, second, third}) == 3


def test_an_empty_token_is_none(planner: Planner) -> None:
    assert planner.plan(clientToken="") != planner.plan(clientToken="")


def test_a_plan_without_servers_is_not_executed(planner: Planner) -> None:
    code, message = planner.error(
        "start_recovery_plan_execution",
        recoveryPlanArn=planner.plan(5),
        mode="DRILL",
    )

    assert (code, "SERVER" in message) == ("ConflictException", True)


def test_a_plan_is_not_executed_when_a_server_is_not_ready(
    planner: Planner,
) -> None:
    server = planner.add_server("web", replication_state="INITIAL_SYNC")

    code, message = planner.error(
        "start_recovery_plan_execution",
        recoveryPlanArn=planner.plan([server]),
        mode="DRILL",
    )

    assert (code, server in message) == ("ConflictException", True)


@pytest.mark.parametrize(
    ("servers", "message"),
    [(["app"], "is not in the Recovery Plan"), (["web", "web"], "once")],
)
def test_a_chosen_snapshot_is_refused_when_its_server_does_not_fit(
    planner: Planner, servers: list[str], message: str
) -> None:
    ids = {name: planner.add_server(name) for name in ("web", "app")}

    code, text = planner.error(
        "start_recovery_plan_execution",
        recoveryPlanArn=planner.plan([ids["web"]]),
        mode="DRILL",
        sourceServers=[
            {
                "sourceServerID": ids[name],
                "recoverySnapshotID": "pit-00000000000000000",
            }
            for name in servers
        ],
    )

    assert (code, message in text) == ("ValidationException", True)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "ValidationException"),
        ({"refuses_order_beyond_end": False}, None),
    ],
)
def test_an_order_beyond_the_end_is_refused_or_taken_as_the_end(
    planner: Planner, options: Any, code: str | None
) -> None:
    planner.choose(**options)
    plan = planner.plan(1)
    ask: Any = {
        "recoveryPlanArn": plan,
        "stepName": "s",
        "stepOrder": 7,
        "configuration": planner.configuration(1),
    }

    if code:
        assert planner.error("create_recovery_plan_step", **ask)[0] == code
    else:
        step = planner.call("create_recovery_plan_step", **ask)
        assert step["recoveryPlanStep"]["stepOrder"] == 2


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("invalid_plan_error", "ValidationException"),
        ("second_execution_error", "ServiceQuotaExceededException"),
        ("reused_token_error", "ValidationException"),
    ],
)
def test_the_class_of_an_error_is_a_choice(
    planner: Planner, option: str, code: str
) -> None:
    planner.choose(**{option: code})
    plan = planner.plan(1, clientToken="token")
    if option == "second_execution_error":
        planner.add(plan, [planner.add_server("web")])
        planner.start(plan)

    if option == "reused_token_error":
        found = planner.error(
            "create_recovery_plan", name="other", clientToken="token"
        )
    else:
        found = planner.error(
            "start_recovery_plan_execution", recoveryPlanArn=plan, mode="DRILL"
        )

    assert found[0] == code


def test_names_of_plans_are_unique_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.plan(name="same")
    planner.plan(name="same")
    planner.choose(unique_plan_names=True)
    planner.plan(name="same")
    other = planner.plan(name="other")

    created = planner.error("create_recovery_plan", name="same")
    updated = planner.error(
        "update_recovery_plan", recoveryPlanArn=other, name="same"
    )
    planner.call("update_recovery_plan", recoveryPlanArn=other, name="other")

    assert created == updated == ("ConflictException", created[1])


def test_a_plan_is_locked_in_execution_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(locks_plan_while_executing=True)
    plan = planner.plan([planner.add_server("web")])
    step = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]
    planner.start(plan)

    errors = [
        planner.error("update_recovery_plan", recoveryPlanArn=plan),
        planner.error("update_recovery_plan_step", recoveryPlanStepArn=step),
        planner.error("delete_recovery_plan_step", recoveryPlanStepArn=step),
        planner.error(
            "reorder_recovery_plan_steps",
            recoveryPlanArn=plan,
            orderedStepArns=[step],
        ),
        planner.error(
            "create_recovery_plan_step",
            recoveryPlanArn=plan,
            stepName="s",
            configuration=planner.configuration(1),
        ),
    ]
    planner.sleep(20)

    assert {code for code, _ in errors} == {"ConflictException"}
    planner.add(plan, 1)


@pytest.mark.parametrize("touches", [True, False])
def test_a_change_of_steps_is_a_change_of_the_plan_or_not(
    planner: Planner, touches: bool
) -> None:
    planner.choose(step_changes_touch_plan=touches)
    plan = planner.plan()
    planner.sleep(1)

    planner.add(plan, 1)

    shown = planner.call("get_recovery_plan", recoveryPlanArn=plan)
    found = shown["recoveryPlan"]
    assert (found["updatedAt"] > found["createdAt"]) == touches


@pytest.mark.parametrize("deletes", [True, False])
def test_executions_outlive_their_plan_or_not(
    planner: Planner, deletes: bool
) -> None:
    planner.choose(deletes_executions_with_plan=deletes)
    plan = planner.plan([planner.add_server("web")])
    planner.start(plan)
    planner.sleep(20)

    planner.call("delete_recovery_plan", recoveryPlanArn=plan)

    found = planner.call("list_recovery_plan_executions")
    assert len(found["recoveryPlanExecutions"]) == (0 if deletes else 1)


def test_executions_are_listed_oldest_first_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(newest_execution_first=False)
    started = [
        planner.start(planner.plan([planner.add_server(name)], name=name))
        for name in ("web", "app")
    ]

    found = planner.call("list_recovery_plan_executions")

    assert started == [
        each["recoveryPlanExecutionArn"]
        for each in found["recoveryPlanExecutions"]
    ]


def test_jobs_carry_the_tags_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(jobs_carry_execution_tags=True)
    plan = planner.plan([planner.add_server("web")])
    arn = planner.start(plan, tags={"drill": "june"})

    planner.sleep(1)

    (job_id,) = planner.job_ids(arn)
    assert planner.emulator.job(str(job_id))["tags"] == {"drill": "june"}


def test_a_plan_starts_unchecked_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(
        validates_servers_at_start=False, refuses_unknown_servers=False
    )
    arn = planner.start(planner.plan([ABSENT]))

    planner.sleep(1)

    detail = planner.step(arn)["errorDetail"]
    assert detail["code"] == "ResourceNotFoundException"
    assert ABSENT in detail["message"]


def test_a_step_fails_with_a_busy_optional_server_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(leaves_out_optional_servers=False)
    log = planner.add_server("log")
    arn = planner.start(planner.plan(10, [planner.server(log, "OPTIONAL")]))
    planner.sleep(8)
    planner.emulator.start(log)

    planner.sleep(5)

    assert planner.statuses(arn) == ["COMPLETED", "FAILED"]


def test_later_steps_stay_as_they_are_after_a_day_when_the_options_say_so(
    planner: Planner,
) -> None:
    planner.choose(
        quotas=drs.Quotas(plan_execution_hours=1),
        expiry_skips_remaining_steps=False,
    )
    arn = planner.start(planner.plan(90, [planner.add_server("web")]))

    planner.sleep(60)

    assert planner.statuses(arn) == ["TIMED_OUT", "NOT_STARTED"]


def test_reaction_time_and_forms_of_arns_are_choices(
    planner: Planner,
) -> None:
    planner.choose(
        reaction_time=timedelta(minutes=1),
        step_arn="recovery-plan/{parent}/{id}",
        execution_step_arn="recovery-plan-execution/{parent}/{id}",
    )
    plan = planner.plan([planner.add_server("web")])
    arn = planner.start(plan)

    planner.sleep(0.9)
    before = planner.status(arn)
    planner.sleep(0.1)

    assert (before, planner.status(arn)) == ("CREATED", "IN_PROGRESS")
    step = planner.plan_steps(plan)[0]["recoveryPlanStepArn"]
    assert step.startswith(plan + "/st-")
    assert planner.step_arn(arn).startswith(arn + "/step-")
