"""Each real function keeps to Lambda's rules when it runs from its zip.

Once with a Runtime API of our own, once under AWS's emulator.
"""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from harness.cloud import project
from harness.cloud.calls import AwsCall
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from tests.function_requests import (
    REQUESTS,
    record_for,
    request_to,
    request_with,
)

FUNCTIONS = {
    function.folder: function
    for function in project.deployment("refactored").functions
}
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_REQUEST_BYTES = 6 * 1024 * 1024
# As JSON it is four characters, as Python writes it eighteen: so an answer
# that carries on what the request held is too large, and the request is not.
GROWING = [1e15] * 400_000


@pytest.fixture(scope="module")
def entered(packaged: LocalCloudSettings) -> Iterator[LocalCloud]:
    with LocalCloud(packaged) as cloud:
        yield cloud


@pytest.fixture
def cloud(entered: LocalCloud) -> LocalCloud:
    entered.reset()
    return entered


@pytest.mark.parametrize("folder", REQUESTS)
def test_an_error_has_lambdas_shape_after_a_cold_start_and_again(
    cloud: LocalCloud, folder: str
) -> None:
    name = FUNCTIONS[folder].name

    cold, warm = (cloud.invoke(name, {"action": "sing"}) for _ in range(2))

    for each in (cold, warm):
        document = each.json()
        assert each.function_error == "Unhandled"
        assert document["errorType"] == "UnknownActionError"
        assert "sing" in document["errorMessage"]
        assert isinstance(document["stackTrace"], list)


@pytest.mark.parametrize("folder", REQUESTS)
def test_a_caller_is_told_of_an_error_beside_the_payload(
    cloud: LocalCloud, folder: str
) -> None:
    client = boto3.client("lambda")

    failed = client.invoke(
        FunctionName=FUNCTIONS[folder].name, Payload=b'{"action": "sing"}'
    )

    assert (failed["StatusCode"], failed["FunctionError"]) == (
        200,
        "Unhandled",
    )


@pytest.mark.parametrize("folder", REQUESTS)
def test_an_answer_is_refused_when_it_is_too_large(
    cloud: LocalCloud, folder: str
) -> None:
    small = request_with(folder, {"padding": GROWING[:1]})
    large = request_with(folder, {"padding": GROWING})
    if "application" in small:
        cloud.put_execution(record_for(small))

    carried, refused, after = (
        invoke_compactly(folder, each) for each in (small, large, small)
    )

    assert carried["padding"] == GROWING[:1]
    assert refused["errorType"] == "Function.ResponseSizeTooLarge"
    assert after == carried


@pytest.mark.parametrize("folder", REQUESTS)
def test_each_is_answered_when_several_are_asked_for_at_once(
    cloud: LocalCloud, folder: str
) -> None:
    name = FUNCTIONS[folder].name
    asked = [{"action": f"sing {number}"} for number in range(4)]

    answers = invoke_at_once(
        [lambda each=each: cloud.invoke(name, each) for each in asked]
    )

    for each, answer in zip(asked, answers, strict=True):
        assert each["action"] in answer.json()["errorMessage"]


@pytest.mark.parametrize("folder", REQUESTS)
def test_two_invocations_are_under_way_at_once_when_both_are_asked_for(
    cloud: LocalCloud, packaged: LocalCloudSettings, folder: str
) -> None:
    name, calls = FUNCTIONS[folder].name, []
    meeting = threading.Barrier(2)

    def meet(call: AwsCall) -> None:
        # Once each: what follows need not come in pairs.
        if call.function == name and len(calls) < 2:
            calls.append(call.operation)
            try:
                # Under AWS's emulator the other has not begun.
                meeting.wait(60 if packaged.emulator is None else 0.2)
            except threading.BrokenBarrierError:
                pass

    cloud.on_call(before=meet)

    invoke_at_once([lambda: cloud.invoke(name, request_to(folder))] * 2)

    assert len(calls) == 2
    assert meeting.broken == (packaged.emulator is not None)


def invoke_compactly(folder: str, request: Any) -> Any:
    """Invoke a function with a payload that Lambda takes."""
    text = json.dumps(request).replace(str(GROWING[0]), "1e15")
    assert len(text) < MAX_REQUEST_BYTES
    answer = boto3.client("lambda").invoke(
        FunctionName=FUNCTIONS[folder].name, Payload=text.encode()
    )
    return json.load(answer["Payload"])


def invoke_at_once(
    invocations: list[Callable[[], Invocation]],
) -> list[Invocation]:
    with ThreadPoolExecutor(len(invocations)) as pool:
        return list(pool.map(lambda invoke: invoke(), invocations))
