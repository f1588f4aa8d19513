"""What DRS knows of servers and instances is seen after each step."""

from collections.abc import Iterator
from typing import Any

import pytest

from harness import drs
from harness.cloud import account_clients
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.equivalence.scenarios import Group, Server, Setup, Wave
from harness.equivalence.stage import PACES, ScenarioStage
from harness.equivalence.step_watching import CONFIDENTIAL, StepWatcher

REGION = "us-east-1"
SETUP = Setup(
    waves=(Wave(),), groups=(Group(),), servers=(Server(),), account="target"
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(LocalCloudSettings()) as local_cloud:
        yield local_cloud


@pytest.fixture
def stage(cloud: LocalCloud) -> ScenarioStage:
    cloud.reset(seed=1)
    drs.reset(1, PACES["quick"])
    return ScenarioStage(cloud, SETUP)


@pytest.fixture
def watcher(cloud: LocalCloud, stage: ScenarioStage) -> StepWatcher:
    return StepWatcher(cloud, stage)


@pytest.fixture
def server_id(stage: ScenarioStage) -> str:
    [only] = stage.regions()[0].source_servers
    return only


def computed(watcher: StepWatcher) -> dict[str, Any]:
    seen: dict[str, Any] = watcher.observe([])["compute"][REGION]
    return seen


def test_a_launch_configuration_is_seen_when_it_has_changed(
    stage: ScenarioStage, watcher: StepWatcher, server_id: str
) -> None:
    before = computed(watcher)["launch configurations"]
    client: Any = account_clients.client("drs", stage.account, REGION)

    client.update_launch_configuration(
        sourceServerID=server_id, launchDisposition="STOPPED"
    )

    after = computed(watcher)["launch configurations"]
    assert list(before) == list(after) == [server_id]
    assert "STOPPED" not in str(before) and "STOPPED" in str(after)


def test_a_recovery_instance_is_seen_when_drs_has_launched_it(
    cloud: LocalCloud,
    stage: ScenarioStage,
    watcher: StepWatcher,
    server_id: str,
) -> None:
    client: Any = account_clients.client("drs", stage.account, REGION)
    client.start_recovery(sourceServers=[{"sourceServerID": server_id}])
    assert computed(watcher)["recovery instances"] == {}

    cloud.clock.sleep(600)

    seen = computed(watcher)
    [(instance_id, instance)] = seen["recovery instances"].items()
    assert instance["server"] == server_id
    assert instance_id in seen["instances"]


def test_secrets_are_known_when_an_event_held_them(
    cloud: LocalCloud, stage: ScenarioStage, watcher: StepWatcher
) -> None:
    event = stage.begin_event()
    folder = "dr-orchestration-stepfunction"
    [name] = [f.name for f in cloud.deployment.functions if f.folder == folder]

    cloud.invoke(name, event)

    secret = event["accountContext"]["externalId"]
    assert secret in watcher.observe([])[CONFIDENTIAL]
