"""What is written to DRS and EC2 before a launch, in both orchestrations."""

from typing import TYPE_CHECKING, Any

import pytest

from tests import builders
from tests.unit.outside_world import refuse, replace_body

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

WRITES = {
    "drs.UpdateLaunchConfiguration",
    "ec2.CreateLaunchTemplateVersion",
    "ec2.ModifyLaunchTemplate",
}


def configure(
    lambdas: "Lambdas", server_ids: list[str], settings: dict[str, Any]
) -> None:
    lambdas.configure(builders.group(launchConfig=settings), server_ids)


def writes(world: "OutsideWorld") -> list[str]:
    return [call.operation for call in world.calls if call.operation in WRITES]


def template(world: "OutsideWorld", server_id: str) -> dict[str, Any]:
    """Return the default version of a server's launch template."""
    current = world.drs.get_launch_configuration(sourceServerID=server_id)
    (version,) = world.ec2.describe_launch_template_versions(
        LaunchTemplateId=current["ec2LaunchTemplateID"], Versions=["$Default"]
    )["LaunchTemplateVersions"]
    found: dict[str, Any] = version
    return found


def test_drs_is_told_only_the_fields_that_are_set(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    settings = {
        "copyPrivateIp": True,
        "copyTags": True,
        "licensing": {"osByol": True},
        "targetInstanceTypeRightSizingMethod": "NONE",
        "launchDisposition": "STOPPED",
    }

    configure(lambdas, [server_id], settings)

    assert world.asked("drs.UpdateLaunchConfiguration") == [
        {"sourceServerID": server_id, **settings}
    ]
    assert writes(world) == ["drs.UpdateLaunchConfiguration"]


def test_new_version_is_made_the_default_when_the_template_changes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server(instance_type="t3.medium")
    before = template(world, server_id)
    settings = {
        "instanceType": "m5.large",
        "subnetId": "subnet-1",
        "securityGroupIds": ["sg-1", "sg-2"],
        "staticPrivateIp": "10.0.0.7",
        "instanceProfileName": "web",
    }

    configure(lambdas, [server_id], settings)

    after = template(world, server_id)
    assert after["VersionNumber"] == before["VersionNumber"] + 1
    assert after["LaunchTemplateData"] == before["LaunchTemplateData"] | {
        "InstanceType": "m5.large",
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "SubnetId": "subnet-1",
                "Groups": ["sg-1", "sg-2"],
                "PrivateIpAddress": "10.0.0.7",
            }
        ],
        "IamInstanceProfile": {"Name": "web"},
    }
    (created,) = world.asked("ec2.CreateLaunchTemplateVersion")
    assert created["SourceVersion"] == str(before["VersionNumber"])
    assert "ImageId" not in created["LaunchTemplateData"]


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ({"instanceType": "m5.large"}, {"InstanceType": "m5.large"}),
        (
            {"subnetId": "subnet-1"},
            {
                "NetworkInterfaces": [
                    {"DeviceIndex": 0, "SubnetId": "subnet-1"}
                ]
            },
        ),
        (
            {"securityGroupIds": ["sg-1"]},
            {"NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-1"]}]},
        ),
        (
            {"staticPrivateIp": "10.0.0.7"},
            {
                "NetworkInterfaces": [
                    {"DeviceIndex": 0, "PrivateIpAddress": "10.0.0.7"}
                ]
            },
        ),
        (
            {"instanceProfileName": "web"},
            {"IamInstanceProfile": {"Name": "web"}},
        ),
    ],
)
def test_template_changes_when_only_one_of_its_settings_is_given(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    settings: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    server_id = world.add_server()

    configure(lambdas, [server_id], settings)

    (created,) = world.asked("ec2.CreateLaunchTemplateVersion")
    assert created["LaunchTemplateData"] == changes


def test_version_is_based_on_the_default_when_a_newer_one_exists(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server(instance_type="t3.medium")
    default = template(world, server_id)
    world.ec2.create_launch_template_version(
        LaunchTemplateId=default["LaunchTemplateId"],
        LaunchTemplateData={"ImageId": "ami-99999999", "KeyName": "stray"},
    )

    configure(lambdas, [server_id], {"instanceType": "m5.large"})

    after = template(world, server_id)
    assert after["VersionNumber"] == 3
    assert after["LaunchTemplateData"] == default["LaunchTemplateData"] | {
        "InstanceType": "m5.large"
    }


def test_template_of_each_server_is_its_own_when_another_is_as_wanted(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    settings = {"instanceType": "m5.large"}
    configure(lambdas, servers[:1], settings)

    configure(lambdas, servers, settings)

    assert [
        template(world, each)["LaunchTemplateData"]["InstanceType"]
        for each in servers
    ] == ["m5.large", "m5.large"]


def test_interface_keeps_what_is_not_set_and_the_others_stay(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    current = template(world, server_id)
    interfaces = [
        {"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1"]},
        {"DeviceIndex": 1, "SubnetId": "subnet-2"},
    ]
    made = world.ec2.create_launch_template_version(
        LaunchTemplateId=current["LaunchTemplateId"],
        SourceVersion=str(current["VersionNumber"]),
        LaunchTemplateData={"NetworkInterfaces": interfaces},
    )["LaunchTemplateVersion"]
    world.ec2.modify_launch_template(
        LaunchTemplateId=current["LaunchTemplateId"],
        DefaultVersion=str(made["VersionNumber"]),
    )

    configure(lambdas, [server_id], {"securityGroupIds": ["sg-9"]})

    data = template(world, server_id)["LaunchTemplateData"]
    assert data["NetworkInterfaces"] == [
        {"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-9"]},
        {"DeviceIndex": 1, "SubnetId": "subnet-2"},
    ]


def test_nothing_is_written_when_all_is_as_wanted(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    settings = {
        "copyTags": True,
        "licensing": {"osByol": False},
        "instanceType": "m5.large",
        "subnetId": "subnet-1",
        "instanceProfileName": "web",
    }
    configure(lambdas, [server_id], settings)
    world.calls.clear()

    configure(lambdas, [server_id], settings)

    assert writes(world) == []


@pytest.mark.parametrize(
    "settings", [{}, {"instanceType": ""}, {"securityGroupIds": []}]
)
def test_template_is_not_read_when_nothing_is_set_for_it(
    world: "OutsideWorld", lambdas: "Lambdas", settings: dict[str, Any]
) -> None:
    server_id = world.add_server()

    configure(lambdas, [server_id], settings)

    operations = {call.operation for call in world.calls}
    assert operations == {"drs.GetLaunchConfiguration"}


def test_server_is_skipped_when_it_has_no_launch_template(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.disturb("drs.GetLaunchConfiguration", replace_body({}))

    configure(lambdas, [server_id], {"copyTags": True, "subnetId": "s"})

    assert writes(world) == []


@pytest.mark.parametrize(
    "operation",
    ["drs.GetLaunchConfiguration", "drs.UpdateLaunchConfiguration"],
)
def test_others_are_configured_when_one_server_is_refused(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
    operation: str,
) -> None:
    servers = [world.add_server("a"), world.add_server("b")]
    denied = refuse("AccessDeniedException", 403)
    world.disturb(operation, denied, about=servers[0])

    configure(lambdas, servers, {"copyTags": True})

    configured = [
        world.drs.get_launch_configuration(sourceServerID=each)["copyTags"]
        for each in servers
    ]
    assert configured == [False, True]
    assert f"Server {servers[0]}: launch configuration not applied" in (
        caplog.text
    )


APPLIED = "launch configuration applied"


def applied(caplog: pytest.LogCaptureFixture) -> list[str]:
    """List the lines that say what became of a server's configuration."""
    return [
        record.getMessage()
        for record in caplog.records
        if "launch configuration" in record.getMessage()
    ]


@pytest.mark.parametrize(
    ("before", "settings"),
    [
        ({}, {"instanceType": "m5.large"}),
        ({"copyTags": True}, {"copyTags": True, "instanceType": "m5.large"}),
        (
            {"instanceType": "m5.large"},
            {"copyTags": True, "instanceType": "m5.large"},
        ),
    ],
    ids=["template alone", "DRS as wanted", "template as wanted"],
)
def test_line_says_so_when_either_drs_or_the_template_changes(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
    before: dict[str, Any],
    settings: dict[str, Any],
) -> None:
    server_id = world.add_server()
    configure(lambdas, [server_id], before)
    caplog.clear()

    configure(lambdas, [server_id], settings)

    assert applied(caplog) == [f"Server {server_id}: {APPLIED}"]


def test_no_line_claims_a_change_when_all_is_as_wanted(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    server_id = world.add_server()
    settings = {"copyTags": True, "instanceType": "m5.large"}
    configure(lambdas, [server_id], settings)
    caplog.clear()

    configure(lambdas, [server_id], settings)

    assert applied(caplog) == []


def test_no_line_claims_a_change_when_there_is_no_launch_template(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    server_id = world.add_server()
    world.disturb("drs.GetLaunchConfiguration", replace_body({}))

    configure(lambdas, [server_id], {"copyTags": True})

    assert applied(caplog) == []


def test_only_what_differs_is_in_the_new_version_of_a_template(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    settings = {"instanceType": "m5.large", "instanceProfileName": "web"}
    configure(lambdas, [server_id], settings)
    world.calls.clear()

    configure(lambdas, [server_id], settings | {"instanceType": "r5.large"})

    (created,) = world.asked("ec2.CreateLaunchTemplateVersion")
    assert created["LaunchTemplateData"] == {"InstanceType": "r5.large"}
