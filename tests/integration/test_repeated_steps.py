"""A step that is run again ends in the same state and starts nothing twice."""

import json

import pytest

from harness import drs
from harness.cloud.calls import (
    STATE_MACHINE,
    AwsCall,
    FunctionFailure,
    ServiceError,
)
from harness.cloud.executions import PAUSED
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from tests.recoveries import Recovery, Wave

WAVES = (Wave(2), Wave(0), Wave(pause=True), Wave(fails=None))


class Repeater:
    """Sends each event of the state machine a second time."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.answers: list[tuple[dict[str, object], dict[str, object]]] = []
        self._repeating = False
        cloud.on_invocation(self._repeat)

    def _repeat(self, invocation: Invocation) -> None:
        if invocation.caller is not None or self._repeating:
            return
        self._repeating = True
        event = json.loads(invocation.request)
        again = self.cloud.invoke(invocation.function, event)
        self._repeating = False
        assert again.function_error is None, again.payload
        self.answers.append((invocation.json(), again.json()))


def test_every_step_may_be_run_again(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, WAVES)
    repeater = Repeater(cloud)

    status = recovery.run_approved()

    assert status == "SUCCEEDED"
    assert len(recovery.jobs()) == 3
    assert recovery.recorded_jobs() == recovery.jobs()
    assert_equal_answers(repeater)


def assert_equal_answers(repeater: Repeater) -> None:
    """Compare each answer with that of the step run again."""
    for first, again in repeater.answers:
        assert again == first


@pytest.mark.parametrize(
    "waves",
    [
        (Wave(2), Wave(0)),
        (Wave(), Wave(2, fails="launch")),
        (Wave(), Wave(2, fails="launch"), Wave()),
        (Wave(), Wave(group=False)),
        (Wave(group=False),),
        (Wave(), Wave(0)),
        (Wave(), Wave(0, pause=True)),
        (Wave(), Wave(group=False, pause=True)),
        (),
    ],
    ids=[
        "empty at the end",
        "failed launch",
        "failed launch, waves left",
        "failed start",
        "failed first start",
        "empty after a job",
        "empty after a gate",
        "failed start after a gate",
        "no waves",
    ],
)
def test_end_is_the_same_when_its_step_is_run_again(
    cloud: LocalCloud, waves: tuple[Wave, ...]
) -> None:
    recovery = Recovery(cloud, waves)
    repeater = Repeater(cloud)

    recovery.run_approved()

    assert_equal_answers(repeater)


@pytest.mark.parametrize(
    ("changes", "error_code"),
    [
        ({"current_wave_max_wait_time": 30}, "WAVE_TIMEOUT"),
        ({}, "WAVE_POLL_FAILED"),
    ],
)
def test_failed_poll_is_the_same_when_it_is_run_again(
    cloud: LocalCloud, changes: dict[str, object], error_code: str
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave())).prepare().start()
    first = []
    cloud.on_invocation(lambda invocation: first.append(invocation))
    recovery.wait()
    begin = next(each for each in first if each.caller is None)
    event = {
        "action": "update_wave_status",
        "application": {**begin.json(), **changes},
    }
    fresh = recovery.history() | {"status": "POLLING"}
    fresh["waves"] = [{**fresh["waves"][0], "status": "STARTED"}]
    del fresh["waves"][0]["endTime"], fresh["endTime"]
    cloud.put_execution(fresh)
    drs.region(recovery.account, recovery.region).jobs.clear()

    answers = [cloud.invoke(begin.function, event).json() for _ in range(2)]

    assert answers[0]["error_code"] == error_code
    assert answers[1] == answers[0]


def test_cancelled_end_is_the_same_when_its_step_is_run_again(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave()))
    repeater = Repeater(cloud)

    def cancel_between_steps(_: Invocation) -> None:
        if len(repeater.answers) == 2:
            recovery.operator.request_cancel()

    cloud.on_invocation(cancel_between_steps)

    recovery.run()

    assert recovery.history()["status"] == "CANCELLED"
    assert_equal_answers(repeater)


@pytest.mark.parametrize(
    ("waves", "step"),
    [((Wave(0), Wave()), 0), ((Wave(), Wave()), 1)],
    ids=["in the begin", "in a poll"],
)
def test_pause_that_was_asked_for_stays_when_its_step_is_run_again(
    cloud: LocalCloud, waves: tuple[Wave, ...], step: int
) -> None:
    recovery = Recovery(cloud, waves)
    repeater = Repeater(cloud)

    def ask(_: Invocation) -> None:
        if len(repeater.answers) == step:
            recovery.operator.request_pause()

    cloud.on_invocation(ask)
    recovery.prepare()
    if not step:
        recovery.operator.request_pause()

    status = recovery.start().wait()

    assert status == PAUSED
    assert_equal_answers(repeater)


def test_event_after_the_end_writes_nothing(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True)))
    events = []
    cloud.on_invocation(
        lambda call: call.caller is None
        and events.append((call.function, json.loads(call.request)))
    )
    recovery.run()
    recovery.operator.cancel_at_gate()
    recovery.wait()
    before = recovery.history()
    sent = list(events)

    answers = [cloud.invoke(*event) for event in sent]

    assert [answer.function_error for answer in answers] == [None] * len(sent)
    assert {answer.json()["status"] for answer in answers} == {"cancelled"}
    assert recovery.history() == before
    assert len(recovery.jobs()) == 1


def test_late_resume_does_not_open_the_next_gate(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True), Wave(pause=True)))
    resumes = []
    cloud.on_invocation(
        lambda call: json.loads(call.request)["action"] == "resume_wave"
        and resumes.append((call.function, json.loads(call.request)))
    )
    recovery.run()
    recovery.operator.resume()
    assert recovery.wait() == PAUSED
    before = recovery.history()

    late = cloud.invoke(*resumes[0])

    assert late.function_error is None
    assert recovery.history() == before
    assert len(recovery.jobs()) == 2
    recovery.operator.resume()
    assert recovery.wait() == "SUCCEEDED"


def test_late_token_does_not_close_an_open_gate(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True)))
    tokens: list[tuple[str, dict[str, object]]] = []
    statuses = []

    def send_token_again(call: Invocation) -> None:
        event = json.loads(call.request)
        if event["action"] == "store_task_token" and not tokens:
            tokens.append((call.function, event))
        if event["action"] == "resume_wave":
            cloud.invoke(*tokens[0])
            statuses.append(recovery.history()["status"])

    cloud.on_invocation(send_token_again)
    recovery.run()
    recovery.operator.resume()

    assert recovery.wait() == "SUCCEEDED"
    assert statuses == ["POLLING"]
    assert "taskToken" not in recovery.history()


def test_poll_beyond_the_plan_recovers_and_completes_nothing(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave())).prepare().start()
    begins: list[Invocation] = []
    cloud.on_invocation(begins.append)
    recovery.wait()
    begin = next(each for each in begins if each.caller is None)
    cloud.put_execution({**recovery.history(), "status": "RUNNING"})
    before = recovery.history()
    beyond = {**begin.json(), "current_wave_number": 7, "job_id": None}
    beyond["server_ids"] = []
    event = {"action": "update_wave_status", "application": beyond}

    answer = cloud.invoke(begin.function, event)

    assert answer.json()["errorType"] == "WaveNotInPlanError"
    assert recovery.history() == before


@pytest.mark.parametrize(
    ("recorded", "other"), [("COMPLETED", "FAILED"), ("FAILED", "COMPLETED")]
)
def test_end_has_no_trace_of_another_that_was_refused(
    cloud: LocalCloud, recorded: str, other: str
) -> None:
    fails = "launch" if other == "FAILED" else None
    recovery = Recovery(cloud, (Wave(fails=fails),)).prepare().start()
    last: list[Invocation] = []
    ended = {"status": recorded, "endTime": 1767269000}
    message = {"errorMessage": "stopped"} if recorded == "FAILED" else {}

    def end_first(call: AwsCall) -> None:
        """Let a duplicate of the last step record its end first."""
        if "#status = " not in call.params.get("UpdateExpression", ""):
            return
        values = call.params["ExpressionAttributeValues"].values()
        written = {str(value) for value in values} & {
            other,
            str({"S": other}),
        }
        history = recovery.history()
        if written and history["status"] != recorded:
            cloud.put_execution({**history, **ended, **message})

    cloud.on_call(before=end_first)
    cloud.on_invocation(last.append)
    recovery.wait()

    state = last[-1].json()
    assert state["status"] == recorded.lower()
    if recorded == "COMPLETED":
        assert (state["error"], state["error_code"]) == (None, None)
        assert state["failed_waves"] == 0
        assert state["all_waves_completed"] is True
    else:
        assert state["error"] == "stopped"
        assert state["all_waves_completed"] is False
        assert state["status_reason"] is None


@pytest.mark.parametrize("fails", [None, "launch"])
def test_end_is_written_by_the_next_try_when_it_was_refused_for_no_reason(
    cloud: LocalCloud, fails: str | None
) -> None:
    recovery = Recovery(cloud, (Wave(fails=fails),)).prepare().start()
    end = "FAILED" if fails else "COMPLETED"
    refused: list[AwsCall] = []

    def refuse_once(call: AwsCall) -> ServiceError | None:
        values = call.params.get("ExpressionAttributeValues", {}).values()
        sets_end = {"S": end} in values and "endTime" in str(call.params)
        if refused or call.operation != "UpdateItem" or not sets_end:
            return None
        refused.append(call)
        return ServiceError("ConditionalCheckFailedException", 400)

    cloud.on_call(before=refuse_once)
    status = recovery.wait()

    assert len(refused) == 1
    assert status == ("FAILED" if fails else "SUCCEEDED")
    assert recovery.history()["status"] == end


def test_step_is_given_up_when_a_cancelled_end_is_always_refused(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave())).prepare().start()
    steps: list[Invocation] = []
    recovery.operator.request_cancel()

    def refuse(call: AwsCall) -> ServiceError | None:
        by_lambda = call.function != STATE_MACHINE
        if call.operation != "UpdateItem" or not by_lambda:
            return None
        return ServiceError("ConditionalCheckFailedException", 400)

    cloud.on_call(before=refuse)
    cloud.on_invocation(steps.append)
    recovery.wait()

    errors = {each.json().get("errorType") for each in steps}
    assert errors == {"ExecutionHistoryError"}
    assert recovery.history()["status"] == "FAILED"
    assert len(recovery.jobs()) == 0


class LostPoll:
    """Loses the answer of a step, just before a person asks for a pause."""

    def __init__(self, recovery: Recovery, nth: int) -> None:
        """Wait for a step.

        Args:
            nth: Which invocation by the state machine is lost, from 1.
        """
        self.jobs_after: list[int] = []
        self._recovery = recovery
        self._nth = nth
        self._invoked = 0
        recovery.cloud.on_call(before=self._before)
        recovery.cloud.on_invocation(self._after)

    def _before(self, call: AwsCall) -> FunctionFailure | None:
        if call.function == STATE_MACHINE and call.operation == "Invoke":
            self._invoked += 1
            if self._invoked == self._nth:
                return FunctionFailure("Sandbox.Timedout", after_effect=True)
        return None

    def _after(self, invocation: Invocation) -> None:
        if invocation.caller is None:
            self.jobs_after.append(len(self._recovery.jobs()))
            if len(self.jobs_after) == self._nth:
                self._recovery.operator.request_pause()


def test_pause_holds_for_a_later_wave_when_the_next_one_has_started(
    cloud: LocalCloud,
) -> None:
    waves = (Wave(), Wave(), Wave())
    undisturbed = Recovery(cloud, waves)
    watched = LostPoll(undisturbed, 0)
    undisturbed.run()
    starts_second = watched.jobs_after.index(2) + 1
    cloud.reset()
    recovery = Recovery(cloud, waves)
    LostPoll(recovery, starts_second)

    status = recovery.run()

    assert (status, len(recovery.jobs())) == (PAUSED, 2)
    history = recovery.history()
    assert (history["status"], history["pausedBeforeWave"]) == ("PAUSED", 2)
    recovery.operator.resume()
    assert recovery.wait() == "SUCCEEDED"
    assert recovery.recorded_jobs() == recovery.jobs()
