"""The launch configuration of a protection group (section 4.1)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from execution_handler import launch_templates
from shared.account_access import RecoveryAccount

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

LaunchSettings = dict[str, Any]

DRS_FIELDS = (
    "copyPrivateIp",
    "copyTags",
    "licensing",
    "targetInstanceTypeRightSizingMethod",
    "launchDisposition",
)


def effective(group: Mapping[str, Any], server_id: str) -> LaunchSettings:
    """Combine the group's settings with those of one server.

    Args:
        group: A protection group with ``launchConfig`` and ``servers``.
        server_id: The source server.

    Returns:
        The settings that have a value, by the names of DATA_MODEL.md
        section 5. A server that does not use the group's defaults has its
        own only.
    """
    entry = _entry(group, server_id)
    own = _present(entry.get("launchTemplate") or {})
    if entry.get("useGroupDefaults") is False:
        return own
    return {**_present(group.get("launchConfig") or {}), **own}


def apply(
    account: RecoveryAccount, server_id: str, settings: LaunchSettings
) -> bool:
    """Make DRS launch a server with some settings.

    Nothing is written where the current values are the wanted ones.

    Args:
        account: The account and Region of the source server.
        server_id: The source server.
        settings: What ``effective`` gives.

    Returns:
        Whether anything was written.

    Raises:
        ClientError: DRS or EC2 refused.
    """
    current = account.drs.get_launch_configuration(sourceServerID=server_id)
    template_id = current.get("ec2LaunchTemplateID")
    if not template_id:
        return False
    changed = _update_drs(account.drs, server_id, settings, dict(current))
    if launch_templates.are_concerned(settings):
        changed |= launch_templates.apply(account.ec2, template_id, settings)
    return changed


def _update_drs(
    drs: "DrsClient",
    server_id: str,
    settings: LaunchSettings,
    current: Mapping[str, Any],
) -> bool:
    wanted = {name: settings[name] for name in DRS_FIELDS if name in settings}
    if all(current.get(name) == value for name, value in wanted.items()):
        return False
    drs.update_launch_configuration(sourceServerID=server_id, **wanted)
    return True


def _entry(group: Mapping[str, Any], server_id: str) -> Mapping[str, Any]:
    for entry in group.get("servers") or []:
        if entry.get("sourceServerId") == server_id:
            found: Mapping[str, Any] = entry
            return found
    return {}


def _present(settings: Mapping[str, Any]) -> LaunchSettings:
    return {
        name: value for name, value in settings.items() if value is not None
    }
