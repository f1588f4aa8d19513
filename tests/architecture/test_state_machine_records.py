"""The state machine records every end that no function could record."""

import json
from typing import Any

import jsonata
import pytest

Declared = dict[str, Any]

RECORDS = {
    "RecordPlanFailed": ("FAILED", "PlanFailed"),
    "RecordPlanTimeout": ("TIMEOUT", "PlanTimeout"),
    "RecordPlanCancelled": ("CANCELLED", "PlanCancelled"),
}
TERMINAL = ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "PARTIAL"]
RAW_INPUT = {
    "Execution": {"Id": "execution-1"},
    "Plan": {"planId": "plan-1", "planName": "Plan", "waves": []},
    "isDrill": True,
    "accountContext": {},
}
STATE = {"execution_id": "execution-1", "plan_id": "plan-1", "error": None}


def evaluate(template: Any, state_input: Declared) -> Any:
    """Evaluate the JSONata strings within a value, as Step Functions would."""
    if isinstance(template, dict):
        return {
            key: evaluate(item, state_input) for key, item in template.items()
        }
    if not isinstance(template, str) or not template.startswith("{%"):
        return template
    context = {"State": {"EnteredTime": "2030-01-02T03:04:05.678Z"}}
    states = json.dumps({"input": state_input, "context": context})
    expression = template.removeprefix("{%").removesuffix("%}")
    return jsonata.Jsonata(f"($states := {states}; {expression})").evaluate(
        None
    )


@pytest.mark.parametrize("name", RECORDS)
def test_the_end_follows_when_a_record_is_made_or_refused(
    states: Declared, name: str
) -> None:
    record = states[name]
    _, end = RECORDS[name]

    assert record["Resource"] == "arn:aws:states:::dynamodb:updateItem"
    assert record["Next"] == end
    assert [each["Next"] for each in record["Catch"]] == [end]
    assert record["Catch"][0]["ErrorEquals"] == ["States.ALL"]
    assert record["Catch"][0]["Output"] == record["Output"]
    assert [
        (each["ErrorEquals"], each["MaxAttempts"]) for each in record["Retry"]
    ] == [
        (
            [
                "DynamoDB.ConditionalCheckFailedException",
                "States.QueryEvaluationError",
            ],
            0,
        ),
        (["States.TaskFailed"], 30),
    ]


@pytest.mark.parametrize("name", RECORDS)
def test_a_terminal_status_stands_when_an_end_is_recorded(
    states: Declared, name: str
) -> None:
    arguments = states[name]["Arguments"]
    values = arguments["ExpressionAttributeValues"]
    status, _ = RECORDS[name]

    assert arguments["TableName"] == "project-execution-history-test"
    assert arguments["ConditionExpression"] == (
        "attribute_exists(executionId) AND NOT #status IN "
        "(:completed, :failed, :timeout, :cancelled, :partial)"
    )
    assert [values[f":{each.lower()}"] for each in TERMINAL] == [
        {"S": each} for each in TERMINAL
    ]
    assert arguments["UpdateExpression"].startswith(
        f"SET #status = :{status.lower()}, endTime = :endTime"
    )
    assert arguments["UpdateExpression"].endswith(
        " REMOVE taskToken, pausedBeforeWave"
    )


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("data", [RAW_INPUT, STATE], ids=["input", "state"])
def test_the_item_is_found_when_an_end_is_recorded(
    states: Declared, name: str, data: Declared
) -> None:
    arguments = evaluate(states[name]["Arguments"], data)

    assert arguments["Key"] == {
        "executionId": {"S": "execution-1"},
        "planId": {"S": "plan-1"},
    }
    assert arguments["ExpressionAttributeValues"][":endTime"] == {
        "N": "1893553445"
    }


def lambda_error(message: str) -> str:
    """Write the cause of a failed invocation as Lambda does."""
    trace = ['  File "/var/task/index.py", line 1, in handler']
    return json.dumps(
        {"errorMessage": message, "errorType": "E", "stackTrace": trace}
    )


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ({"Error": "KeyError", "Cause": "wave"}, "KeyError: wave"),
        ({"Error": "KeyError", "Cause": ""}, "KeyError"),
        ({"Error": "KeyError"}, "KeyError"),
        ({"Error": "E", "Cause": lambda_error("no group")}, "E: no group"),
        ({"Error": "E", "Cause": lambda_error('a "b" {c}')}, 'E: a "b" {c}'),
        ({"Error": "E", "Cause": lambda_error("")}, "E"),
        ({"Error": "E", "Cause": lambda_error("x")[:10]}, 'E: {"errorMes'),
        ({"Error": "E", "Cause": "x" * 2000}, "E: " + "x" * 997),
        # Step Functions quotes the input, in which an external id may be.
        (
            {
                "Error": "States.Runtime",
                "Cause": "'$.isDrill' could not be found in the input '{}'",
            },
            "States.Runtime: '$.isDrill' could not be found",
        ),
        (
            {"Error": "E", "Cause": lambda_error("no id in the input x")},
            "E: no id in the input x",
        ),
    ],
)
def test_the_reason_is_told_in_short_when_a_failure_was_caught(
    states: Declared, failure: dict[str, str], message: str
) -> None:
    data = {**STATE, "failure": failure}

    values = evaluate(
        states["RecordPlanFailed"]["Arguments"]["ExpressionAttributeValues"],
        data,
    )

    assert values[":errorMessage"] == {"S": message}
    assert evaluate(states["PlanFailed"]["Cause"], data) == message


@pytest.mark.parametrize("job_id", ["drsjob-1", None])
def test_the_reason_names_the_job_that_may_be_on_no_record(
    states: Declared, job_id: str | None
) -> None:
    failure = {"Error": "E", "Cause": "x" * 2000}
    data = {**STATE, "failure": failure, "job_id": job_id}
    named = " (last known DRS job: drsjob-1)" if job_id else ""

    values = evaluate(
        states["RecordPlanFailed"]["Arguments"]["ExpressionAttributeValues"],
        data,
    )

    message = "E: " + "x" * 997 + named
    assert values[":errorMessage"] == {"S": message}
    assert evaluate(states["PlanFailed"]["Cause"], data) == message


@pytest.mark.parametrize(
    ("end", "error", "default"),
    [
        ("PlanFailed", "PlanExecutionFailed", "The recovery plan failed."),
        (
            "PlanTimeout",
            "PlanExecutionTimeout",
            "The recovery plan timed out.",
        ),
    ],
)
def test_the_state_tells_the_cause_when_a_function_recorded_the_end(
    states: Declared, end: str, error: str, default: str
) -> None:
    fail = states[end]

    assert fail["Error"] == error
    assert evaluate(fail["Cause"], {"error": "No group"}) == "No group"
    assert evaluate(fail["Cause"], STATE) == default


@pytest.mark.parametrize("name", RECORDS)
def test_the_data_is_kept_when_an_end_was_recorded(
    states: Declared, name: str
) -> None:
    output = evaluate(states[name]["Output"], {**STATE, "unknown": [1]})

    assert output["execution_id"] == "execution-1"
    assert output["unknown"] == [1]


def test_the_output_says_cancelled_when_a_paused_plan_is_cancelled(
    states: Declared,
) -> None:
    output = evaluate(
        states["RecordPlanCancelled"]["Output"], {"status": "paused"}
    )

    assert output == {
        "status": "cancelled",
        "status_reason": "Execution cancelled by user",
        "wave_completed": True,
        "all_waves_completed": True,
    }
