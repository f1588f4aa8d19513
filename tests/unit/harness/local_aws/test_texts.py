"""What a person reads of the stacks and functions of the local AWS."""

from typing import Any

from harness.local_aws import texts

STATUS: dict[str, Any] = {
    "url": "http://127.0.0.1:5577",
    "pid": 1,
    "uptimeSeconds": 3.2,
    "versions": {"python": "3.11"},
    "clock": {"now": "2026-01-01", "speed": 1.0, "failure": None},
    "sourceServers": 0,
    "jobs": [],
    "stacks": [],
    "functions": [],
}


def test_the_status_says_what_is_not_as_on_aws() -> None:
    stack = {
        "name": "shop",
        "status": "CREATE_COMPLETE",
        "carried": ["AWS::CloudWatch::Alarm"],
        "completed": {"AWS::IAM::Role": ["ManagedPolicyArns"]},
        "leftOut": {"AWS::Lambda::Function": ["LoggingConfig"]},
    }

    told = texts.status({**STATUS, "stacks": [stack]}).splitlines()[-4:]

    assert told == [
        "  stack           shop CREATE_COMPLETE",
        "    carried by the local cloud: AWS::CloudWatch::Alarm",
        "    completed by the local cloud: AWS::IAM::Role ManagedPolicyArns",
        "    without effect: AWS::Lambda::Function LoggingConfig",
    ]


def test_the_status_says_from_what_functions_ran() -> None:
    functions = [
        {"name": "own", "invocations": 2, "package": None},
        {"name": "other", "invocations": 1, "package": "0123456789abcdef"},
    ]

    told = texts.status({**STATUS, "functions": functions}).splitlines()[-2:]

    assert told == [
        "  function        own ran 2x from its folder",
        "  function        other ran 1x from package 0123456789ab",
    ]
