"""A scenario's world holds what its launch configurations and tags name."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.moto_api._internal import mock_random

from harness import drs
from harness.cloud import account_clients, compute_views
from harness.cloud.functions import HUB_ACCOUNT
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.equivalence.names import REGIONS, TARGET, group_id, server_id
from harness.equivalence.scenarios import Account, Group, Server, Setup
from harness.equivalence.stage import LAUNCH_CONFIGS, ScenarioStage

NETWORKED = tuple(
    index
    for index, settings in enumerate(LAUNCH_CONFIGS)
    if {"subnetId", "securityGroupIds"} & settings.keys()
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(LocalCloudSettings(limit=60)) as local_cloud:
        yield local_cloud


def stored(
    cloud: LocalCloud, group: Group, account: Account = "hub"
) -> dict[str, Any]:
    """Set a world with one group up, and read the group."""
    cloud.reset()
    ScenarioStage(cloud, Setup(groups=(group,), account=account))
    key = {"groupId": group_id(0)}
    item = cloud.tables.get("ProtectionGroupsTable", key)
    assert item is not None
    return dict(item)


@pytest.mark.parametrize("config", NETWORKED)
@pytest.mark.parametrize("region", REGIONS)
def test_subnets_and_security_groups_are_there_when_a_group_names_them(
    cloud: LocalCloud, region: str, config: int
) -> None:
    group = Group(region=region, launch_config=config)
    settings = stored(cloud, group, "target")["launchConfig"]

    ec2 = account_clients.ec2(TARGET, region)
    if "subnetId" in settings:
        ec2.describe_subnets(SubnetIds=[settings["subnetId"]])
    if "securityGroupIds" in settings:
        ec2.describe_security_groups(GroupIds=settings["securityGroupIds"])


@pytest.mark.parametrize("config", NETWORKED)
def test_ids_are_the_same_whatever_was_drawn_before(
    cloud: LocalCloud, config: int
) -> None:
    items = []
    for draws in (0, 3):
        cloud.reset()
        stage = ScenarioStage(cloud, Setup())
        for _ in range(draws):
            mock_random.random()
        # As whoever observes a step does.
        for region in REGIONS:
            compute_views.instances(HUB_ACCOUNT, region)
        stage.put_group(0, Group(launch_config=config))
        items.append(cloud.tables.items("ProtectionGroupsTable"))

    assert items[0] == items[1]


def test_instance_profile_is_there_when_a_group_names_it(
    cloud: LocalCloud,
) -> None:
    config = next(
        index
        for index, settings in enumerate(LAUNCH_CONFIGS)
        if "instanceProfileName" in settings
    )
    settings = stored(cloud, Group(launch_config=config))["launchConfig"]

    account_clients.iam(HUB_ACCOUNT).get_instance_profile(
        InstanceProfileName=settings["instanceProfileName"]
    )


def test_every_setting_of_a_launch_configuration_can_be_drawn() -> None:
    assert {name for each in LAUNCH_CONFIGS for name in each} == {
        "copyPrivateIp",
        "copyTags",
        "licensing",
        "targetInstanceTypeRightSizingMethod",
        "launchDisposition",
        "instanceType",
        "subnetId",
        "securityGroupIds",
        "staticPrivateIp",
        "instanceProfileName",
    }


@pytest.mark.parametrize(
    ("group", "tags"),
    [
        (Group(tier=1), {"tier ": " Tier-1"}),
        (Group(tier=1, site=0), {"tier ": " Tier-1", " SITE": "Site-0 "}),
        (Group(tier=None, site=0, servers=(0,)), {}),
    ],
)
def test_group_selects_by_two_tags_when_it_names_a_site(
    cloud: LocalCloud, group: Group, tags: dict[str, str]
) -> None:
    assert stored(cloud, group)["serverSelectionTags"] == tags


@pytest.mark.parametrize(
    ("account", "holder"), [("hub by id", HUB_ACCOUNT), ("target", TARGET)]
)
def test_server_has_two_tags_in_the_account_that_is_asked_for(
    cloud: LocalCloud, account: Account, holder: str
) -> None:
    cloud.reset()
    ScenarioStage(
        cloud, Setup(servers=(Server(tier=2, site=1),), account=account)
    )

    server = drs.region(holder, REGIONS[0]).source_servers[server_id(0)]
    assert server.tags["Tier"] == "tier-2"
    assert server.tags["Site"] == "site-1"
