"""Law: nobody can tell the two orchestrations apart."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cloud.calls import AwsCall, Fault
from harness.cloud.executions import PAUSED
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.project import Orchestration
from harness.cloud.subjects import subject
from harness.equivalence import service_errors
from harness.equivalence.comparison import compare
from harness.equivalence.observations import Observation
from harness.equivalence.observing import Witness
from tests.recoveries import CROSS_ACCOUNT, SHORT, Recovery, Wave

FAULTS = ("broken", "conflict", "denied", "lost", "throttled", "unanswered")
# A few of each, so that they meet.
OPERATIONS = (
    "StartRecovery",
    "DescribeJobs",
    "DescribeJobLogItems",
    "DescribeRecoveryInstances",
    "DescribeSourceServers",
    "UpdateLaunchConfiguration",
    "GetItem",
    "UpdateItem",
)
LAUNCH_CONFIGS = (
    None,
    {"instanceType": "m5.large", "copyTags": True},
    {"targetInstanceTypeRightSizingMethod": "NONE"},
)


@dataclass(frozen=True)
class Trouble:
    """An AWS call that goes wrong.

    Attributes:
        operation: Of the call.
        nth: Which of its calls, counted from 1; where they are about one
            server, which of each server's.
        kind: What goes wrong, one of FAULTS.
    """

    operation: str
    nth: int
    kind: str


@dataclass(frozen=True)
class Wish:
    """What a person writes during an execution.

    Attributes:
        status: CANCELLING or PAUSE_PENDING.
        step: After which step of the state machine, counted from 1.
    """

    status: str
    step: int


@dataclass(frozen=True)
class Scenario:
    """A plan, its world and what happens on the way."""

    waves: tuple[Wave, ...]
    foreign: bool = False
    is_drill: bool = True
    seed: int = 0
    troubles: tuple[Trouble, ...] = ()
    wish: Wish | None = None


waves = st.builds(
    Wave,
    servers=st.integers(0, 2),
    by_tags=st.booleans(),
    pause=st.booleans(),
    fails=st.sampled_from([None, None, None, "snapshot", "launch"]),
    group=st.sampled_from([True, True, True, True, False]),
    launch_config=st.sampled_from(LAUNCH_CONFIGS),
)
troubles = st.builds(
    Trouble,
    operation=st.sampled_from(OPERATIONS),
    nth=st.integers(1, 4),
    kind=st.sampled_from(FAULTS),
)
wishes = st.builds(
    Wish,
    status=st.sampled_from(["CANCELLING", "PAUSE_PENDING"]),
    step=st.integers(1, 8),
)


def scenarios(foreign: bool, troubled: bool) -> st.SearchStrategy[Scenario]:
    """Draw scenarios in one account, with or without calls gone wrong."""
    return st.builds(
        Scenario,
        waves=st.lists(waves, max_size=3).map(tuple),
        foreign=st.just(foreign),
        is_drill=st.booleans(),
        seed=st.integers(0, 3),
        troubles=st.lists(
            troubles, min_size=int(troubled), max_size=2 * troubled
        ).map(tuple),
        wish=st.none() | wishes,
    )


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(LocalCloudSettings(profile=SHORT)) as local_cloud:
        yield local_cloud


def observe(
    cloud: LocalCloud, orchestration: Orchestration, scenario: Scenario
) -> Observation:
    """Carry a scenario out in a world as new."""
    cloud.reset(seed=scenario.seed, orchestration=orchestration)
    recovery = Recovery(
        cloud,
        scenario.waves,
        account_context=CROSS_ACCOUNT if scenario.foreign else {},
        region="eu-west-1" if scenario.foreign else "us-east-1",
        is_drill=scenario.is_drill,
    )
    witness = Witness(cloud, [(recovery.account, recovery.region)])
    with disturbed(recovery, scenario), witness.listening():
        run(recovery)
        return witness.observation(recovery.arn)


@contextmanager
def disturbed(recovery: Recovery, scenario: Scenario) -> Iterator[None]:
    """Let happen what the scenario says."""
    counts: dict[tuple[str, str], int] = {}
    counting = threading.Lock()
    steps = []

    def before(call: AwsCall) -> Fault | None:
        if call.function == "states":
            return None
        counted = call.operation, subject(call.params)
        with counting:
            nth = counts[counted] = counts.get(counted, 0) + 1
        for trouble in scenario.troubles:
            if (trouble.operation, trouble.nth) == (call.operation, nth):
                return service_errors.fault(trouble.kind, call.service)
        return None

    def after_step(invocation: object) -> None:
        if getattr(invocation, "caller") is not None:
            return
        steps.append(invocation)
        wish = scenario.wish
        if wish is not None and len(steps) == wish.step:
            grant(recovery, wish.status)

    recovery.cloud.on_call(before=before)
    recovery.cloud.on_invocation(after_step)
    yield


def grant(recovery: Recovery, status: str) -> None:
    """Write a wish as the API does."""
    if status == "CANCELLING":
        recovery.operator.request_cancel()
    else:
        recovery.operator.request_pause()


def run(recovery: Recovery) -> None:
    """Carry an execution to its end; every pause is approved."""
    status = recovery.prepare().start().wait()
    while status == PAUSED:
        recovery.operator.pass_time(60)
        recovery.operator.resume()
        status = recovery.wait()


# Each kind is a test of its own, so that they run at the same time.
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("troubled", [False, True], ids=["calm", "troubled"])
@pytest.mark.parametrize("foreign", [False, True], ids=["hub", "target"])
@settings(max_examples=settings.default.max_examples // 4)
@given(data=st.data())
def test_both_orchestrations_leave_the_same_after_every_step(
    cloud: LocalCloud, foreign: bool, troubled: bool, data: st.DataObject
) -> None:
    scenario = data.draw(scenarios(foreign, troubled))

    assert_orchestrations_agree(cloud, scenario)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario((Wave(2), Wave(pause=True), Wave(0))),
        Scenario((Wave(),), troubles=(Trouble("UpdateItem", 2, "denied"),)),
        Scenario((Wave(),), troubles=(Trouble("StartRecovery", 1, "lost"),)),
        Scenario((), troubles=(Trouble("UpdateItem", 2, "broken"),)),
        Scenario((Wave(0), Wave(pause=True)), wish=Wish("CANCELLING", 1)),
    ],
)
def test_both_orchestrations_agree_when_a_case_needs_care(
    cloud: LocalCloud, scenario: Scenario
) -> None:
    assert_orchestrations_agree(cloud, scenario)


def assert_orchestrations_agree(cloud: LocalCloud, scenario: Scenario) -> None:
    reference = observe(cloud, "reference", scenario)
    refactored = observe(cloud, "refactored", scenario)

    assert compare(refactored, reference).differences == ()


def test_the_same_orchestration_is_equal_to_itself(cloud: LocalCloud) -> None:
    scenario = Scenario((Wave(2, launch_config=LAUNCH_CONFIGS[1]), Wave()))

    first = observe(cloud, "refactored", scenario)
    second = observe(cloud, "refactored", scenario)

    assert compare(first, second).differences == ()


def test_two_unequal_scenarios_are_told_apart(cloud: LocalCloud) -> None:
    trouble = Trouble("DescribeJobs", 2, "throttled")

    calm = observe(cloud, "reference", Scenario((Wave(),)))
    rough = observe(
        cloud, "refactored", Scenario((Wave(),), troubles=(trouble,))
    )

    paths = {
        difference.path for difference in compare(calm, rough).differences
    }
    assert any(path.startswith("steps") for path in paths)
    assert any(path.startswith("lines") for path in paths)
