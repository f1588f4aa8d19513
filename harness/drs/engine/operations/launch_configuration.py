"""GetLaunchConfiguration and UpdateLaunchConfiguration."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from harness.drs.engine import admission, replication, resources
from harness.drs.engine.errors import NotSimulatedError
from harness.drs.engine.options import LaunchConfiguration
from harness.drs.engine.records import SourceServer
from harness.drs.engine.recovery_instances import template_of
from harness.drs.engine.region import Region

MEMBERS = {
    "name": "name",
    "launchDisposition": "launch_disposition",
    "targetInstanceTypeRightSizingMethod": "right_sizing",
    "copyPrivateIp": "copy_private_ip",
    "copyTags": "copy_tags",
    "postLaunchEnabled": "post_launch_enabled",
    "recoveryMode": "recovery_mode",
}


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show the launch configuration of a source server."""
    server = resources.source_server(region, parameters["sourceServerID"])
    return _view(region, server)


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the members given and leave the others.

    A change of a setting that DRS keeps in the launch template makes a new
    version of the template and sets it default; without a change nothing
    is written.

    Raises:
        DrsError: The server is unknown, in a job or disconnected.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    if parameters.get("launchIntoInstanceProperties"):
        raise NotSimulatedError("launching into an existing instance")
    admission.refuse_locked(region, "UpdateLaunchConfiguration", server)
    resources.refuse_settings(region, server, "launch")
    before = server.launch_configuration
    server.launch_configuration = changed(before, parameters)
    if _differs_in_template(region, before, server.launch_configuration):
        _revise_template(region, server)
    return _view(region, server)


def changed(
    before: LaunchConfiguration, parameters: Mapping[str, Any]
) -> LaunchConfiguration:
    """Take over the members that a request gives."""
    changes = {
        name: parameters[member]
        for member, name in MEMBERS.items()
        if member in parameters
    }
    byol = parameters.get("licensing", {}).get("osByol")
    if byol is not None:
        changes["os_byol"] = byol
    return replace(before, **changes)


def _differs_in_template(
    region: Region, before: LaunchConfiguration, after: LaunchConfiguration
) -> bool:
    old, new = asdict(before), asdict(after)
    settings = region.options.template_settings
    return any(old[name] != new[name] for name in settings)


def _revise_template(region: Region, server: SourceServer) -> None:
    template = template_of(region, server)
    address, source = template.private_ip, server.seed.private_ip
    if server.launch_configuration.copy_private_ip:
        address = source or address
    elif address == source:
        address = None
    region.compute.revise_template(template.template_id, address)


def _view(region: Region, server: SourceServer) -> dict[str, Any]:
    settings = server.launch_configuration
    members = {
        member: getattr(settings, name) for member, name in MEMBERS.items()
    }
    template_id = server.template_id
    connected = not replication.is_disconnected(server)
    if connected and region.options.remakes_template_when_read:
        template_id = template_of(region, server).template_id
    return members | {
        "sourceServerID": server.server_id,
        "ec2LaunchTemplateID": template_id,
        "licensing": {"osByol": settings.os_byol},
        "launchIntoInstanceProperties": {},
    }
