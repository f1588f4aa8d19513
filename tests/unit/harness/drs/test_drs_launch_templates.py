"""Launch configuration templates, one for each account and Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


def create(emulator: Emulator, **settings: Any) -> Any:
    emulator.initialize()
    return emulator.drs.create_launch_configuration_template(**settings)


def test_new_servers_start_with_the_settings_of_the_template(
    emulator: Emulator,
) -> None:
    old = emulator.add("old")

    answer = create(
        emulator,
        copyTags=True,
        targetInstanceTypeRightSizingMethod="NONE",
        licensing={"osByol": True},
    )
    new = emulator.add("new")

    before = emulator.drs.get_launch_configuration(sourceServerID=old)
    after = emulator.drs.get_launch_configuration(sourceServerID=new)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert not before["copyTags"]
    assert after["copyTags"]
    assert after["name"] == "new"
    assert after["targetInstanceTypeRightSizingMethod"] == "NONE"
    assert after["licensing"] == {"osByol": True}


def test_there_is_one_template_for_an_account_and_region(
    emulator: Emulator,
) -> None:
    create(emulator)

    with pytest.raises(ClientError) as error:
        create(emulator)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "ServiceQuotaExceededException"
    assert answer["quotaCode"] == "L-1F3FAE4D"
    create(emulator.within("123456789012", "us-west-2"))


def test_a_template_changes_only_where_it_is_told(
    emulator: Emulator,
) -> None:
    made = create(emulator, copyTags=True, tags={"team": "blue"})
    template = made["launchConfigurationTemplate"]
    bucket = "arn:aws:s3:::a-bucket-of-exports"

    emulator.drs.update_launch_configuration_template(
        launchConfigurationTemplateID=template[
            "launchConfigurationTemplateID"
        ],
        launchDisposition="STOPPED",
        exportBucketArn=bucket,
    )

    (found,) = emulator.drs.describe_launch_configuration_templates()["items"]
    assert found == template | {
        "launchDisposition": "STOPPED",
        "exportBucketArn": bucket,
    }


def test_a_template_is_tagged_by_its_arn(emulator: Emulator) -> None:
    template = create(emulator)["launchConfigurationTemplate"]

    emulator.drs.tag_resource(resourceArn=template["arn"], tags={"a": "b"})

    (found,) = emulator.drs.describe_launch_configuration_templates(
        launchConfigurationTemplateIDs=[
            template["launchConfigurationTemplateID"]
        ]
    )["items"]
    assert found["tags"] == {"a": "b"}


def test_new_servers_start_with_the_defaults_when_the_template_is_gone(
    emulator: Emulator,
) -> None:
    template = create(emulator, copyTags=True)["launchConfigurationTemplate"]

    emulator.drs.delete_launch_configuration_template(
        launchConfigurationTemplateID=template["launchConfigurationTemplateID"]
    )

    server = emulator.add("web")
    settings = emulator.drs.get_launch_configuration(sourceServerID=server)
    assert not settings["copyTags"]
    assert (
        emulator.drs.describe_launch_configuration_templates()["items"] == []
    )


@pytest.mark.parametrize(
    "operation",
    [
        "update_launch_configuration_template",
        "delete_launch_configuration_template",
        "describe_launch_configuration_templates",
    ],
)
def test_an_unknown_template_is_not_found(
    emulator: Emulator, operation: str
) -> None:
    emulator.initialize()
    template_id: Any = "lct-00000000000000000"
    name = "launchConfigurationTemplateID"
    if operation.startswith("describe"):
        name, template_id = name + "s", [template_id]

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        getattr(emulator.drs, operation)(**{name: template_id})


def test_launching_into_the_source_instance_is_not_simulated(
    emulator: Emulator,
) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        create(emulator, launchIntoSourceInstance=True)
