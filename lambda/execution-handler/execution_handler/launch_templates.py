"""EC2 launch templates: DRS launches from their default version."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

INTERFACE_FIELDS = {
    "subnetId": "SubnetId",
    "securityGroupIds": "Groups",
    "staticPrivateIp": "PrivateIpAddress",
}
TEMPLATE_FIELDS = ("instanceType", "instanceProfileName", *INTERFACE_FIELDS)


def are_concerned(settings: Mapping[str, Any]) -> bool:
    """Tell whether any setting belongs to the launch template."""
    return any(settings.get(name) for name in TEMPLATE_FIELDS)


def apply(
    ec2: "EC2Client", template_id: str, settings: Mapping[str, Any]
) -> bool:
    """Make a version with the settings the default, if one is needed.

    The new version is based on the current default version, which is the
    one DRS keeps up to date.

    Args:
        ec2: Client for the Region and account of the template.
        template_id: The launch template of a source server.
        settings: Launch settings by the names of DATA_MODEL.md section 5.

    Returns:
        Whether a version was made.

    Raises:
        ClientError: EC2 refused.
    """
    versions = ec2.describe_launch_template_versions(
        LaunchTemplateId=template_id, Versions=["$Default"]
    )["LaunchTemplateVersions"]
    default = versions[0]
    changes = _changes(settings, dict(default["LaunchTemplateData"]))
    if not changes:
        return False
    created = ec2.create_launch_template_version(
        LaunchTemplateId=template_id,
        SourceVersion=str(default["VersionNumber"]),
        LaunchTemplateData=changes,  # type: ignore[arg-type]
    )["LaunchTemplateVersion"]
    ec2.modify_launch_template(
        LaunchTemplateId=template_id,
        DefaultVersion=str(created["VersionNumber"]),
    )
    return True


def _changes(
    settings: Mapping[str, Any], current: Mapping[str, Any]
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if settings.get("instanceType"):
        wanted["InstanceType"] = settings["instanceType"]
    if any(settings.get(name) for name in INTERFACE_FIELDS):
        wanted["NetworkInterfaces"] = _interfaces(settings, current)
    if settings.get("instanceProfileName"):
        wanted["IamInstanceProfile"] = {
            "Name": settings["instanceProfileName"]
        }
    return {
        name: value
        for name, value in wanted.items()
        if current.get(name) != value
    }


def _interfaces(
    settings: Mapping[str, Any], current: Mapping[str, Any]
) -> list[dict[str, Any]]:
    first, *others = current.get("NetworkInterfaces") or [{}]
    wanted = {
        wire_name: settings[name]
        for name, wire_name in INTERFACE_FIELDS.items()
        if settings.get(name)
    }
    return [{**first, "DeviceIndex": 0, **wanted}, *others]
