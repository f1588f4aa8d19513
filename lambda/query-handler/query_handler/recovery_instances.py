"""The instances that a wave launched (BEHAVIOUR.md section 5 step 7)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from shared import log_lines
from shared.account_access import RecoveryAccount
from shared.log_lines import logger
from shared.wave_results import Detail

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_ec2 import EC2Client

    from shared.contract_types import ServerStatus, WaveResult


def add_details(account: RecoveryAccount, result: "WaveResult") -> None:
    """Fill in the details of servers that were launched.

    Best effort: what cannot be read is logged, and asked for again as long
    as the wave is polled.

    Args:
        account: The account and Region of the servers.
        result: Changed in place.
    """
    unknown = {
        entry["sourceServerId"]: entry
        for entry in result["serverStatuses"]
        if entry["launchStatus"] == "LAUNCHED" and not entry.get("privateIp")
    }
    if not unknown:
        return
    try:
        _add_instances(account.drs, unknown, result["jobId"])
        _add_addresses(account.ec2, unknown.values())
    except Exception as error:  # best effort, section 5 step 7
        logger.warning(log_lines.DETAILS_UNREADABLE, result["jobId"], error)


def _add_instances(
    drs: "DrsClient",
    entries: Mapping[str, "ServerStatus"],
    job_id: str | None,
) -> None:
    """Join by source server: the job itself does not name its instances."""
    pages = drs.get_paginator("describe_recovery_instances").paginate(
        filters={"sourceServerIDs": list(entries)}
    )
    for page in pages:
        for instance in page["items"]:
            if instance.get("jobID") == job_id:
                entry = entries[instance["sourceServerID"]]
                _add_instance(entry, dict(instance))


def _add_instance(entry: "ServerStatus", instance: dict[str, Any]) -> None:
    properties = instance.get("recoveryInstanceProperties", {})
    hints = properties.get("identificationHints", {})
    _add(entry, "recoveryInstanceId", instance.get("recoveryInstanceID"))
    _add(entry, "instanceId", instance.get("ec2InstanceID"))
    _add(entry, "hostname", hints.get("hostname"))


def _add_addresses(
    ec2: "EC2Client", entries: Iterable["ServerStatus"]
) -> None:
    by_id = {
        entry["instanceId"]: entry
        for entry in entries
        if entry.get("instanceId")
    }
    if not by_id:
        return
    pages = ec2.get_paginator("describe_instances").paginate(
        InstanceIds=list(by_id)
    )
    for page in pages:
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                _add_address(by_id[instance["InstanceId"]], dict(instance))


def _add_address(entry: "ServerStatus", instance: dict[str, Any]) -> None:
    _add(entry, "privateIp", instance.get("PrivateIpAddress"))
    _add(entry, "instanceType", instance.get("InstanceType"))
    if "LaunchTime" in instance:
        entry["launchTime"] = int(instance["LaunchTime"].timestamp())


def _add(entry: "ServerStatus", name: Detail, value: str | None) -> None:
    if value:
        entry[name] = value
