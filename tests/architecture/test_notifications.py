"""People are told how executions end, and when a contract was broken."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.cloud.templates import Template
from shared import contract_reports

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:machine"
TOPIC = "arn:aws:sns:us-east-1:123456789012:project-notifications-test"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:project-undelivered-events-test"
RULE = "arn:aws:events:us-east-1:123456789012:rule/project-execution-ends-test"
ALARMS = [
    "project-contract-violations-test",
    "project-failed-executions-test",
    "project-undelivered-events-test",
]

Load = Callable[..., Template]
Alarms = dict[str, dict[str, Any]]


def load(load_template: Load, email: str = "") -> Template:
    return load_template(
        "notifications-stack.yaml",
        StateMachineArn=MACHINE,
        StateMachineName="machine",
        NotificationEmail=email,
    )


@pytest.fixture(scope="module")
def stack(load_template: Load) -> Template:
    return load(load_template)


@pytest.fixture(scope="module")
def alarms(stack: Template) -> Alarms:
    declared = stack.resources("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"]: alarm for alarm in declared}


def test_every_alarm_tells_people_when_it_goes_off(alarms: Alarms) -> None:
    assert sorted(alarms) == ALARMS
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == [TOPIC]
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["Threshold"] == 0
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"


def test_every_end_but_success_raises_the_alarm_when_it_happens(
    alarms: Alarms,
) -> None:
    shown, *counted = alarms["project-failed-executions-test"]["Metrics"]

    metrics = [each["MetricStat"]["Metric"] for each in counted]

    assert {metric["MetricName"] for metric in metrics} == {
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
    }
    assert all(each["Id"] in shown["Expression"] for each in counted)
    assert all(
        metric["Namespace"] == "AWS/States"
        and metric["Dimensions"]
        == [{"Name": "StateMachineArn", "Value": MACHINE}]
        for metric in metrics
    )


def test_the_metric_of_the_functions_is_asked_for_when_contracts_break(
    alarms: Alarms,
) -> None:
    [metric] = alarms["project-contract-violations-test"]["Metrics"]

    names = [contract_reports.NAMESPACE, *contract_reports.DIMENSIONS]

    schema = ", ".join(f'"{name}"' for name in names)
    assert metric["Expression"] == (
        f"SELECT SUM({contract_reports.METRIC}) FROM SCHEMA({schema})"
    )


def test_people_are_told_of_every_end_without_its_data(
    stack: Template,
) -> None:
    [rule] = stack.resources("AWS::Events::Rule").values()

    [target] = rule["Targets"]

    assert rule["EventPattern"]["detail"] == {
        "stateMachineArn": [MACHINE],
        "status": ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
    }
    assert target["Arn"] == TOPIC
    assert target["DeadLetterConfig"] == {"Arn": QUEUE}
    assert target["InputTransformer"]["InputPathsMap"] == {
        "execution": "$.detail.name",
        "status": "$.detail.status",
    }
    assert target["InputTransformer"]["InputTemplate"] == (
        '"machine: execution <execution> ended as <status>."'
    )


def test_only_our_alarms_and_our_rule_publish_when_the_topic_is_reached(
    stack: Template,
) -> None:
    [topic] = stack.resources("AWS::SNS::TopicPolicy").values()
    [queue] = stack.resources("AWS::SQS::QueuePolicy").values()

    allowed = [
        (each["Action"], each["Resource"], each["Condition"])
        for policy in (topic, queue)
        for each in policy["PolicyDocument"]["Statement"]
    ]

    alarms = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:project-*-test"
    assert allowed == [
        ("sns:Publish", TOPIC, {"ArnLike": {"aws:SourceArn": alarms}}),
        ("sns:Publish", TOPIC, {"ArnEquals": {"aws:SourceArn": RULE}}),
        ("sqs:SendMessage", QUEUE, {"ArnEquals": {"aws:SourceArn": RULE}}),
    ]


def test_messages_are_encrypted_when_they_rest(stack: Template) -> None:
    [topic] = stack.resources("AWS::SNS::Topic").values()
    [queue] = stack.resources("AWS::SQS::Queue").values()
    [key] = stack.resources("AWS::KMS::Key").values()

    assert topic["KmsMasterKeyId"].endswith(":key/NotificationKey")
    assert queue["SqsManagedSseEnabled"] is True
    assert key["EnableKeyRotation"] is True


@pytest.mark.parametrize(
    ("email", "endpoints"),
    [("", []), ("operators@example.com", ["operators@example.com"])],
)
def test_an_address_is_subscribed_when_it_is_given(
    load_template: Load, email: str, endpoints: list[str]
) -> None:
    stack = load(load_template, email)

    declared = stack.resources("AWS::SNS::Subscription").values()

    assert [each["Endpoint"] for each in declared] == endpoints
