"""Functions that run from zips behave as in the service."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from harness.cloud.calls import AwsCall
from harness.cloud.lambda_runtime import MAX_RESPONSE_BYTES
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.packaged.folders import NoPackageError

EnterCloud = Callable[..., LocalCloud]

PROCESS = """
    import os
    def lambda_handler(event, context): return os.getpid()
"""
MOMENT = """
    import time
    IMPORTED = time.time()
    def lambda_handler(event, context):
        return [IMPORTED, time.time(), context.get_remaining_time_in_millis()]
"""
FAILING = """
    import sys
    def lambda_handler(event, context):
        if event["how"] == "raise":
            raise ValueError("no such wave: 7")
        if event["how"] == "exit":
            sys.exit(3)
        return {"object": object()} if event["how"] == "object" else event
"""
READING = """
    import os, boto3
    def lambda_handler(event, context):
        boto3.client("dynamodb").get_item(
            TableName="toy-items", Key={"id": {"S": "a"}}
        )
        return os.getpid()
"""
CALLING = """
    import json, logging
    from decimal import Decimal
    import boto3
    logging.getLogger().setLevel("INFO")
    def lambda_handler(event, context):
        if event.get("inner"):
            logging.info("inner\\nof two lines")
            return event
        table = boto3.resource("dynamodb").Table("toy-items")
        table.put_item(Item={"id": "a", "n": Decimal(1), "b": [b"x", None]})
        logging.warning("before %s", "the call")
        answer = boto3.client("lambda").invoke(
            FunctionName=context.invoked_function_arn, Payload=b'{"inner": 1}'
        )
        logging.error("after %s", json.load(answer["Payload"]))
        ec2 = boto3.client("ec2", "eu-west-1")
        made = ec2.create_launch_template(
            LaunchTemplateName="web",
            LaunchTemplateData={
                "InstanceType": "t3.micro", "SecurityGroupIds": ["sg-1"]
            },
        )
        given = boto3.client("sts").assume_role(
            RoleArn="arn:aws:iam::210987654321:role/Recovery",
            RoleSessionName="toy",
        )["Credentials"]
        drs = boto3.Session(
            given["AccessKeyId"],
            given["SecretAccessKey"],
            given["SessionToken"],
        ).client("drs", "eu-west-1")
        try:
            drs.describe_source_servers(maxResults=5)
        except drs.exceptions.UninitializedAccountException:
            pass
        return made["LaunchTemplate"]["LaunchTemplateId"]
"""
ALONE = """
    import importlib.util
    def lambda_handler(event, context):
        found = importlib.util.find_spec
        return [name for name in event["names"] if found(name)]
"""


def test_a_process_serves_until_the_next_cold_start(
    enter_packaged: EnterCloud,
) -> None:
    cloud = enter_packaged({"toy": PROCESS})

    first, second = (cloud.invoke("toy", {}).json() for _ in range(2))
    cloud.reset()
    third = cloud.invoke("toy", {}).json()

    assert first == second
    assert len({first, third, os.getpid()}) == 3


def test_two_invocations_run_in_two_processes_when_they_meet(
    enter_packaged: EnterCloud,
) -> None:
    cloud = enter_packaged({"toy": READING})
    both = threading.Barrier(2, timeout=60)

    def meet(call: AwsCall) -> None:
        both.wait()

    cloud.on_call(before=meet)

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda _: cloud.invoke("toy", {}), range(2)))

    assert len({answer.json() for answer in answers}) == 2


def test_time_is_virtual_and_stands_still_during_an_invocation(
    enter_packaged: EnterCloud,
) -> None:
    cloud = enter_packaged({"toy": MOMENT})
    start = cloud.clock.now()

    cloud.invoke("toy", {})
    cloud.clock.sleep(3600)
    imported, now, left = cloud.invoke("toy", {}).json()

    assert imported == start.timestamp()
    assert now == (start + timedelta(hours=1)).timestamp()
    assert left == 60_000


def test_errors_are_told_as_lambda_tells_them(
    enter_packaged: EnterCloud,
) -> None:
    cloud = enter_packaged({"toy": FAILING, "broken": "import left_pad"})

    raised = cloud.invoke("toy", {"how": "raise"})
    exited = cloud.invoke("toy", {"how": "exit"})
    unreadable = cloud.invoke("toy", {"how": "object"})
    broken = cloud.invoke("broken", {})
    after = cloud.invoke("toy", {"how": "well"})

    failed = [raised, exited, unreadable, broken]
    assert {each.function_error for each in failed} == {"Unhandled"}
    assert [each.json()["errorType"] for each in failed] == [
        "ValueError",
        "Runtime.ExitError",
        "Runtime.MarshalError",
        "Runtime.ImportModuleError",
    ]
    assert raised.json()["errorMessage"] == "no such wave: 7"
    assert "lambda_handler" in raised.json()["stackTrace"][0]
    assert "exit status 3" in exited.json()["errorMessage"]
    assert (after.function_error, after.json()) == (None, {"how": "well"})


@pytest.mark.parametrize(
    ("length", "error"),
    [(MAX_RESPONSE_BYTES, None), (MAX_RESPONSE_BYTES + 1, "Unhandled")],
)
def test_an_answer_is_refused_when_it_is_too_large(
    enter_packaged: EnterCloud, length: int, error: str | None
) -> None:
    source = "def lambda_handler(event, context): return 'x' * event['n']"
    cloud = enter_packaged({"toy": source})

    # Two quotation marks belong to the answer.
    answer = cloud.invoke("toy", {"n": length - 2})

    assert answer.function_error == error
    refused = b"Function.ResponseSizeTooLarge" in answer.payload
    assert refused == (error is not None)


def test_calls_and_lines_are_those_of_the_same_code_in_this_process(
    enter_cloud: EnterCloud, enter_packaged: EnterCloud
) -> None:
    def told(cloud: LocalCloud) -> list[object]:
        answer = cloud.invoke("toy", {})
        ours = ("inner", "before", "after")
        lines = [
            [line for line in each.logs if line.message.startswith(ours)]
            for each in cloud.invocations
        ]
        callers = [each.caller for each in cloud.invocations]
        return [answer.json(), cloud.calls, lines, callers]

    here = told(enter_cloud({"toy": CALLING}))
    there = told(enter_packaged({"toy": CALLING}))

    assert there == here


def test_a_decimal_is_answered_as_a_number_in_both_ways(
    enter_cloud: EnterCloud, enter_packaged: EnterCloud
) -> None:
    source = """
        from decimal import Decimal
        def lambda_handler(event, context):
            return [Decimal("3"), Decimal("1.5"), Decimal("1E+3")]
    """

    answers = [
        enter({"toy": source}).invoke("toy", {}).json()
        for enter in (enter_cloud, enter_packaged)
    ]

    assert answers == [[3, 1.5, 1000]] * 2


def test_a_process_sees_what_lambda_has_and_nothing_else(
    enter_packaged: EnterCloud,
) -> None:
    cloud = enter_packaged({"toy": ALONE})
    names = ["boto3", "moto", "jsonschema_rs", "harness", "shared", "pytest"]

    found = cloud.invoke("toy", {"names": names}).json()

    assert found == ["boto3"]


def test_it_says_how_to_build_a_package_when_there_is_none(
    enter_packaged: EnterCloud, tmp_path: Path
) -> None:
    cloud = enter_packaged({"toy": PROCESS})
    (tmp_path / "packages" / "toy.zip").unlink()

    with pytest.raises(NoPackageError) as caught:
        cloud.invoke("toy", {})

    assert "package_lambda.py --local" in str(caught.value)
