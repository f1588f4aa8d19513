"""Functions whose time is up, run from their zips."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

from harness.cloud import project
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.packages.building import Package
from tests.function_requests import REQUESTS, request_to


def test_a_function_is_ended_when_its_time_is_up(
    packages: Mapping[str, Package],
) -> None:
    deployed = project.deployment("refactored")
    hasty = [replace(each, timeout=1) for each in deployed.functions]
    (folder,) = {package.path.parent for package in packages.values()}
    never = threading.Event()

    with ExitStack() as stack:
        cloud = LocalCloud(
            LocalCloudSettings(packages=folder),
            replace(deployed, functions=tuple(hasty)),
        )
        stack.enter_context(cloud)
        cloud.on_call(before=lambda call: never.wait(60) and None)
        stack.callback(never.set)

        def invoke(folder: str) -> Invocation:
            (name,) = [each.name for each in hasty if each.folder == folder]
            return cloud.invoke(name, request_to(folder))

        with ThreadPoolExecutor(len(REQUESTS)) as pool:
            ended = [each.json() for each in pool.map(invoke, REQUESTS)]

    assert {each["errorType"] for each in ended} == {"Sandbox.Timedout"}
    assert "timed out after 1.00 seconds" in ended[0]["errorMessage"]
