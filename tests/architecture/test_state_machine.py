"""The state machine is as specified, and never turns in circles."""

import copy
from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from harness.cloud.declarations import StateMachine
from harness.cloud.templates import Template

Declared = dict[str, Any]

REFACTORED = (
    "arn:aws:lambda:us-east-1:123456789012:function:project-dr-orch-sf-test"
)
ORIGINAL = (
    "arn:aws:lambda:us-east-1:123456789012:function:project-orch-sf-test"
)
NAMED_IN_THE_SPECIFICATION = {
    "InitiateWavePlan",
    "DetermineWavePlanState",
    "DetermineWaveState",
    "WaitForWaveUpdate",
    "UpdateWaveStatus",
    "WaitForResume",
    "ResumeWavePlan",
    "PlanCompleted",
    "PlanFailed",
    "PlanTimeout",
    "PlanCancelled",
}
PAYLOADS = {
    "InitiateWavePlan": {
        "action": "begin",
        "execution.$": "$.Execution.Id",
        "plan.$": "$.Plan",
        "isDrill.$": "$.isDrill",
        "accountContext.$": "$.accountContext",
    },
    "UpdateWaveStatus": {
        "action": "update_wave_status",
        "application.$": "$",
    },
    "WaitForResume": {
        "action": "store_task_token",
        "application.$": "$",
        "taskToken.$": "$$.Task.Token",
    },
    "ResumeWavePlan": {"action": "resume_wave", "application.$": "$"},
}
RECORDS = {"RecordPlanFailed", "RecordPlanTimeout", "RecordPlanCancelled"}
RETRY = [
    {
        "ErrorEquals": ["ContractViolationError", "ValueError"],
        "MaxAttempts": 0,
    },
    {
        "ErrorEquals": [
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.Unknown",
            "Sandbox.Timedout",
            "Runtime.ExitError",
            "HandlerInvocationError",
            "ExecutionHistoryError",
            "RecoveryStartUncertainError",
        ],
        "IntervalSeconds": 2,
        "MaxAttempts": 6,
        "BackoffRate": 2,
        "JitterStrategy": "FULL",
    },
]


def successors(state: Declared) -> list[str]:
    branches = state.get("Choices", []) + state.get("Catch", [])
    names = [branch["Next"] for branch in branches]
    return names + [state[key] for key in ("Next", "Default") if key in state]


def waits(state: Declared) -> bool:
    return state["Type"] == "Wait" or state.get("Resource", "").endswith(
        ".waitForTaskToken"
    )


def restless_cycle(states: Declared) -> list[str] | None:
    """Return a cycle that passes no waiting state, or None.

    Take the waiting states away: a cycle that is left passed none of them.
    """
    restless = {name for name in states if not waits(states[name])}
    graph = {
        name: restless.intersection(successors(states[name]))
        for name in restless
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_all_states_are_there_when_the_specification_names_them(
    states: Declared,
) -> None:
    assert set(states) == NAMED_IN_THE_SPECIFICATION | RECORDS


def test_every_transition_leads_somewhere_when_followed(
    states: Declared,
) -> None:
    targets = {name for state in states.values() for name in successors(state)}

    assert targets <= set(states)


def test_every_state_is_reached_when_started_at_the_start(
    machine: StateMachine, states: Declared
) -> None:
    reached, waiting = set(), [machine.definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += successors(states[name])

    assert machine.definition["StartAt"] == "InitiateWavePlan"
    assert reached == set(states)


def test_every_cycle_waits_when_the_machine_turns(states: Declared) -> None:
    assert restless_cycle(states) is None


@pytest.mark.parametrize(
    ("name", "shortcut"),
    [
        ("DetermineWaveState", {"Default": "UpdateWaveStatus"}),
        ("DetermineWaveState", {"Default": "DetermineWavePlanState"}),
        ("ResumeWavePlan", {"Next": "ResumeWavePlan"}),
    ],
)
def test_a_cycle_is_found_when_a_shortcut_avoids_the_wait(
    states: Declared, name: str, shortcut: dict[str, str]
) -> None:
    broken = copy.deepcopy(states)
    broken[name].update(shortcut)

    assert name in restless_cycle(broken)


def test_choices_come_in_order_when_the_plan_is_judged(
    states: Declared,
) -> None:
    judged = states["DetermineWavePlanState"]

    outcomes = [
        (
            choice["Variable"],
            choice.get("StringEquals", choice.get("BooleanEquals")),
            choice["Next"],
        )
        for choice in judged["Choices"]
    ]

    assert outcomes == [
        ("$.status", "failed", "PlanFailed"),
        ("$.status", "timeout", "PlanTimeout"),
        ("$.status", "paused", "WaitForResume"),
        ("$.all_waves_completed", True, "PlanCompleted"),
    ]
    assert judged["Default"] == "DetermineWaveState"


def test_both_outcomes_wait_when_the_wave_is_judged(states: Declared) -> None:
    judged = states["DetermineWaveState"]

    assert judged["Choices"][0]["Variable"] == "$.wave_completed"
    assert set(successors(judged)) == {"WaitForWaveUpdate"}
    assert (
        states["WaitForWaveUpdate"]["SecondsPath"]
        == "$.current_wave_update_time"
    )


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_event_is_as_agreed_when_the_function_is_called(
    states: Declared, name: str
) -> None:
    parameters = states[name]["Parameters"]

    assert parameters == {
        "FunctionName": REFACTORED,
        "Payload": PAYLOADS[name],
    }


@pytest.mark.parametrize("name", sorted(set(PAYLOADS) - {"WaitForResume"}))
def test_the_answer_is_the_whole_state_when_a_function_answers(
    states: Declared, name: str
) -> None:
    assert states[name]["Resource"] == "arn:aws:states:::lambda:invoke"
    assert states[name]["OutputPath"] == "$.Payload"


def test_the_state_is_kept_when_a_person_resumes(states: Declared) -> None:
    pause = states["WaitForResume"]

    assert pause["TimeoutSeconds"] == 365 * 24 * 60 * 60
    assert pause["ResultPath"] is None
    assert pause["Next"] == "ResumeWavePlan"


def test_every_task_is_known_when_the_machine_is_read(
    states: Declared,
) -> None:
    tasks = {name for name, each in states.items() if each["Type"] == "Task"}

    assert tasks == set(PAYLOADS) | RECORDS


@pytest.mark.parametrize("name", PAYLOADS)
def test_only_what_can_heal_is_retried_when_a_function_fails(
    states: Declared, name: str
) -> None:
    assert states[name]["Retry"] == RETRY


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_escapes_unrecorded_when_a_function_fails(
    states: Declared, name: str
) -> None:
    catchers = [
        (catcher["ErrorEquals"], catcher["Next"], catcher["ResultPath"])
        for catcher in states[name]["Catch"]
    ]

    assert catchers[-2:] == [
        (["States.DataLimitExceeded"], "RecordPlanFailed", "$.failure"),
        (["States.ALL"], "RecordPlanFailed", "$.failure"),
    ]


def test_cancel_and_timeout_have_their_own_ends_when_paused(
    states: Declared,
) -> None:
    catchers = states["WaitForResume"]["Catch"]

    assert [(each["ErrorEquals"], each["Next"]) for each in catchers[:2]] == [
        (["ExecutionCancelled"], "RecordPlanCancelled"),
        (["States.Timeout"], "RecordPlanTimeout"),
    ]


@pytest.mark.parametrize(
    ("active", "called"), [("refactored", REFACTORED), ("original", ORIGINAL)]
)
def test_one_parameter_switches_the_function_when_rolled_back(
    load_machine: Callable[..., StateMachine], active: str, called: str
) -> None:
    states = load_machine(ActiveOrchestration=active).definition["States"]

    assert {
        states[name]["Parameters"]["FunctionName"] for name in PAYLOADS
    } == {called}


def test_running_executions_go_on_when_the_function_is_switched(
    load_machine: Callable[..., StateMachine], machine: StateMachine
) -> None:
    other = load_machine(ActiveOrchestration="original")

    assert machine.statements == other.statements


def test_runs_are_logged_and_traced_without_their_data_when_deployed(
    load_template: Callable[..., Template],
) -> None:
    template = load_template("step-functions-stack.yaml")
    document = template.document["Resources"]["OrchestrationStateMachine"]
    properties = document["Properties"]

    assert properties["StateMachineType"] == "STANDARD"
    assert properties["TracingConfiguration"] == {"Enabled": True}
    assert properties["LoggingConfiguration"]["Level"] == "ALL"
    assert properties["LoggingConfiguration"]["IncludeExecutionData"] is False
