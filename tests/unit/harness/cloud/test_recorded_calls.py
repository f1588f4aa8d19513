"""What Lambdas ask of AWS is recorded, and can be made to go wrong."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)

from harness.cloud.calls import (
    AwsCall,
    Fault,
    FunctionFailure,
    NoAnswer,
    ServiceError,
)
from harness.cloud.local_cloud import LocalCloud

EnterCloud = Callable[..., LocalCloud]

PUT = """
    import boto3
    def lambda_handler(event, context):
        table = boto3.resource("dynamodb").Table("toy-items")
        table.put_item(Item={"id": event["id"], "n": 1})
        return table.get_item(Key={"id": event["id"]})["Item"]["id"]
"""
# Tells how a call ended, after at most three attempts.
TRY = """
    import boto3
    from botocore.config import Config
    config = Config(retries={"mode": "standard", "total_max_attempts": 3})
    def lambda_handler(event, context):
        client = boto3.client(event["service"], config=config)
        try:
            answer = getattr(client, event["method"])(**event["params"])
        except Exception as error:
            kind = type(error).__name__
            answer = getattr(error, "response", None) or {}
            return [kind, answer.get("Error", {}).get("Code")]
        return ["retries", answer["ResponseMetadata"]["RetryAttempts"]]
"""
FOREIGN = """
    import boto3
    def lambda_handler(event, context):
        role = "arn:aws:iam::222222222222:role/DRSOrchestrationRole"
        keys = boto3.client("sts").assume_role(
            RoleArn=role, RoleSessionName="toy"
        )["Credentials"]
        session = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
        )
        ec2 = session.client("ec2", region_name="eu-west-1")
        ec2.create_launch_template(
            LaunchTemplateName="there", LaunchTemplateData={}
        )
        drs = session.client("drs", region_name="eu-west-1")
        drs.initialize_service()
        drs.describe_source_servers()
        here = boto3.client("ec2", region_name="eu-west-1")
        return len(here.describe_launch_templates()["LaunchTemplates"])
"""
SCAN = {"service": "dynamodb", "method": "scan"}
SCAN_ITEMS = {**SCAN, "params": {"TableName": "toy-items"}}
QUERIES: list[dict[str, Any]] = [
    SCAN_ITEMS,
    {"service": "ec2", "method": "describe_instances", "params": {}},
    {"service": "sts", "method": "get_caller_identity", "params": {}},
    {"service": "drs", "method": "describe_jobs", "params": {}},
    {
        "service": "lambda",
        "method": "invoke",
        "params": {"FunctionName": "toy"},
    },
]


def brief(calls: list[AwsCall]) -> list[tuple[str, str, str, str]]:
    return [(c.service, c.operation, c.account, c.region) for c in calls]


def test_calls_are_recorded_as_sent_when_a_lambda_makes_them(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": PUT})

    cloud.invoke("toy", {"id": "a"})

    put, get = cloud.calls
    assert (put.function, put.service, put.operation) == (
        "toy",
        "dynamodb",
        "PutItem",
    )
    assert put.params["Item"] == {"id": {"S": "a"}, "n": {"N": "1"}}
    assert (put.account, put.region) == ("123456789012", "us-east-1")
    assert get.operation == "GetItem"
    assert put.error is get.error is None


def test_nothing_is_recorded_when_a_test_calls_aws_itself(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud()

    boto3.client("dynamodb").list_tables()

    assert cloud.calls == []


def test_calls_land_in_the_target_account_when_a_role_is_assumed(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": FOREIGN})

    here = cloud.invoke("toy", {}).json()

    there = "222222222222", "eu-west-1"
    assert brief(cloud.calls) == [
        ("sts", "AssumeRole", "123456789012", "us-east-1"),
        ("ec2", "CreateLaunchTemplate", *there),
        ("drs", "InitializeService", *there),
        ("drs", "DescribeSourceServers", *there),
        ("ec2", "DescribeLaunchTemplates", "123456789012", "eu-west-1"),
    ]
    assert here == 0


def test_the_error_is_recorded_when_aws_refuses(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": TRY})
    absent = {**SCAN, "params": {"TableName": "absent"}}

    outcome = cloud.invoke("toy", absent).json()

    assert outcome == [
        "ResourceNotFoundException",
        "ResourceNotFoundException",
    ]
    assert cloud.calls[0].error == "ResourceNotFoundException"


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q["service"])
def test_an_injected_error_is_understood_when_the_protocol_differs(
    enter_cloud: EnterCloud, query: dict[str, Any]
) -> None:
    cloud = enter_cloud({"toy": TRY})
    fault = ServiceError("AccessDeniedException", status=403)

    cloud.on_call(before=lambda call: fault)
    _, code = cloud.invoke("toy", query).json()

    assert code == "AccessDeniedException"
    assert [call.error for call in cloud.calls] == ["AccessDeniedException"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (ServiceError("ThrottlingException", attempts=2), ["retries", 2]),
        (ServiceError("InternalError", 500, attempts=1), ["retries", 1]),
        (NoAnswer(ConnectTimeoutError, attempts=2), ["retries", 2]),
        (
            ServiceError("ThrottlingException"),
            ["ThrottlingException", "ThrottlingException"],
        ),
        (NoAnswer(ReadTimeoutError), ["ReadTimeoutError", None]),
    ],
)
def test_botocores_own_retries_are_exercised_when_attempts_fail(
    enter_cloud: EnterCloud, fault: Fault, outcome: list[Any]
) -> None:
    cloud = enter_cloud({"toy": TRY})

    started = cloud.clock.now()

    cloud.on_call(before=lambda call: fault)

    assert cloud.invoke("toy", SCAN_ITEMS).json() == outcome
    assert len(cloud.calls) == 1
    assert cloud.clock.now() == started


@pytest.mark.parametrize(("after_effect", "items"), [(True, 1), (False, 0)])
@pytest.mark.parametrize(
    "make",
    [
        lambda after: ServiceError("InternalError", 500, after_effect=after),
        lambda after: NoAnswer(after_effect=after),
    ],
)
def test_the_effect_is_there_only_when_it_came_before_the_failure(
    enter_cloud: EnterCloud,
    make: Callable[[bool], Fault],
    after_effect: bool,
    items: int,
) -> None:
    cloud = enter_cloud({"toy": PUT})

    cloud.on_call(before=lambda call: make(after_effect))
    invocation = cloud.invoke("toy", {"id": "a"})

    assert invocation.function_error == "Unhandled"
    assert len(cloud.tables.items("Items")) == items


@pytest.mark.parametrize(("after_effect", "runs"), [(True, 1), (False, 0)])
def test_an_invoked_function_fails_as_asked_when_another_lambda_calls(
    enter_cloud: EnterCloud, after_effect: bool, runs: int
) -> None:
    outer = """
        import boto3, json
        def lambda_handler(event, context):
            answer = boto3.client("lambda").invoke(FunctionName="inner")
            return [answer["FunctionError"], json.load(answer["Payload"])]
    """
    inner = "def lambda_handler(e, c): return 1"
    cloud = enter_cloud({"toy": outer, "inner": inner})
    fault = FunctionFailure("Sandbox.Timedout", after_effect=after_effect)

    cloud.on_call(before=lambda call: fault)
    error, document = cloud.invoke("toy", {}).json()

    assert error == "Unhandled"
    assert document["errorType"] == "Sandbox.Timedout"
    assert [i.function for i in cloud.invocations].count("inner") == runs


def test_hooks_act_at_the_exact_call_when_they_write_themselves(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": PUT})
    seen: list[tuple[str, int]] = []

    def before(call: AwsCall) -> None:
        seen.append((call.operation, len(cloud.tables.items("Items"))))

    def after(call: AwsCall) -> None:
        if call.operation == "PutItem":
            cloud.tables.put("Items", {"id": "wish"})

    cloud.on_call(before, after)
    cloud.invoke("toy", {"id": "a"})

    assert seen == [("PutItem", 0), ("GetItem", 2)]
    assert len(cloud.calls) == 2


def test_a_failed_assertion_of_a_hook_surfaces_when_code_swallows_it(
    enter_cloud: EnterCloud, task: Callable[..., dict[str, Any]]
) -> None:
    machine = {"StartAt": "T", "States": {"T": task("toy", End=True)}}
    cloud = enter_cloud({"toy": TRY}, machine)

    def before(call: AwsCall) -> None:
        raise AssertionError("seen by nobody")

    cloud.on_call(before)
    arn = cloud.start_execution("e1", SCAN_ITEMS)

    with pytest.raises(AssertionError, match="seen by nobody"):
        cloud.wait(arn)


def test_the_state_machines_own_calls_are_kept_apart_when_it_makes_some(
    enter_cloud: EnterCloud,
) -> None:
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {"TableName": "toy-items", "Item": {"id": {"S": "x"}}},
        "End": True,
    }
    cloud = enter_cloud({}, {"StartAt": "P", "States": {"P": put}})

    cloud.wait(cloud.start_execution("e1", {}))

    (call,) = cloud.state_machine_calls
    assert (call.function, call.operation) == ("states", "PutItem")
    assert cloud.calls == []


def test_a_call_of_the_state_machine_fails_when_a_hook_says_so(
    enter_cloud: EnterCloud, task: Callable[..., dict[str, Any]]
) -> None:
    retry = [{"ErrorEquals": ["Lambda.ServiceException"], "MaxAttempts": 2}]
    machine = {
        "StartAt": "T",
        "States": {"T": task("toy", Retry=retry, End=True)},
    }
    echo = "def lambda_handler(e, c): return e"
    cloud = enter_cloud({"toy": echo}, machine)

    def once(call: AwsCall) -> Fault | None:
        first = len(cloud.state_machine_calls) == 1
        return ServiceError("ServiceException", 500) if first else None

    cloud.on_call(once)
    status = cloud.wait(cloud.start_execution("e1", {}))

    assert status == "SUCCEEDED"
    assert [call.error for call in cloud.state_machine_calls] == [
        "ServiceException",
        None,
    ]


@pytest.mark.parametrize("error", [ConnectTimeoutError, ReadTimeoutError])
def test_a_broken_connection_is_recorded_by_its_class_when_it_ends_a_call(
    enter_cloud: EnterCloud, error: type[HTTPClientError]
) -> None:
    cloud = enter_cloud({"toy": TRY})

    cloud.on_call(before=lambda call: NoAnswer(error))
    cloud.invoke("toy", SCAN_ITEMS)

    assert cloud.calls[0].error == error.__name__
