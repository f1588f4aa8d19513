"""Set a scenario's world up in a local cloud, and change it later."""

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from harness import drs
from harness.cloud.functions import HUB_ACCOUNT
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import Operator
from harness.equivalence.scenarios import Group, Server, Setup, Wave

TARGET = "210987654321"
EXECUTION_ID = "0d9f2b1c-7b1e-4a53-9d0e-6a5f4c3b2a19"
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
PLAN_NAME = "Scenario"
REGIONS = ("us-east-1", "eu-west-1")
_ACCOUNT_CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    "hub": {},
    "target": {
        "accountId": TARGET,
        "assumeRoleName": "DRSOrchestrationRole",
        "externalId": "drs-orchestration-cross-account",
        "isCurrentAccount": False,
    },
}
LAUNCH_CONFIGS: tuple[Mapping[str, Any], ...] = (
    {"instanceType": "m5.large", "copyTags": True},
    {"targetInstanceTypeRightSizingMethod": "NONE", "copyPrivateIp": True},
    {"launchDisposition": "STOPPED", "licensing": {"osByol": True}},
    {"instanceType": "r5.xlarge", "launchDisposition": "STARTED"},
)
# Quick: two polls a wave. Even: the phases of all servers coincide. Slow:
# four polls and more, servers end at different times.
PACES: Mapping[str, drs.Profile] = {
    name: drs.Profile(
        name=name,
        job_start=drs.Span(0.3, 0.3),
        snapshot=drs.Span(1, 1),
        wait=drs.Span(wait, wait),
        conversion=drs.Span(conversion, conversion),
        launch=drs.Span(launch, launch),
        launch_variation=drs.Span(0, variation),
        job_end=drs.Span(2, 2),
    )
    for name, wait, conversion, launch, variation in (
        ("quick", 4, 16, 20, 15),
        ("even", 2, 8, 10, 0),
        ("slow", 4, 35, 40, 60),
    )
}


class Stage(Protocol):
    """A world that is set up, as events meet it.

    Attributes:
        account: Whose servers are recovered.
    """

    account: str

    @property
    def operator(self) -> Operator:
        """The person who watches over the execution."""

    def begin_event(self) -> dict[str, Any]:
        """Make the state machine's first event."""

    def regions(self) -> list[drs.Region]:
        """List where servers may be."""


class ScenarioStage:
    """The world of one scenario, which the scenario's steps may change.

    Attributes:
        account: Whose servers are recovered.
    """

    def __init__(self, cloud: LocalCloud, setup: Setup) -> None:
        """Set everything up that the first step needs to find."""
        self._cloud = cloud
        self._setup = setup
        self._servers = 0
        self.account = HUB_ACCOUNT if setup.account == "hub" else TARGET
        for region in REGIONS:
            drs.region(self.account, region).initialize()
        for server in setup.servers:
            self.add_server(server)
        for index, group in enumerate(setup.groups):
            self.put_group(index, group)
        self.operator.create(PLAN_NAME, setup.is_drill, len(setup.waves))

    @property
    def operator(self) -> Operator:
        """The person who watches over the execution."""
        return self._cloud.operator(EXECUTION_ID, PLAN_ID)

    def add_server(self, server: Server) -> None:
        """Let one more source server appear."""
        region = drs.region(self.account, server.region)
        region.add_source_server(
            drs.SourceServerSeed(
                hostname=f"host-{self._servers}",
                server_id=server_id(self._servers),
                tags={"Tier": f"tier-{server.tier}", "Owner": "operations"},
                fail_at=server.fails,  # type: ignore[arg-type]
            )
        )
        self._servers += 1

    def fail_server(self, index: int, phase: str | None) -> None:
        """Make the launches of a server fail from now on, or succeed."""
        for region in self._holders(index):
            region.fail_at(server_id(index), phase)  # type: ignore[arg-type]

    def untag_server(self, index: int) -> None:
        """Let a server lose its tags."""
        for region in self._holders(index):
            region.source_servers[server_id(index)].tags.clear()

    def remove_server(self, index: int) -> None:
        """Let a server disappear; DRS keeps one that a job holds."""
        for region in self._holders(index):
            if server_id(index) not in region.locks:
                del region.source_servers[server_id(index)]

    def put_group(self, index: int, group: Group) -> None:
        """Store a protection group, as new or instead of the old one."""
        self._cloud.put_protection_group(_group_item(index, group))

    def delete_group(self, index: int) -> None:
        """Delete a protection group."""
        key = {"groupId": group_id(index)}
        self._cloud.tables.delete("ProtectionGroupsTable", key)

    def begin_event(self) -> dict[str, Any]:
        """Make the state machine's first event."""
        setup = self._setup
        return {
            "action": "begin",
            "execution": EXECUTION_ID,
            "plan": {
                "planId": PLAN_ID,
                "planName": PLAN_NAME,
                "waves": [
                    _wave(n, wave) for n, wave in enumerate(setup.waves)
                ],
            },
            "isDrill": setup.is_drill,
            "accountContext": dict(_ACCOUNT_CONTEXTS[setup.account]),
        }

    def regions(self) -> list[drs.Region]:
        """List where servers may be."""
        return [drs.region(self.account, region) for region in REGIONS]

    def _holders(self, index: int) -> list[drs.Region]:
        wanted = server_id(index)
        return [r for r in self.regions() if wanted in r.source_servers]


def server_id(index: int) -> str:
    """Name a source server."""
    return f"s-{index:017d}"


def group_id(index: int) -> str:
    """Name a protection group."""
    return str(uuid.UUID(int=index + 1, version=4))


def _group_item(index: int, group: Group) -> dict[str, Any]:
    ids = [server_id(server) for server in group.servers]
    by_tags = group.tier is not None
    item: dict[str, Any] = {
        "groupId": group_id(index),
        "groupName": f"group-{index}",
        # Spaces and case differ from the servers' own on purpose.
        "serverSelectionTags": (
            {"tier ": f" Tier-{group.tier}"} if by_tags else {}
        ),
        "sourceServerIds": [] if by_tags else ids,
    }
    if group.region is not None:
        item["region"] = group.region
    if group.launch_config is not None:
        item["launchConfig"] = dict(_pool(group.launch_config))
    if group.own_config is not None and ids:
        item["servers"] = [_own(ids[0], group.own_config)]
    return item


def _own(server: str, config: int) -> dict[str, Any]:
    return {
        "sourceServerId": server,
        "useGroupDefaults": config % 2 == 0,
        "launchTemplate": dict(_pool(config)),
    }


def _pool(index: int) -> Mapping[str, Any]:
    return LAUNCH_CONFIGS[index % len(LAUNCH_CONFIGS)]


def _wave(number: int, wave: Wave) -> dict[str, Any]:
    document: dict[str, Any] = {
        "waveNumber": number,
        "pauseBeforeWave": wave.pause,
    }
    if wave.named:
        document["waveName"] = f"Tier {number}"
    if wave.group is not None:
        document["protectionGroupId"] = group_id(wave.group)
    if wave.servers:
        document["serverIds"] = [server_id(each) for each in wave.servers]
    return document
