"""What a person may ask of a drill, and how a wrong wish is answered."""

from pathlib import Path

import pytest

from harness import plans
from harness.drill.orders import Order, WrongUsageError, with_failures
from harness.plans.plan import Failure, Plan

FAILING = Path(__file__).parents[4] / "examples" / "failing-server.yaml"


@pytest.fixture(name="plan")
def failing_plan() -> Plan:
    return plans.load(FAILING)


def failures(plan: Plan) -> dict[str, Failure | None]:
    return {server.hostname: server.failure for server in plan.servers}


def test_a_server_fails_at_launch_when_no_phase_is_given(plan: Plan) -> None:
    changed = with_failures(plan, ["report-db"])

    assert failures(changed)["report-db"] == Failure("launch")
    assert failures(changed)["report-web"] is None


def test_a_wish_replaces_the_file_when_both_let_a_server_fail(
    plan: Plan,
) -> None:
    server = plan.server("report-app-02")
    assert server

    changed = with_failures(plan, [f"{server.server_id}:snapshot"])

    assert failures(changed)["report-app-02"] == Failure("snapshot")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (
            "report-dB1",
            '--fail: the plan has no server "report-dB1". Did you mean '
            '"report-db"? Its servers: report-db, report-app-01, '
            "report-app-02, report-web",
        ),
        (
            "report-db:boot",
            '--fail report-db:boot: there is no phase "boot"; one of: '
            "snapshot, conversion, launch",
        ),
        (
            "report-db:",
            "--fail report-db:: no phase is named after the colon; one of: "
            "snapshot, conversion, launch",
        ),
        ("", '--fail "" names no server; write SERVER or SERVER:PHASE'),
        (
            ":launch",
            '--fail ":launch" names no server; write SERVER or SERVER:PHASE',
        ),
    ],
)
def test_the_wish_is_refused_when_it_names_nothing_known(
    plan: Plan, wish: str, message: str
) -> None:
    with pytest.raises(WrongUsageError) as refusal:
        with_failures(plan, [wish])

    assert str(refusal.value) == message


def test_the_wishes_are_refused_when_they_contradict_each_other(
    plan: Plan,
) -> None:
    with pytest.raises(WrongUsageError) as refusal:
        with_failures(plan, ["report-db", "REPORT-DB:snapshot"])

    assert str(refusal.value) == (
        "--fail: report-db cannot fail both at launch and at snapshot; "
        "keep one of them"
    )


def test_a_server_fails_once_when_the_same_is_wished_twice(
    plan: Plan,
) -> None:
    changed = with_failures(plan, ["report-db", "report-db:launch"])

    assert failures(changed)["report-db"] == Failure("launch")


@pytest.mark.parametrize("wave", [-1, 3])
def test_a_cancel_is_refused_when_the_plan_has_no_such_wave(
    plan: Plan, wave: int
) -> None:
    with pytest.raises(WrongUsageError, match="numbered from zero: 0 to 2"):
        Order(plan, cancel_at=wave)


def test_nothing_is_expected_when_the_order_changes_the_plan(
    plan: Plan,
) -> None:
    as_planned, changed = Order(plan), Order(plan, as_planned=False)

    assert as_planned.expects("failed") is True
    assert as_planned.expects("completed") is False
    assert changed.expects("failed") is None
