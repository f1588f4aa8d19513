"""GetReplicationConfiguration and UpdateReplicationConfiguration."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.drs.engine import resources
from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.replication_configuration import PitRule
from harness.drs.engine.views import ROOT_DEVICE

MEMBERS = {
    "name": "name",
    "stagingAreaSubnetId": "staging_subnet_id",
    "associateDefaultSecurityGroup": "default_security_group",
    "replicationServersSecurityGroupsIDs": "security_group_ids",
    "replicationServerInstanceType": "server_instance_type",
    "useDedicatedReplicationServer": "dedicated_server",
    "defaultLargeStagingDiskType": "large_disk_type",
    "ebsEncryption": "encryption",
    "ebsEncryptionKeyArn": "encryption_key_arn",
    "bandwidthThrottling": "bandwidth_throttling",
    "dataPlaneRouting": "routing",
    "createPublicIP": "public_ip",
    "stagingAreaTags": "staging_tags",
    "autoReplicateNewDisks": "replicates_new_disks",
    "internetProtocol": "internet_protocol",
}
DISK = {
    "deviceName": ROOT_DEVICE,
    "isBootDisk": True,
    "stagingDiskType": "AUTO",
    "optimizedStagingDiskType": "GP3",
}
# DRS user guide: daily snapshots are kept for a day to a year.
LONGEST_RETENTION_DAYS = 365


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show the replication configuration of a source server."""
    return _view(resources.source_server(region, parameters["sourceServerID"]))


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the members given and leave the others.

    Raises:
        DrsError: The server is unknown, or extended: its staging account
            replicates it.
        InvalidRequestError: A disk it does not have, or a retention of
            daily snapshots beyond a year.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    resources.refuse_extended(region, server)
    changes: dict[str, Any] = {
        name: parameters[member]
        for member, name in MEMBERS.items()
        if member in parameters
    }
    if "replicatedDisks" in parameters:
        changes["disks"] = _disks(parameters["replicatedDisks"])
    if "pitPolicy" in parameters:
        rules = enumerate(parameters["pitPolicy"], start=1)
        changes["pit_policy"] = tuple(_rule(*rule) for rule in rules)
    before = server.replication_configuration
    server.replication_configuration = replace(before, **changes)
    return _view(server)


def _disks(given: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    for disk in given:
        name = disk.get("deviceName")
        if name != ROOT_DEVICE:
            raise _invalid("replicatedDisks", f"There is no disk {name}")
    return {disk["deviceName"]: disk for disk in given}


def _rule(number: int, given: Mapping[str, Any]) -> PitRule:
    retention = given["retentionDuration"]
    if given["units"] == "DAY" and retention > LONGEST_RETENTION_DAYS:
        text = f"Snapshots are kept for at most {LONGEST_RETENTION_DAYS} days"
        raise _invalid("pitPolicy", text)
    return PitRule(
        rule_id=given.get("ruleID", number),
        units=given["units"],
        interval=given["interval"],
        retention=retention,
        enabled=given.get("enabled", True),
    )


def _invalid(field: str, message: str) -> InvalidRequestError:
    return InvalidRequestError(
        "fieldValidationFailed", message, [(field, message)]
    )


def _view(server: SourceServer) -> dict[str, Any]:
    settings = server.replication_configuration
    members = {
        member: getattr(settings, name) for member, name in MEMBERS.items()
    }
    return members | {
        "sourceServerID": server.server_id,
        "replicatedDisks": [DISK | dict(settings.disks.get(ROOT_DEVICE, {}))],
        "pitPolicy": [_rule_view(rule) for rule in settings.pit_policy],
    }


def _rule_view(rule: PitRule) -> dict[str, Any]:
    return {
        "ruleID": rule.rule_id,
        "units": rule.units,
        "interval": rule.interval,
        "retentionDuration": rule.retention,
        "enabled": rule.enabled,
    }
