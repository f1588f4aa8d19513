"""Functions whose code begins, and whose time is up, run from their zips."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.cloud import project
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.packages import archives
from tests.function_requests import REQUESTS, request_to


def test_a_function_is_ended_when_its_time_is_up(
    packaged: LocalCloudSettings,
) -> None:
    never = threading.Event()

    with deployed(packaged, timeout=1) as cloud:
        cloud.on_call(before=lambda call: never.wait(60) and None)
        try:
            ended = invoke_all(cloud)
        finally:
            never.set()

    assert {each["errorType"] for each in ended} == {"Sandbox.Timedout"}
    assert "timed out after 1.00 seconds" in ended[0]["errorMessage"]


def test_code_begins_at_a_cold_start_only(
    packaged: LocalCloudSettings, tmp_path: Path
) -> None:
    assert packaged.packages is not None
    for package in packaged.packages.glob("*.zip"):
        add_line(package, tmp_path / package.name)

    with LocalCloud(replace(packaged, packages=tmp_path)) as cloud:
        for _ in range(2):
            invoke_all(cloud, lambda folder: {"action": "sing"})
        begun = [
            any(line.message == "begun" for line in each.logs)
            for each in cloud.invocations
        ]

    count = len(REQUESTS)
    assert begun == [True] * count + [False] * count


def add_line(package: Path, changed: Path) -> None:
    """Let a function's code log a line when it is imported."""
    with zipfile.ZipFile(package) as archive:
        contents = {each: archive.read(each) for each in archive.namelist()}
    contents["index.py"] += b"\nimport logging\n"
    contents["index.py"] += b'logging.getLogger().warning("begun")\n'
    archives.write(changed, contents)


@contextmanager
def deployed(
    settings: LocalCloudSettings, timeout: int
) -> Iterator[LocalCloud]:
    """Enter a cloud whose functions have another timeout."""
    ours = project.deployment("refactored")
    hasty = tuple(replace(each, timeout=timeout) for each in ours.functions)
    with LocalCloud(settings, replace(ours, functions=hasty)) as cloud:
        yield cloud


def invoke_all(
    cloud: LocalCloud, request_of: Callable[[str], Any] = request_to
) -> list[Any]:
    """Invoke all functions at once, and give their answers."""
    functions = cloud.deployment.functions
    names = {each.folder: each.name for each in functions}

    def invoke(folder: str) -> Any:
        return cloud.invoke(names[folder], request_of(folder)).json()

    with ThreadPoolExecutor(len(REQUESTS)) as pool:
        return list(pool.map(invoke, REQUESTS))
