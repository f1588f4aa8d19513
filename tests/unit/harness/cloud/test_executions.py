"""Executions of a small state machine in virtual time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from harness.cloud.executions import ExecutionInputTooLargeError, Transition
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.real_time import RealTimeLimitExceeded

EnterCloud = Callable[..., LocalCloud]
MakeState = Callable[..., dict[str, Any]]

ECHO = "def lambda_handler(event, context): return event"
HANG = """
    import threading
    released = threading.Event()
    def lambda_handler(event, context):
        released.wait(1)
"""
YEAR = 31_536_000
START = LocalCloudSettings().start


def gated(gate: MakeState) -> dict[str, Any]:
    cancelled = [{"ErrorEquals": ["ExecutionCancelled"], "Next": "Cancelled"}]
    late = [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}]
    end = {"Type": "Pass", "End": True}
    state = gate("toy", TimeoutSeconds=YEAR, Catch=cancelled + late, Next="Go")
    states = {"Gate": state, "Go": end, "Cancelled": end, "Late": end}
    return {"StartAt": "Gate", "States": states}


@pytest.fixture
def paused(enter_cloud: EnterCloud, gate: MakeState) -> tuple[LocalCloud, str]:
    cloud = enter_cloud({"toy": ECHO}, gated(gate))
    arn = cloud.start_execution("e1", {"kept": 1})
    assert cloud.wait(arn) == "PAUSED"
    return cloud, arn


def last_state(cloud: LocalCloud, arn: str) -> str:
    return cloud.transitions(arn)[-1].state


def test_waits_take_virtual_time_only_when_a_state_machine_waits(
    enter_cloud: EnterCloud,
) -> None:
    wait = {"Type": "Wait", "SecondsPath": "$.seconds", "End": True}
    cloud = enter_cloud({}, {"StartAt": "W", "States": {"W": wait}})

    arn = cloud.start_execution("e1", {"seconds": 86_400})

    assert cloud.wait(arn) == "SUCCEEDED"
    described = cloud.describe(arn)
    length = described["stopDate"] - described["startDate"]
    assert length == timedelta(days=1)


def test_transitions_carry_their_data_when_states_are_passed(
    enter_cloud: EnterCloud, task: MakeState
) -> None:
    machine = {"StartAt": "T", "States": {"T": task("toy", End=True)}}
    add = "def lambda_handler(e, c): return {**e, 'b': 2}"
    cloud = enter_cloud({"toy": add}, machine)

    arn = cloud.start_execution("e1", {"a": 1})
    cloud.wait(arn)

    assert cloud.transitions(arn) == [
        Transition("TaskStateEntered", "T", {"a": 1}),
        Transition("TaskStateExited", "T", {"a": 1, "b": 2}),
    ]


def test_retries_wait_in_virtual_time_when_a_function_fails(
    enter_cloud: EnterCloud, task: MakeState
) -> None:
    retry = {
        "ErrorEquals": ["ValueError"],
        "IntervalSeconds": 2,
        "BackoffRate": 2,
        "MaxAttempts": 3,
    }
    state = task("toy", Retry=[retry], End=True)
    failing = "def lambda_handler(e, c): raise ValueError('no')"
    machine = {"StartAt": "T", "States": {"T": state}}
    cloud = enter_cloud({"toy": failing}, machine)

    status = cloud.wait(cloud.start_execution("e1", {}))

    assert status == "FAILED"
    assert len(cloud.invocations) == 4
    assert cloud.clock.now() == START + timedelta(seconds=2 + 4 + 8)


def test_an_execution_goes_on_when_its_token_is_answered(
    paused: tuple[LocalCloud, str],
) -> None:
    cloud, arn = paused
    (token,) = cloud.executions.pending_tokens(arn)

    cloud.executions.resume(token, {"anything": True})

    assert cloud.wait(arn) == "SUCCEEDED"
    final = cloud.transitions(arn)[-1]
    assert (final.state, final.data) == ("Go", {"kept": 1})
    assert cloud.executions.last_input(arn) == {"kept": 1}
    assert cloud.executions.pending_tokens(arn) == []


def test_a_catch_sees_the_cancellation_when_a_pause_is_cancelled(
    paused: tuple[LocalCloud, str],
) -> None:
    cloud, arn = paused
    (token,) = cloud.executions.pending_tokens(arn)

    cloud.executions.cancel_paused(token)

    assert cloud.wait(arn) == "SUCCEEDED"
    assert last_state(cloud, arn) == "Cancelled"


@pytest.mark.parametrize(
    ("seconds", "status", "state"),
    [(YEAR - 1, "PAUSED", "Gate"), (YEAR, "SUCCEEDED", "Late")],
)
def test_a_pause_times_out_when_its_year_is_over(
    paused: tuple[LocalCloud, str], seconds: int, status: str, state: str
) -> None:
    cloud, arn = paused

    cloud.clock.sleep(seconds)

    assert cloud.wait(arn) == status
    assert last_state(cloud, arn) == state


def test_no_thread_outlives_the_cloud_when_executions_are_paused(
    enter_cloud: EnterCloud, gate: MakeState
) -> None:
    before = threading.active_count()
    cloud = enter_cloud({"toy": ECHO}, gated(gate))
    arns = [cloud.start_execution(f"e{n}", {}) for n in range(3)]
    assert [cloud.wait(arn) for arn in arns] == ["PAUSED"] * 3

    cloud.reset()

    assert threading.active_count() == before


def test_an_endless_execution_ends_when_the_cloud_is_reset(
    enter_cloud: EnterCloud,
) -> None:
    wait = {"Type": "Wait", "Seconds": 30, "Next": "W"}
    cloud = enter_cloud({}, {"StartAt": "W", "States": {"W": wait}})
    cloud.start_execution("e1", {})
    before = threading.active_count()

    cloud.reset()

    assert threading.active_count() < before
    assert cloud.clock.now() == START


def test_a_wait_is_given_up_when_the_real_time_limit_is_over(
    enter_cloud: EnterCloud, task: MakeState
) -> None:
    machine = {"StartAt": "T", "States": {"T": task("toy", End=True)}}
    cloud = enter_cloud({"toy": HANG}, machine)
    arn = cloud.start_execution("e1", {})

    with pytest.raises(RealTimeLimitExceeded, match="0.05 real seconds"):
        cloud.wait(arn, limit=0.05)


def test_an_input_is_refused_when_it_exceeds_what_aws_takes(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud()

    with pytest.raises(ExecutionInputTooLargeError, match="262144"):
        cloud.start_execution("e1", {"x": "y" * 262_144})


def test_the_arn_is_known_when_an_execution_has_not_begun(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud()

    expected = cloud.executions.arn_of("e1")

    assert cloud.start_execution("e1", {}) == expected


def once(error: Exception) -> Callable[[object], None]:
    """Make a hook that raises the first time: the machine goes on after."""
    errors = [error]

    def hook(event: object) -> None:
        if errors:
            raise errors.pop()

    return hook


@pytest.mark.parametrize("hook", ["on_call", "on_invocation"])
def test_a_wait_ends_at_once_when_a_hook_raises(
    enter_cloud: EnterCloud, task: MakeState, hook: str
) -> None:
    again = {"ErrorEquals": ["States.ALL"], "Next": "T"}
    state = task("toy", Catch=[again], Next="T")
    cloud = enter_cloud(
        {"toy": ECHO}, {"StartAt": "T", "States": {"T": state}}
    )

    getattr(cloud, hook)(once(AssertionError("not as expected")))
    arn = cloud.start_execution("e1", {})

    with pytest.raises(AssertionError, match="not as expected"):
        cloud.wait(arn)


def test_a_wait_ends_at_once_when_a_listener_of_time_raises(
    enter_cloud: EnterCloud,
) -> None:
    wait = {"Type": "Wait", "Seconds": 30, "Next": "W"}
    cloud = enter_cloud({}, {"StartAt": "W", "States": {"W": wait}})

    object_once = once(AssertionError("not as expected"))
    cloud.clock.subscribe(cloud.hook_failures.noting(object_once))
    arn = cloud.start_execution("e1", {})

    with pytest.raises(AssertionError, match="not as expected"):
        cloud.wait(arn)
