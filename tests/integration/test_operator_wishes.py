"""What a person writes is never overwritten, whenever it is written."""

from collections.abc import Iterator

import pytest
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from harness import drs
from harness.cloud.calls import AwsCall
from harness.cloud.executions import PAUSED
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from tests.integration.conftest import ORCHESTRATIONS
from tests.recoveries import EXECUTION_ID, PLAN_ID, Recovery, Wave
from tests.state_machine.second_opinion import SecondOpinion

WAVES = (Wave(), Wave(pause=True), Wave(0), Wave())
PLANNED_JOBS = 3
# The points are shared out among tests that can run at the same time.
SHARES = 4
# Two polls a wave: one finds it under way, one complete.
PROFILE = drs.Profile(
    name="two polls", conversion=drs.Span(25, 25), launch=drs.Span(20, 20)
)
ENDS = ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED"]


class Wisher:
    """A person who writes a status at one point of an execution.

    The points are the moments before each AWS call of a Lambda, and the
    moment before the first.
    """

    def __init__(self, recovery: Recovery, status: str, point: int) -> None:
        self.recovery = recovery
        self.status = status
        self.point = point
        self.calls = 0
        self.accepted = False
        self.jobs_after_step: int | None = None
        recovery.cloud.on_call(before=self._before)
        recovery.cloud.on_invocation(self._after_step)

    def _before(self, call: AwsCall) -> None:
        if call.function == "states" or call.service == "lambda":
            return
        if self.calls == self.point:
            self.wish()
        self.calls += 1

    def _after_step(self, invocation: Invocation) -> None:
        if invocation.caller is None and self.accepted:
            if self.jobs_after_step is None:
                self.jobs_after_step = len(self.recovery.jobs())

    def wish(self) -> None:
        """Write the status as the API does: over no end."""
        try:
            self.recovery.cloud.tables.update(
                "ExecutionHistoryTable",
                {"executionId": EXECUTION_ID, "planId": PLAN_ID},
                {"status": self.status},
                ~Attr("status").is_in(ENDS),
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code == "ConditionalCheckFailedException"
        else:
            self.accepted = True


@pytest.fixture(scope="module", params=ORCHESTRATIONS)
def any_cloud(request: pytest.FixtureRequest) -> Iterator[LocalCloud]:
    settings = LocalCloudSettings(orchestration=request.param, profile=PROFILE)
    with LocalCloud(settings) as cloud:
        yield cloud


def points(
    cloud: LocalCloud, opinion: SecondOpinion, status: str, first: int
) -> Iterator[Wisher]:
    """Run the plan again and again, with the wish ever later.

    Args:
        opinion: What interprets each run again.
        first: The first point; the next ones are SHARES later each.
    """
    point = first
    while True:
        cloud.reset()
        wisher = Wisher(Recovery(cloud, WAVES), status, point)
        yield wisher
        opinion.check(cloud)
        if wisher.calls <= point:
            return
        point += SHARES


@pytest.mark.parametrize("first", range(SHARES))
def test_cancellation_is_obeyed_wherever_it_is_written(
    any_cloud: LocalCloud, second_opinion: SecondOpinion, first: int
) -> None:
    accepted = 0
    for wisher in points(any_cloud, second_opinion, "CANCELLING", first):
        recovery = wisher.recovery

        status = recovery.run_approved()

        if not wisher.accepted:
            assert recovery.history()["status"] == "COMPLETED"
            continue
        accepted += 1
        assert status == "SUCCEEDED", wisher.point
        assert recovery.history()["status"] == "CANCELLED", wisher.point
        assert len(recovery.jobs()) == wisher.jobs_after_step, wisher.point
        assert recovery.recorded_jobs() == recovery.jobs(), wisher.point
    assert accepted > 10


@pytest.mark.parametrize("first", range(SHARES))
def test_pause_is_obeyed_wherever_it_is_written(
    any_cloud: LocalCloud, second_opinion: SecondOpinion, first: int
) -> None:
    accepted = 0
    for wisher in points(any_cloud, second_opinion, "PAUSE_PENDING", first):
        recovery = wisher.recovery

        status = recovery.run()
        while status == PAUSED and not wisher.accepted:
            recovery.operator.resume()
            status = recovery.wait()

        accepted += wisher.accepted
        assert_paused_or_done(wisher, status)
        assert_completes(recovery, status)
    assert accepted > 10


def assert_paused_or_done(wisher: Wisher, status: str) -> None:
    """No wave started between the step of the wish and the pause."""
    if not wisher.accepted:
        return
    jobs = len(wisher.recovery.jobs())
    assert jobs == wisher.jobs_after_step, wisher.point
    assert status == PAUSED or jobs == PLANNED_JOBS, wisher.point


def assert_completes(recovery: Recovery, status: str) -> None:
    while status == PAUSED:
        recovery.operator.resume()
        status = recovery.wait()
    assert status == "SUCCEEDED"
    assert recovery.history()["status"] == "COMPLETED"
    assert len(recovery.jobs()) == PLANNED_JOBS


@pytest.mark.parametrize("status", ["CANCELLING", "PAUSE_PENDING"])
def test_wish_before_the_begin_is_obeyed(
    any_cloud: LocalCloud, status: str
) -> None:
    any_cloud.reset()
    recovery = Recovery(any_cloud, WAVES).prepare()
    wisher = Wisher(recovery, status, -1)
    wisher.wish()

    ended = recovery.start().wait()

    jobs = {"CANCELLING": 0, "PAUSE_PENDING": 1}[status]
    assert len(recovery.jobs()) == jobs
    assert ended == ("SUCCEEDED" if status == "CANCELLING" else PAUSED)


@pytest.mark.parametrize("status", ["CANCELLING", "PAUSE_PENDING"])
def test_wish_at_the_gate_is_obeyed_once_resumed(
    any_cloud: LocalCloud, status: str
) -> None:
    any_cloud.reset()
    recovery = Recovery(any_cloud, WAVES)
    recovery.run()
    wisher = Wisher(recovery, status, -1)
    wisher.wish()

    recovery.operator.resume()
    ended = recovery.wait()

    if status == "CANCELLING":
        assert ended == "SUCCEEDED"
        assert recovery.history()["status"] == "CANCELLED"
        assert len(recovery.jobs()) == 1
    else:
        assert ended == PAUSED
        assert len(recovery.jobs()) == 2
