"""What moto's EC2 must do differently around launch templates.

A test called `..._still_needs_help_...` fails as soon as moto does the
right thing by itself: then its correction can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness.drs.moto_adapter.patches import (
    default_versions,
    template_interfaces,
)

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.fixture
def plain_moto(emulator: Emulator) -> Iterator[None]:
    """Take the corrections away for the length of a test."""
    default_versions.remove()
    template_interfaces.remove()
    yield
    default_versions.apply()
    template_interfaces.apply()


@pytest.fixture
def template(emulator: Emulator) -> str:
    """Make a template of two versions, the first being the default."""
    answer = emulator.ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": "ami-77"}
    )
    template_id = answer["LaunchTemplate"]["LaunchTemplateId"]
    emulator.ec2.create_launch_template_version(
        LaunchTemplateId=template_id,
        LaunchTemplateData={"ImageId": "ami-78"},
    )
    return template_id


@pytest.fixture
def place(emulator: Emulator) -> dict[str, str]:
    """Make a subnet that is nobody's default, and a security group."""
    ec2 = emulator.ec2
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]
    group = ec2.create_security_group(
        GroupName="web", Description="web", VpcId=vpc
    )
    return {"SubnetId": subnet["SubnetId"], "GroupId": group["GroupId"]}


def make_default(emulator: Emulator, version: str, **template: str) -> int:
    answer = emulator.ec2.modify_launch_template(
        DefaultVersion=version, **template  # type: ignore[arg-type]
    )
    return answer["LaunchTemplate"]["DefaultVersionNumber"]


def launch(
    emulator: Emulator, place: dict[str, str], **request: Any
) -> dict[str, Any]:
    interface = {
        "DeviceIndex": 0,
        "SubnetId": place["SubnetId"],
        "PrivateIpAddress": "10.9.1.20",
        "Groups": [place["GroupId"]],
    }
    emulator.ec2.create_launch_template(
        LaunchTemplateName="placed",
        LaunchTemplateData={
            "ImageId": "ami-77",
            "NetworkInterfaces": [interface],  # type: ignore[list-item]
        },
    )
    answer = emulator.ec2.run_instances(
        MinCount=1,
        MaxCount=1,
        LaunchTemplate={"LaunchTemplateName": "placed"},
        **request,
    )
    return dict(answer["Instances"][0])


def test_the_latest_version_becomes_the_default_when_asked_for(
    emulator: Emulator, template: str
) -> None:
    number = make_default(emulator, "$Latest", LaunchTemplateId=template)

    assert number == 2


def test_the_default_version_stays_when_it_is_asked_for(
    emulator: Emulator, template: str
) -> None:
    number = make_default(emulator, "$Default", LaunchTemplateName="web")

    assert number == 1


def test_a_version_is_refused_when_it_does_not_exist(
    emulator: Emulator, template: str
) -> None:
    with pytest.raises(ClientError, match="VersionNotFound"):
        make_default(emulator, "3", LaunchTemplateId=template)


@pytest.mark.usefixtures("plain_moto")
@pytest.mark.in_process("takes corrections of moto away")
def test_moto_still_needs_help_to_read_the_latest_version(
    emulator: Emulator, template: str
) -> None:
    with pytest.raises(ClientError, match="VersionNotFound"):
        make_default(emulator, "$Latest", LaunchTemplateId=template)


def test_an_instance_stands_where_its_template_says(
    emulator: Emulator, place: dict[str, str]
) -> None:
    instance = launch(emulator, place)

    assert instance["SubnetId"] == place["SubnetId"]
    assert instance["PrivateIpAddress"] == "10.9.1.20"
    (interface,) = instance["NetworkInterfaces"]
    groups = [group["GroupId"] for group in interface["Groups"]]
    assert groups == [place["GroupId"]]


def test_a_template_stays_as_it_is_when_an_instance_is_launched(
    emulator: Emulator, place: dict[str, str]
) -> None:
    launch(emulator, place)

    version = emulator.ec2.describe_launch_template_versions(
        LaunchTemplateName="placed"
    )["LaunchTemplateVersions"][0]

    (interface,) = version["LaunchTemplateData"]["NetworkInterfaces"]
    assert interface["PrivateIpAddress"] == "10.9.1.20"
    assert "Description" not in interface


def test_the_request_wins_when_it_has_interfaces_of_its_own(
    emulator: Emulator, place: dict[str, str]
) -> None:
    own = {
        "DeviceIndex": 0,
        "SubnetId": place["SubnetId"],
        "PrivateIpAddress": "10.9.1.30",
    }

    instance = launch(emulator, place, NetworkInterfaces=[own])

    assert instance["PrivateIpAddress"] == "10.9.1.30"


@pytest.mark.usefixtures("plain_moto")
@pytest.mark.in_process("takes corrections of moto away")
def test_moto_still_needs_help_to_take_a_templates_interfaces(
    emulator: Emulator, place: dict[str, str]
) -> None:
    instance = launch(emulator, place)

    assert instance.get("SubnetId") != place["SubnetId"]
