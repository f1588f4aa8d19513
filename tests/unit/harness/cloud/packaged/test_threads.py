"""Calls that a function makes from threads are known as its other calls."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from harness.cloud.calls import AwsCall, Fault, ServiceError
from harness.cloud.local_cloud import LocalCloud

EnterCloud = Callable[..., LocalCloud]
Enter = Callable[[dict[str, str]], LocalCloud]

# Changes templates of the given names side by side, and tells how often
# botocore tried again, or what it could not do.
CHANGES = """
    import contextvars, logging
    from concurrent.futures import ThreadPoolExecutor
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
    config = Config(retries={"mode": "standard", "total_max_attempts": 3})
    def lambda_handler(event, context):
        logging.getLogger().setLevel("INFO")
        ec2 = boto3.client("ec2", "eu-west-1", config=config)
        def change(template):
            logging.info("changes %s", template)
            try:
                made = ec2.create_launch_template_version(
                    LaunchTemplateId=template,
                    LaunchTemplateData={"InstanceType": "m5.large"},
                )
            except ClientError as error:
                return error.response["Error"]["Code"]
            return made["ResponseMetadata"]["RetryAttempts"]
        templates = [
            ec2.create_launch_template(
                LaunchTemplateName=name, LaunchTemplateData={}
            )["LaunchTemplate"]["LaunchTemplateId"]
            for name in event["names"]
        ]
        if event.get("reversed"):
            templates.reverse()
        with ThreadPoolExecutor(event.get("threads", 8)) as pool:
            begun = [
                pool.submit(contextvars.copy_context().run, change, each)
                for each in templates
            ]
            answers = [each.result() for each in begun]
        return dict(zip(templates, answers))
"""
NAMES = [f"web-{number}" for number in range(8)]
DENIED = ServiceError("UnauthorizedOperation", 403)
# By the order in which the calls come.
KINDS = {
    0: DENIED,
    3: ServiceError("RequestLimitExceeded", 503, attempts=1),
    7: ServiceError("RequestLimitExceeded", 503, attempts=2),
}


@pytest.fixture(params=["in this process", "packaged"])
def enter(
    request: pytest.FixtureRequest,
    enter_cloud: EnterCloud,
    enter_packaged: EnterCloud,
) -> Enter:
    packaged = request.param == "packaged"
    return enter_packaged if packaged else enter_cloud


def template_of(call: AwsCall) -> str:
    return str(call.params.get("LaunchTemplateId", ""))


def changes(cloud: LocalCloud) -> list[AwsCall]:
    return [call for call in cloud.calls if template_of(call)]


def test_each_call_has_its_own_fault_and_error_when_all_are_made_at_once(
    enter: Enter,
) -> None:
    cloud = enter({"toy": CHANGES})
    at_once = threading.Barrier(len(NAMES), timeout=60)
    faults: dict[str, ServiceError] = {}

    def disturb(call: AwsCall) -> Fault | None:
        if not template_of(call):
            return None
        place = at_once.wait()
        if place in KINDS:
            faults[template_of(call)] = KINDS[place]
        return KINDS.get(place)

    cloud.on_call(before=disturb)
    answers = cloud.invoke("toy", {"names": NAMES}).json()

    denied = {each for each, fault in faults.items() if fault == DENIED}
    assert {each: answers[each] for each in faults} == {
        each: DENIED.code if fault == DENIED else fault.attempts
        for each, fault in faults.items()
    }
    assert sum(answer == 0 for answer in answers.values()) == 5
    assert {template_of(c): c.error for c in changes(cloud) if c.error} == {
        each: DENIED.code for each in denied
    }


def test_calls_and_lines_belong_to_the_invocation_when_threads_make_them(
    enter: Enter,
) -> None:
    cloud = enter({"toy": CHANGES})

    invocation = cloud.invoke("toy", {"names": NAMES})

    made = list(invocation.json())
    lines = [line.message for line in invocation.logs]
    assert sorted(
        each for each in lines if each.startswith("changes")
    ) == sorted(f"changes {each}" for each in made)
    assert {call.function for call in changes(cloud)} == {"toy"}
    assert {call.error for call in changes(cloud)} == {None}


def test_tokens_follow_from_the_subject_when_threads_come_in_another_order(
    enter: Enter,
) -> None:
    def tokens(backwards: bool) -> dict[str, Any]:
        cloud = enter({"toy": CHANGES})
        document = {"names": NAMES, "reversed": backwards, "threads": 1}
        cloud.invoke("toy", document)
        by_template: dict[str, Any] = defaultdict(list)
        for call in changes(cloud):
            by_template[template_of(call)].append(call.params["ClientToken"])
        return by_template

    forwards, backwards = tokens(False), tokens(True)

    assert forwards == backwards
    assert len({token for [token] in forwards.values()}) == len(NAMES)
