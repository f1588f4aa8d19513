"""Launch configurations and the launch templates behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

UNKNOWN = "s-00000000000000000"


def template(emulator: Emulator, server: str) -> Any:
    template_id = emulator.drs.get_launch_configuration(sourceServerID=server)[
        "ec2LaunchTemplateID"
    ]
    return emulator.ec2.describe_launch_templates(
        LaunchTemplateIds=[template_id]
    )["LaunchTemplates"][0]


def default_data(emulator: Emulator, server: str) -> Any:
    return emulator.ec2.describe_launch_template_versions(
        LaunchTemplateId=template(emulator, server)["LaunchTemplateId"],
        Versions=["$Default"],
    )["LaunchTemplateVersions"][0]["LaunchTemplateData"]


def update(emulator: Emulator, server: str, **settings: Any) -> Any:
    return emulator.drs.update_launch_configuration(
        sourceServerID=server, **settings
    )


def test_a_new_server_has_a_template_of_its_own(emulator: Emulator) -> None:
    first, second = emulator.add("a", image_id="ami-77"), emulator.add("b")

    templates = [template(emulator, each) for each in (first, second)]

    assert templates[0]["LaunchTemplateId"] != templates[1]["LaunchTemplateId"]
    assert templates[0]["DefaultVersionNumber"] == 1
    assert templates[0]["Tags"] == [
        {
            "Key": "AWSElasticDisasterRecoveryManaged",
            "Value": "drs.amazonaws.com",
        },
        {"Key": "AWSElasticDisasterRecoverySourceServerID", "Value": first},
    ]
    data = default_data(emulator, first)
    assert (data["ImageId"], data["InstanceType"]) == ("ami-77", "t3.medium")


def test_a_new_server_has_the_default_launch_configuration(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")

    shown = emulator.drs.get_launch_configuration(sourceServerID=server)

    del shown["ResponseMetadata"]  # type: ignore[misc]
    assert shown == {
        "sourceServerID": server,
        "name": "web-1",
        "ec2LaunchTemplateID": shown["ec2LaunchTemplateID"],
        "launchDisposition": "STARTED",
        "targetInstanceTypeRightSizingMethod": "BASIC",
        "copyPrivateIp": False,
        "copyTags": False,
        "licensing": {"osByol": False},
        "postLaunchEnabled": False,
        "launchIntoInstanceProperties": {},
        "recoveryMode": "OPTIMAL",
    }


def test_a_new_server_has_the_chosen_defaults(emulator: Emulator) -> None:
    defaults = drs.LaunchConfiguration(right_sizing="NONE", copy_tags=True)
    emulator.choose(launch_configuration=defaults)

    server = emulator.add("web-1")

    shown = emulator.drs.get_launch_configuration(sourceServerID=server)
    assert shown["targetInstanceTypeRightSizingMethod"] == "NONE"
    assert (shown["copyTags"], shown["name"]) == (True, "web-1")


def test_members_that_are_not_given_stay_as_they_were(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    update(emulator, server, copyTags=True, licensing={"osByol": True})

    shown = update(emulator, server, launchDisposition="STOPPED")

    assert shown["copyTags"] is True
    assert shown["licensing"] == {"osByol": True}
    assert shown["launchDisposition"] == "STOPPED"
    assert shown["name"] == "web-1"


def test_a_change_makes_a_new_default_version_of_the_template(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    before = default_data(emulator, server)

    update(emulator, server, copyTags=True)

    after = template(emulator, server)
    assert after["DefaultVersionNumber"] == after["LatestVersionNumber"] == 2
    assert default_data(emulator, server) == before


@pytest.mark.parametrize(
    "settings",
    [
        {"copyTags": False, "targetInstanceTypeRightSizingMethod": "BASIC"},
        {"launchDisposition": "STOPPED"},
        {"name": "other"},
    ],
)
def test_the_template_is_left_when_nothing_in_it_changes(
    emulator: Emulator, settings: Any
) -> None:
    server = emulator.add("web-1")

    update(emulator, server, **settings)

    assert template(emulator, server)["LatestVersionNumber"] == 1


def test_the_source_address_goes_into_the_template_and_out_again(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1", private_ip="172.31.0.50")
    subnet = emulator.ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    template_id = template(emulator, server)["LaunchTemplateId"]
    emulator.ec2.create_launch_template_version(
        LaunchTemplateId=template_id,
        SourceVersion="1",
        LaunchTemplateData={
            "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": subnet}]
        },
    )
    emulator.ec2.modify_launch_template(
        LaunchTemplateId=template_id, DefaultVersion="2"
    )

    update(emulator, server, copyPrivateIp=True)
    with_address = default_data(emulator, server)["NetworkInterfaces"]
    update(emulator, server, copyPrivateIp=False)
    without_address = default_data(emulator, server)["NetworkInterfaces"]

    plain = {"DeviceIndex": 0, "SubnetId": subnet}
    assert with_address == [plain | {"PrivateIpAddress": "172.31.0.50"}]
    assert without_address == [plain]


def test_a_template_is_made_anew_when_someone_deleted_it(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    old = template(emulator, server)["LaunchTemplateId"]
    emulator.ec2.delete_launch_template(LaunchTemplateId=old)

    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}
    assert template(emulator, server)["LaunchTemplateId"] != old


@pytest.mark.parametrize(
    "operation", ["get_launch_configuration", "update_launch_configuration"]
)
def test_the_configuration_of_an_unknown_server_is_not_found(
    emulator: Emulator, operation: str
) -> None:
    emulator.initialize()

    with pytest.raises(ClientError) as error:
        getattr(emulator.drs, operation)(sourceServerID=UNKNOWN)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "ResourceNotFoundException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert answer["resourceId"] == UNKNOWN


def test_launching_into_an_instance_is_refused_as_not_simulated(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")

    with pytest.raises(ClientError, match="NotImplemented"):
        update(
            emulator,
            server,
            launchIntoInstanceProperties={
                "launchIntoEC2InstanceID": "i-00000000"
            },
        )
