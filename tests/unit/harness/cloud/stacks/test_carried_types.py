"""Types that moto's stacks do not know are carried by the local cloud."""

import json
import time
from typing import Any

import boto3

from harness.cloud.stacks.remarks import COMPLETED
from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.conftest import Deployer
from tests.unit.harness.cloud.stacks.templates import resource, template

TOPIC = resource("AWS::SNS::Topic", TopicName="ends")
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:ends"
QUEUE = resource("AWS::SQS::Queue", QueueName="left")
ROLE = "arn:aws:iam::123456789012:role/machine"


def alarm(threshold: int) -> templates.Document:
    return resource(
        "AWS::CloudWatch::Alarm",
        AlarmName="failed",
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=threshold,
    )


def machine(end: str) -> templates.Document:
    definition = {
        "StartAt": "End",
        "States": {
            "End": {"Type": "Pass", "Result": {"said": "${Said}"}, "End": True}
        },
    }
    return resource(
        "AWS::StepFunctions::StateMachine",
        StateMachineName="shop",
        RoleArn=ROLE,
        DefinitionString=json.dumps(definition),
        DefinitionSubstitutions={"Said": end},
        LoggingConfiguration={"Level": "ALL", "IncludeExecutionData": False},
        TracingConfiguration={"Enabled": True},
    )


def executed(arn: str, name: str) -> Any:
    client = boto3.client("stepfunctions")
    begun = client.start_execution(stateMachineArn=arn, name=name)
    for _ in range(500):
        found = client.describe_execution(executionArn=begun["executionArn"])
        if found["status"] != "RUNNING":
            break
        time.sleep(0.01)
    return json.loads(found["output"])["said"]


def test_an_alarm_is_made_changed_and_removed(shop: Deployer) -> None:
    def thresholds() -> list[float]:
        found = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return [each["Threshold"] for each in found]

    shop.deploy(template(Topic=TOPIC, Alarm=alarm(1)))
    first = thresholds()
    shop.deploy(template(Topic=TOPIC, Alarm=alarm(2)))
    second = thresholds()
    shop.deploy(template(Topic=TOPIC))

    assert (first, second, thresholds()) == ([1], [2], [])
    assert ("Alarm", "CREATE_COMPLETE", COMPLETED) in shop.events()


def test_executions_follow_the_definition_when_a_stack_changes_it(
    shop: Deployer,
) -> None:
    shop.deploy(template(Machine=machine("first")))
    arn = shop.physical_id("Machine")
    first = executed(arn, "one")

    shop.deploy(template(Machine=machine("second")))

    assert shop.physical_id("Machine") == arn
    assert (first, executed(arn, "two")) == ("first", "second")


def test_a_state_machine_goes_with_its_stack(shop: Deployer) -> None:
    shop.deploy(template(Machine=machine("first")))

    shop.client.delete_stack(StackName="shop")

    found = boto3.client("stepfunctions").list_state_machines()
    assert "shop" not in {each["name"] for each in found["stateMachines"]}


def test_another_state_machine_is_refused_when_its_name_changes(
    shop: Deployer,
) -> None:
    shop.deploy(template(Machine=machine("first")))
    other = machine("first")
    other["Properties"]["StateMachineName"] = "other"

    status = shop.deploy(template(Machine=other))

    assert status == "UPDATE_FAILED"
    assert "StateMachineName" in shop.events()[-1][2]


def test_a_topic_has_the_policy_of_its_stack(shop: Deployer) -> None:
    def topic_policy() -> Any:
        found = boto3.client("sns").get_topic_attributes(TopicArn=TOPIC_ARN)
        return json.loads(found["Attributes"]["Policy"])["Statement"]

    def declared(*actions: str) -> templates.Document:
        policy = templates.policy(*actions)
        kind = "AWS::SNS::TopicPolicy"
        topics = [{"Ref": "Topic"}]
        return template(
            Topic=TOPIC,
            Policy=resource(kind, Topics=topics, PolicyDocument=policy),
        )

    shop.deploy(declared("sns:Publish"))
    first = topic_policy()
    shop.deploy(declared("sns:Subscribe"))
    second = topic_policy()
    shop.deploy(template(Topic=TOPIC))

    assert first[0]["Action"] == ["sns:Publish"]
    assert second[0]["Action"] == ["sns:Subscribe"]
    assert topic_policy() == []


def test_a_queue_has_the_policy_of_its_stack(shop: Deployer) -> None:
    policy = templates.policy("sqs:SendMessage")
    kind = "AWS::SQS::QueuePolicy"
    queues = [{"Ref": "Queue"}]
    shop.deploy(
        template(
            Queue=QUEUE,
            Policy=resource(kind, Queues=queues, PolicyDocument=policy),
        )
    )

    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="left")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    assert json.loads(found["Attributes"]["Policy"]) == policy


def test_an_endpoint_is_subscribed_as_long_as_its_stack_says(
    shop: Deployer,
) -> None:
    def endpoints() -> list[str]:
        found = boto3.client("sns").list_subscriptions()["Subscriptions"]
        return [each["Endpoint"] for each in found]

    subscription = resource(
        "AWS::SNS::Subscription",
        TopicArn={"Ref": "Topic"},
        Protocol="email",
        Endpoint="team@example.com",
    )

    shop.deploy(template(Topic=TOPIC, Team=subscription))
    subscribed = endpoints()
    shop.deploy(template(Topic=TOPIC))

    assert (subscribed, endpoints()) == (["team@example.com"], [])
