"""What the emulator reads in moto's EC2 without asking its API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from moto.ec2.models import ec2_backends

from harness.drs.engine.compute import LaunchTemplateMissingError
from harness.drs.moto_adapter import ec2_records
from harness.drs.moto_adapter.patches import resource_tags

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

pytestmark = pytest.mark.in_process("reads records of moto")

PLACE = ("123456789012", "us-east-1")
DATA: Any = {
    "ImageId": "ami-77",
    "InstanceType": "t3.micro",
    "IamInstanceProfile": {"Name": "profile"},
    "NetworkInterfaces": [
        {
            "DeviceIndex": 0,
            "SubnetId": "subnet-0123456789abcdef0",
            "PrivateIpAddress": "10.0.0.9",
            "Groups": ["sg-1", "sg-2"],
        }
    ],
    "SecurityGroupIds": ["sg-3"],
    "TagSpecifications": [
        {
            "ResourceType": "instance",
            "Tags": [{"Key": "tier", "Value": "web"}],
        }
    ],
}


class TagsOfAll(dict[str, dict[str, str]]):
    """Tags that nobody may read through."""

    def copy(self) -> dict[str, dict[str, str]]:
        raise AssertionError("all tags of the account were read")


@pytest.fixture
def plain_moto(emulator: Emulator) -> Iterator[None]:
    """Take the correction away for the length of a test."""
    resource_tags.remove()
    yield
    resource_tags.apply()


def make_template(emulator: Emulator) -> str:
    template = emulator.ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData=DATA
    )["LaunchTemplate"]["LaunchTemplateId"]
    emulator.ec2.create_launch_template_version(
        LaunchTemplateId=template, LaunchTemplateData={"ImageId": "ami-78"}
    )
    return template


def launch(emulator: Emulator) -> str:
    tags: Any = [{"Key": "tier", "Value": "web"}, {"Key": "old", "Value": ""}]
    launched = emulator.ec2.run_instances(
        MinCount=1,
        MaxCount=1,
        ImageId="ami-77",
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )
    return launched["Instances"][0]["InstanceId"]


def show_tags(emulator: Emulator, instance_id: str) -> list[Any]:
    shown = emulator.ec2.describe_instances(InstanceIds=[instance_id])
    return list(shown["Reservations"][0]["Instances"][0]["Tags"])


@pytest.mark.parametrize("default", [1, 2])
def test_the_default_version_is_read_as_the_api_shows_it(
    emulator: Emulator, default: int
) -> None:
    template = make_template(emulator)
    emulator.ec2.modify_launch_template(
        LaunchTemplateId=template, DefaultVersion=str(default)
    )

    read = ec2_records.default_version(*PLACE, template)

    (shown,) = emulator.ec2.describe_launch_template_versions(
        LaunchTemplateId=template, Versions=["$Default"]
    )["LaunchTemplateVersions"]
    assert read == (shown["VersionNumber"], shown["LaunchTemplateData"])


def test_a_template_is_missing_when_someone_deleted_it(
    emulator: Emulator,
) -> None:
    template = make_template(emulator)
    emulator.ec2.delete_launch_template(LaunchTemplateId=template)

    with pytest.raises(LaunchTemplateMissingError):
        ec2_records.default_version(*PLACE, template)


def test_what_was_read_can_be_changed_without_harm(
    emulator: Emulator,
) -> None:
    template = make_template(emulator)
    ec2_records.default_version(*PLACE, template)[1].clear()

    assert ec2_records.default_version(*PLACE, template)[1] == DATA


def test_the_default_subnet_is_that_of_the_first_zone(
    emulator: Emulator,
) -> None:
    found, *_ = ec2_records.default_subnets(*PLACE)

    subnets = emulator.ec2.describe_subnets()["Subnets"]
    zones = {each["AvailabilityZone"]: each["SubnetId"] for each in subnets}
    assert found == zones["us-east-1a"]


def test_there_is_no_default_subnet_when_all_are_deleted(
    emulator: Emulator,
) -> None:
    for subnet in emulator.ec2.describe_subnets()["Subnets"]:
        emulator.ec2.delete_subnet(SubnetId=subnet["SubnetId"])

    assert ec2_records.default_subnets(*PLACE) == []


def test_states_are_those_the_api_shows(emulator: Emulator) -> None:
    running, stopped, ended = (launch(emulator) for _ in range(3))
    emulator.ec2.stop_instances(InstanceIds=[stopped])
    emulator.ec2.terminate_instances(InstanceIds=[ended])
    wanted = [running, stopped, ended, "i-0123456789abcdef0"]

    states = ec2_records.states(*PLACE, wanted)

    assert states == {
        instance_id: instance["State"]["Name"]
        for instance_id, instance in emulator.instances().items()
    }


def test_tags_are_found_without_reading_those_of_others(
    emulator: Emulator,
) -> None:
    instance = launch(emulator)
    backend = ec2_backends[PLACE[0]][PLACE[1]]
    backend.tags = TagsOfAll(backend.tags)

    assert len(show_tags(emulator, instance)) == 2


@pytest.mark.usefixtures("plain_moto")
def test_moto_still_needs_help_to_find_tags(emulator: Emulator) -> None:
    instance = launch(emulator)
    backend = ec2_backends[PLACE[0]][PLACE[1]]
    backend.tags = TagsOfAll(backend.tags)

    with pytest.raises(AssertionError, match="all tags"):
        show_tags(emulator, instance)


def test_tags_are_the_same_with_and_without_help(emulator: Emulator) -> None:
    instance = launch(emulator)
    helped = show_tags(emulator, instance)

    resource_tags.remove()
    try:
        assert show_tags(emulator, instance) == helped
    finally:
        resource_tags.apply()
