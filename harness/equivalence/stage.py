"""Set a scenario's world up in a local cloud, and change it later."""

from collections.abc import Mapping
from typing import Any, Protocol

from harness import drs
from harness.cloud.functions import HUB_ACCOUNT
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import Operator
from harness.equivalence import begin_events
from harness.equivalence.names import (
    EXECUTION_ID,
    PLAN_ID,
    PLAN_NAME,
    REGIONS,
    TARGET,
    group_id,
    server_id,
)
from harness.equivalence.scenarios import Group, Phase, Server, Setup
from harness.equivalence.stage_network import INSTANCE_PROFILE, StageNetwork

# Subnets and security groups by the names of `stage_network`. What an index
# means must not change: scenario files hold it.
LAUNCH_CONFIGS: tuple[Mapping[str, Any], ...] = (
    {"instanceType": "m5.large", "copyTags": True},
    {"targetInstanceTypeRightSizingMethod": "NONE", "copyPrivateIp": True},
    {"launchDisposition": "STOPPED", "licensing": {"osByol": True}},
    {"instanceType": "r5.xlarge", "launchDisposition": "STARTED"},
    {"subnetId": "first subnet", "securityGroupIds": ["web"]},
    {
        "securityGroupIds": ["web", "database"],
        "instanceProfileName": INSTANCE_PROFILE,
    },
    {"subnetId": "second subnet", "staticPrivateIp": "172.31.16.77"},
    {"instanceProfileName": INSTANCE_PROFILE, "copyTags": False},
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
        is_abroad = begin_events.is_abroad(setup)
        self.account = TARGET if is_abroad else HUB_ACCOUNT
        self._network = StageNetwork(self.account)
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
                tags={
                    "Tier": f"tier-{server.tier}",
                    "Site": f"site-{server.site}",
                    "Owner": "operations",
                },
                fail_at=server.fails,
            )
        )
        self._servers += 1

    def fail_server(self, index: int, phase: Phase) -> None:
        """Make the launches of a server fail from now on, or succeed."""
        for region in self._holders(index):
            region.fail_at(server_id(index), phase)

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
        item = _group_item(index, group, self._network)
        self._cloud.put_protection_group(item)

    def delete_group(self, index: int) -> None:
        """Delete a protection group."""
        key = {"groupId": group_id(index)}
        self._cloud.tables.delete("ProtectionGroupsTable", key)

    def begin_event(self) -> dict[str, Any]:
        """Make the state machine's first event."""
        return begin_events.begin_event(self._setup)

    def regions(self) -> list[drs.Region]:
        """List where servers may be."""
        return [drs.region(self.account, region) for region in REGIONS]

    def _holders(self, index: int) -> list[drs.Region]:
        wanted = server_id(index)
        return [r for r in self.regions() if wanted in r.source_servers]


def _group_item(
    index: int, group: Group, network: StageNetwork
) -> dict[str, Any]:
    ids = [server_id(server) for server in group.servers]
    item: dict[str, Any] = {
        "groupId": group_id(index),
        "groupName": f"group-{index}",
        "serverSelectionTags": _tags(group),
        "sourceServerIds": ids if group.tier is None else [],
    }
    if group.region is not None:
        item["region"] = group.region
    region = group.region or REGIONS[0]
    if group.launch_config is not None:
        settings = network.resolved(_pool(group.launch_config), region)
        item["launchConfig"] = settings
    if group.own_config is not None and ids:
        settings = network.resolved(_pool(group.own_config), region)
        item["servers"] = [_own(ids[0], group.own_config, settings)]
    return item


def _tags(group: Group) -> dict[str, str]:
    """Select servers; spaces and case differ from theirs on purpose."""
    if group.tier is None:
        return {}
    tags = {"tier ": f" Tier-{group.tier}"}
    if group.site is not None:
        tags[" SITE"] = f"Site-{group.site} "
    return tags


def _own(
    server: str, config: int, settings: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "sourceServerId": server,
        "useGroupDefaults": config % 2 == 0,
        "launchTemplate": settings,
    }


def _pool(index: int) -> Mapping[str, Any]:
    return LAUNCH_CONFIGS[index % len(LAUNCH_CONFIGS)]
