"""Each real function keeps to Lambda's rules when it runs from its zip."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.cloud import project
from harness.cloud.calls import AwsCall
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.packages.building import Package
from tests.function_requests import REQUESTS, request_to

FUNCTIONS = {
    function.folder: function
    for function in project.deployment("refactored").functions
}


def settings(packages: Mapping[str, Package]) -> LocalCloudSettings:
    (folder,) = {package.path.parent for package in packages.values()}
    return LocalCloudSettings(packages=folder)


@pytest.fixture(scope="module")
def cloud(packages: Mapping[str, Package]) -> Iterator[LocalCloud]:
    with LocalCloud(settings(packages)) as entered:
        yield entered


@pytest.mark.parametrize("folder", REQUESTS)
def test_an_error_has_lambdas_shape_after_a_cold_start_and_again(
    cloud: LocalCloud, folder: str
) -> None:
    cloud.reset()
    name = FUNCTIONS[folder].name

    cold, warm = (cloud.invoke(name, {"action": "sing"}) for _ in range(2))

    for each in (cold, warm):
        document = each.json()
        assert each.function_error == "Unhandled"
        assert document["errorType"] == "UnknownActionError"
        assert "sing" in document["errorMessage"]
        assert isinstance(document["stackTrace"], list)


@pytest.mark.parametrize("folder", REQUESTS)
def test_two_invocations_are_under_way_at_once_when_both_are_asked_for(
    cloud: LocalCloud, folder: str
) -> None:
    cloud.reset()
    function = FUNCTIONS[folder]
    meeting = threading.Barrier(2, timeout=60)
    met: list[str] = []

    def meet(call: AwsCall) -> None:
        # Once each: what follows need not come in pairs.
        if call.function == function.name and len(met) < 2:
            met.append(call.operation)
            meeting.wait()

    cloud.on_call(before=meet)

    invoke_at_once(
        [lambda: cloud.invoke(function.name, request_to(folder))] * 2
    )

    assert len(met) == 2
    assert not meeting.broken


def invoke_at_once(
    invocations: list[Callable[[], Invocation]],
) -> list[Invocation]:
    with ThreadPoolExecutor(len(invocations)) as pool:
        return list(pool.map(lambda invoke: invoke(), invocations))
