"""One local cloud per module, as new for each test."""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.packaged import emulator_binary
from harness.packages import sources
from harness.packages.building import Package, build
from harness.packages.command import ROOT
from tests.permissions import recording
from tests.recoveries import SHORT
from tests.state_machine.second_opinion import SecondOpinion

ORCHESTRATIONS = ("reference", "refactored")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let the programs that a test starts be interrupted.

    What a shell runs in the background ignores SIGINT, and so does all that
    it starts.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def packages(
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Package]:
    """Build the zips of all Lambdas for this machine, once."""
    output = tmp_path_factory.mktemp("packages")
    found = sources.find(ROOT)
    return {each.name: each for each in build(found, None, output)}


@pytest.fixture(scope="session")
def emulator() -> Path:
    """Give AWS's Runtime Interface Emulator, downloaded once."""
    return emulator_binary.obtain()


@pytest.fixture(scope="module", params=("packaged", "rie"))
def packaged(
    packages: Mapping[str, Package], request: pytest.FixtureRequest
) -> LocalCloudSettings:
    """Give settings for the zips, under each of the runtimes."""
    (folder,) = {package.path.parent for package in packages.values()}
    made = LocalCloudSettings(packages=folder)
    if request.param == "rie":
        emulator = request.getfixturevalue("emulator")
        return replace(made, emulator=emulator)
    return made


@pytest.fixture(scope="session")
def second_opinion() -> Iterator[SecondOpinion]:
    """Start another interpreter of the state machine, once."""
    with SecondOpinion() as opinion:
        yield opinion


@pytest.fixture(scope="module")
def one_cloud() -> Iterator[LocalCloud]:
    """Enter a local cloud for all tests of a module."""
    with LocalCloud(LocalCloudSettings(profile=SHORT)) as cloud:
        yield cloud


@pytest.fixture(params=ORCHESTRATIONS)
def cloud(
    one_cloud: LocalCloud,
    second_opinion: SecondOpinion,
    request: pytest.FixtureRequest,
) -> Iterator[LocalCloud]:
    """Give a cloud as new, with each of the orchestrations.

    Whatever a test lets functions ask of AWS, their roles must allow; and
    whatever path an execution takes, another interpreter takes it too.
    """
    one_cloud.reset(orchestration=request.param)
    yield one_cloud
    assert recording.refused(one_cloud) == []
    second_opinion.check(one_cloud)
