"""Wrong candidates that do the right things in the wrong order."""

from tests.property.miniatures.miniature import START, Miniature

_START = (
    "    request = recovery_jobs.request("
    'state, server_ids, item.get("startTime"))\n'
    "    job_id = recovery_jobs.start_once(account, table, request)\n"
)
_CONFIGURE = (
    '    if group.get("launchConfig") or group.get("servers"):\n'
    "        apply_launch_config_before_recovery("
    "account, group, server_ids)\n"
)

WRONG_ORDER = (
    Miniature(
        name="configured-after-the-start",
        breaks="A wave's servers are configured once their job runs.",
        file=START,
        old=_CONFIGURE + _START,
        new=_START + _CONFIGURE,
    ),
)
