"""Lambda functions in this process behave as in the service."""

import json
import os
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from harness.cloud.functions import FunctionNotFoundError
from harness.cloud.invoker import InvalidPayloadError, Invocation
from harness.cloud.local_cloud import LocalCloud

EnterCloud = Callable[..., LocalCloud]

ECHO = "def lambda_handler(event, context): return event"
INSPECT = """
    import os
    def lambda_handler(event, context):
        return {
            "name": context.function_name,
            "arn": context.invoked_function_arn,
            "request": context.aws_request_id,
            "memory": context.memory_limit_in_mb,
            "left": context.get_remaining_time_in_millis(),
            "variable": os.environ.get("TOY"),
            "region": os.environ["AWS_REGION"],
        }
"""
OUTER = """
    import json, os
    import boto3
    def lambda_handler(event, context):
        before = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        answer = boto3.client("lambda").invoke(
            FunctionName="inspect", Payload=json.dumps(event)
        )
        after = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        return [before, json.load(answer["Payload"])["name"], after]
"""


def invoke(cloud: LocalCloud, source_event: Any = None) -> Invocation:
    return cloud.invoke("toy", source_event or {})


def test_the_answer_comes_back_as_json_when_the_handler_returns(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": ECHO})

    invocation = cloud.invoke("toy", {"a": [1, None, "é"]})

    assert invocation.json() == {"a": [1, None, "é"]}
    assert invocation.function_error is None


def test_the_handler_cannot_share_objects_when_it_keeps_its_event(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud(
        {"toy": "def lambda_handler(e, c): e['x'].append(1); return e"}
    )
    event: dict[str, list[int]] = {"x": []}

    cloud.invoke("toy", event)

    assert event == {"x": []}


def test_the_context_tells_what_lambda_would_when_a_handler_looks(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"inspect": INSPECT}, environment={"TOY": "set"})

    seen = cloud.invoke("inspect", {}).json()

    assert seen.pop("request") == cloud.invocations[0].request_id
    assert seen == {
        "name": "inspect",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:inspect",
        "memory": "128",
        "left": 60_000,
        "variable": "set",
        "region": "us-east-1",
    }
    assert "TOY" not in os.environ


def test_the_callers_environment_returns_when_an_inner_call_is_over(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": OUTER, "inspect": INSPECT})

    answer = invoke(cloud).json()

    assert answer == ["toy", "inspect", "toy"]
    assert [(i.function, i.caller) for i in cloud.invocations] == [
        ("inspect", "toy"),
        ("toy", None),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("raise ValueError('bad wave')", "ValueError", "bad wave"),
        ("return {1, 2}", "Runtime.MarshalError", "Unable to marshal"),
        ("raise SystemExit(3)", "Runtime.ExitError", "exit status 3"),
        ("return 'x' * 7_000_000", "Function.ResponseSizeTooLarge", "6291556"),
    ],
)
def test_the_error_document_is_lambdas_when_a_handler_fails(
    enter_cloud: EnterCloud, body: str, kind: str, message: str
) -> None:
    cloud = enter_cloud({"toy": f"def lambda_handler(e, c): {body}"})

    invocation = invoke(cloud)

    assert invocation.function_error == "Unhandled"
    document = invocation.json()
    assert document["errorType"] == kind
    assert message in document["errorMessage"]
    assert isinstance(document["stackTrace"], list)


def test_the_stack_shows_lambdas_paths_when_a_handler_fails(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": "def lambda_handler(e, c): raise KeyError"})

    (frame,) = invoke(cloud).json()["stackTrace"]

    assert frame.startswith('  File "/var/task/toy/index.py", line 1')


@pytest.mark.parametrize("source", ["import no_such_module", "x = 1"])
def test_an_import_error_is_answered_when_there_is_no_handler(
    enter_cloud: EnterCloud, source: str
) -> None:
    cloud = enter_cloud({"toy": source})

    document = invoke(cloud).json()

    assert document["errorType"] == "Runtime.ImportModuleError"


@pytest.mark.parametrize(
    "name",
    ["toy", "123456789012:function:toy", "toy:$LATEST", "{arn}", "{arn}:1"],
)
def test_the_invoke_api_finds_a_function_when_it_is_named_well(
    enter_cloud: EnterCloud, name: str
) -> None:
    enter_cloud({"toy": ECHO})
    arn = "arn:aws:lambda:us-east-1:123456789012:function:toy"

    answer = boto3.client("lambda").invoke(
        FunctionName=name.format(arn=arn), Payload=b'{"a": 1}'
    )

    assert json.load(answer["Payload"]) == {"a": 1}
    assert answer["StatusCode"] == 200
    assert answer["ResponseMetadata"]["RequestId"]


def test_the_invoke_api_reports_a_failed_handler_when_it_raises(
    enter_cloud: EnterCloud,
) -> None:
    enter_cloud({"toy": "def lambda_handler(e, c): raise ValueError('no')"})

    answer = boto3.client("lambda").invoke(FunctionName="toy")

    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "ValueError"


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("absent", b"{}", "ResourceNotFoundException"),
        ("toy", b"{", "InvalidRequestContentException"),
        ("toy", b"[NaN]", "InvalidRequestContentException"),
        ("toy", b"[-Infinity]", "InvalidRequestContentException"),
    ],
)
def test_the_invoke_api_refuses_as_lambda_does_when_the_call_is_wrong(
    enter_cloud: EnterCloud, name: str, payload: bytes, code: str
) -> None:
    enter_cloud({"toy": ECHO})

    with pytest.raises(ClientError) as refusal:
        boto3.client("lambda").invoke(FunctionName=name, Payload=payload)

    assert refusal.value.response["Error"]["Code"] == code
    assert refusal.value.response["ResponseMetadata"]["RequestId"]


def test_a_direct_invocation_is_refused_when_the_call_is_wrong(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": ECHO})

    with pytest.raises(FunctionNotFoundError):
        cloud.invoke("absent", {})
    with pytest.raises(InvalidPayloadError):
        cloud._invoker.invoke("toy", b"{")


def test_each_invocation_keeps_its_own_lines_when_calls_are_nested(
    enter_cloud: EnterCloud,
) -> None:
    log = "import logging\nlogging.getLogger().setLevel('INFO')\n"
    inner = f"{log}def lambda_handler(e, c): logging.info('inner %s', 1)"
    outer = (
        f"{log}import boto3\ndef lambda_handler(e, c):\n"
        "    logging.warning('before')\n"
        "    boto3.client('lambda').invoke(FunctionName='inner')\n"
        "    logging.getLogger('toy.part').error('after')\n"
    )
    cloud = enter_cloud({"toy": outer, "inner": inner})

    invoke(cloud)

    ours = {"before", "after", "inner 1"}
    lines = [
        [line for line in invocation.logs if line.message in ours]
        for invocation in cloud.invocations
    ]
    assert lines == [
        [("INFO", "inner 1")],
        [("WARNING", "before"), ("ERROR", "after")],
    ]


def test_module_state_lives_until_the_next_cold_start_when_reset(
    enter_cloud: EnterCloud,
) -> None:
    counting = """
        calls = []
        def lambda_handler(event, context):
            calls.append(1)
            return len(calls)
    """
    cloud = enter_cloud({"toy": counting})

    warm = [invoke(cloud).json() for _ in range(2)]
    cloud.reset()
    cold = invoke(cloud).json()

    assert warm == [1, 2]
    assert cold == 1


def test_listeners_hear_of_each_invocation_when_it_is_over(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": OUTER, "inspect": INSPECT})
    heard: list[str] = []

    cloud.on_invocation(lambda invocation: heard.append(invocation.function))
    invoke(cloud)

    assert heard == ["inspect", "toy"]
