"""Others than moto agree on what the state machine's definition means.

The fixture `cloud` lets every execution of these tests be interpreted again.
Here are the examples, and whether a definition that is wrong would be seen.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness import plans
from harness.cloud import project
from harness.cloud.calls import AwsCall, Fault, FunctionFailure
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.drill.approvals import EverythingApproved
from harness.drill.orders import Order
from harness.drill.running import run
from harness.drill.views import view_for
from tests.recoveries import SHORT, Recovery, Wave
from tests.state_machine import recordings
from tests.state_machine.recordings import Recording
from tests.state_machine.second_opinion import SecondOpinion

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
Declared = dict[str, Any]
Change = Callable[[Declared], object]

BROKEN: dict[str, Change] = {
    "a transition leads nowhere": lambda states: states[
        "InitiateWavePlan"
    ].update(Next="DetermineWavePlanStatus"),
    "a state cannot be reached": lambda states: states.update(
        Lonely={"Type": "Succeed"}
    ),
    "a task has no resource": lambda states: states["UpdateWaveStatus"].pop(
        "Resource"
    ),
    "a state ends nothing and leads nowhere": lambda states: states[
        "WaitForWaveUpdate"
    ].pop("Next"),
    "a type is unknown": lambda states: states["PlanCompleted"].update(
        Type="Success"
    ),
    "a path is none": lambda states: states["WaitForWaveUpdate"].update(
        SecondsPath="current_wave_update_time"
    ),
    "a field belongs to another query language": lambda states: states[
        "RecordPlanFailed"
    ].update(ResultPath="$"),
    "a catcher leads nowhere": lambda states: states["ResumeWavePlan"][
        "Catch"
    ][0].update(Next="PlanBroken"),
}
# Each changes what happens in one of the recordings.
WRONG: dict[str, Change] = {
    "a choice knows another word": lambda states: states[
        "DetermineWavePlanState"
    ]["Choices"][2].update(StringEquals="waiting"),
    "a wait is longer": lambda states: states["WaitForWaveUpdate"].update(
        SecondsPath="$.current_wave_max_wait_time"
    ),
    "a failure is not retried": lambda states: states["InitiateWavePlan"].pop(
        "Retry"
    ),
    "a failure is retried less often": lambda states: states[
        "UpdateWaveStatus"
    ]["Retry"][1].update(MaxAttempts=5),
    "the answer of a person is kept": lambda states: states[
        "WaitForResume"
    ].pop("ResultPath"),
    "a task is given less": lambda states: states["ResumeWavePlan"][
        "Parameters"
    ]["Payload"].pop("action"),
    "a cancellation is taken for a failure": lambda states: states[
        "WaitForResume"
    ]["Catch"].pop(0),
    "a failure hides its reason": lambda states: states["UpdateWaveStatus"][
        "Catch"
    ][-1].update(ResultPath="$.reason"),
    "a record has another time": lambda states: states["RecordPlanCancelled"][
        "Arguments"
    ]["ExpressionAttributeValues"][":endTime"].update(
        N="{% $string($toMillis($states.context.State.EnteredTime)) %}"
    ),
    "a record's output is lost": lambda states: states[
        "RecordPlanCancelled"
    ].pop("Output"),
    "a cause is told in other words": lambda states: states[
        "PlanFailed"
    ].update(Cause="The recovery plan failed."),
}


def states_of(definition: Declared) -> Declared:
    states: Declared = definition["States"]
    return states


def changed(definition: Any, change: Change) -> Declared:
    copied: Declared = copy.deepcopy(definition)
    change(states_of(copied))
    return copied


def record(cloud: LocalCloud, recovery: Recovery) -> Recording:
    events = cloud.executions.history(recovery.arn)
    return recordings.read(cloud.deployment.definition, events)


def fail_invocations(cloud: LocalCloud, numbers: range) -> None:
    """Let some of the state machine's invocations time out."""
    met: list[AwsCall] = []

    def before(call: AwsCall) -> Fault | None:
        if call.function != "states" or call.operation != "Invoke":
            return None
        met.append(call)
        is_meant = len(met) - 1 in numbers
        return FunctionFailure("Sandbox.Timedout") if is_meant else None

    cloud.on_call(before=before)


@pytest.fixture(scope="module")
def recorded() -> list[Recording]:
    """Record what can happen: retries, a resume, a cancel, a failure."""
    with LocalCloud(LocalCloudSettings(profile=SHORT)) as cloud:
        waves = Wave(), Wave(pause=True), Wave(pause=True)
        cancelled = Recovery(cloud, waves)
        fail_invocations(cloud, range(0, 2))
        cancelled.run()
        cancelled.operator.resume()
        cancelled.wait()
        cancelled.operator.cancel_at_gate()
        cancelled.wait()
        first = record(cloud, cancelled)
        cloud.reset()
        failed = Recovery(cloud, (Wave(),))
        fail_invocations(cloud, range(1, 8))
        failed.run()
        return [first, record(cloud, failed)]


def test_the_recordings_hold_what_can_happen(
    recorded: list[Recording],
) -> None:
    cancelled, failed = (
        [s for s, _ in each.told.entered] for each in recorded
    )

    assert {"ResumeWavePlan", "RecordPlanCancelled"} <= set(cancelled)
    assert failed[-2:] == ["RecordPlanFailed", "PlanFailed"]


@pytest.mark.parametrize("orchestration", ["reference", "refactored"])
def test_the_definition_is_valid_whichever_function_it_calls(
    second_opinion: SecondOpinion, orchestration: Any
) -> None:
    definition = project.deployment(orchestration).definition

    assert second_opinion.complaints(definition) == ""


@pytest.mark.parametrize("what", BROKEN)
def test_a_definition_is_refused_when_it_is_broken(
    second_opinion: SecondOpinion, what: str
) -> None:
    definition = project.deployment("refactored").definition

    broken = changed(definition, BROKEN[what])

    assert second_opinion.complaints(broken) != ""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_another_interpreter_takes_the_same_path_when_a_plan_is_recovered(
    second_opinion: SecondOpinion, example: Path
) -> None:
    order = Order(plans.load(example), profile="instant")
    view = view_for(Console(quiet=True))
    done = run(order, "refactored", EverythingApproved(), view)
    definition = project.deployment("refactored").definition
    recording = recordings.read(definition, done.machine_events)

    told = second_opinion.interpret(recording)

    assert told.differences(recording.told) == []


@pytest.mark.parametrize("what", WRONG)
def test_another_path_is_told_when_a_definition_says_something_else(
    second_opinion: SecondOpinion, recorded: list[Recording], what: str
) -> None:
    differences = [
        difference
        for each in recorded
        for difference in second_opinion.interpret(
            replace(each, definition=changed(each.definition, WRONG[what]))
        ).differences(each.told)
    ]

    assert differences
