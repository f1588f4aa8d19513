"""One local cloud per module, as new for each test."""

from collections.abc import Iterator

import pytest

from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from tests.recoveries import SHORT

ORCHESTRATIONS = ("reference", "refactored")


@pytest.fixture(scope="module")
def one_cloud() -> Iterator[LocalCloud]:
    """Enter a local cloud for all tests of a module."""
    with LocalCloud(LocalCloudSettings(profile=SHORT)) as cloud:
        yield cloud


@pytest.fixture(params=ORCHESTRATIONS)
def cloud(one_cloud: LocalCloud, request: pytest.FixtureRequest) -> LocalCloud:
    """Give a cloud as new, with each of the orchestrations."""
    one_cloud.reset(orchestration=request.param)
    return one_cloud
