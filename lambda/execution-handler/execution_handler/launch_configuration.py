"""The launch configuration of a protection group (section 4.1).

Many servers are configured at once: one after another, a large wave would
outlast its function. What is done to one server keeps its order, and the log
lines come in the order of the servers, as if it were one after another.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from execution_handler import launch_templates
from execution_handler.workers import Workers
from shared import log_lines
from shared.account_access import RecoveryAccount
from shared.log_lines import logger

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


def apply_to_each(
    account: RecoveryAccount, group: Mapping[str, Any], server_ids: list[str]
) -> None:
    """Make DRS launch each server as its group wants it launched.

    A failure for one server is logged and does not stop the others.

    Args:
        account: The account and Region of the source servers.
        group: A protection group with ``launchConfig`` and ``servers``.
        server_ids: Source servers, each named once: two workers on one
            server would get in each other's way.
    """

    def configure(server_id: str) -> bool:
        return apply(account, server_id, effective(group, server_id))

    with Workers() as workers:
        begun = [
            (each, workers.assign(configure, each)) for each in server_ids
        ]
        for server_id, configured in begun:
            _tell(server_id, configured)


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


def _tell(server_id: str, configured: Future[bool]) -> None:
    """Wait for a server's turn, and log what became of it."""
    try:
        if configured.result():
            logger.info(log_lines.LAUNCH_CONFIGURED, server_id)
    except Exception as error:  # section 4 step 5
        logger.warning(log_lines.LAUNCH_NOT_CONFIGURED, server_id, error)


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
