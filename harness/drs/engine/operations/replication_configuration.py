"""GetReplicationConfiguration and UpdateReplicationConfiguration."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.drs.engine import resources
from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.replication_configuration import (
    PitRule,
    ReplicationConfiguration,
)

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
# DRS user guide: daily snapshots are kept for a day to a year.
LONGEST_RETENTION_DAYS = 365


def get(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show the replication configuration of a source server."""
    server = resources.source_server(region, parameters["sourceServerID"])
    return _view(region, server)


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
        changes["disks"] = _disks(region, parameters["replicatedDisks"])
    if "pitPolicy" in parameters:
        rules = enumerate(parameters["pitPolicy"], start=1)
        changes["pit_policy"] = tuple(_rule(region, *rule) for rule in rules)
        earlier = server.replication_configuration.pit_policy
        server.past_policies.append((region.now(), earlier))
    before = server.replication_configuration
    server.replication_configuration = replace(before, **changes)
    return _view(region, server)


def _disks(
    region: Region, given: list[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    for disk in given:
        name = disk.get("deviceName")
        if name != region.options.machines.device_name:
            text = region.options.error_texts.unknown_disk.format(name=name)
            raise _invalid("replicatedDisks", text)
    return {disk["deviceName"]: disk for disk in given}


def _rule(region: Region, number: int, given: Mapping[str, Any]) -> PitRule:
    retention = given["retentionDuration"]
    if given["units"] == "DAY" and retention > LONGEST_RETENTION_DAYS:
        text = region.options.error_texts.long_retention
        days = LONGEST_RETENTION_DAYS
        raise _invalid("pitPolicy", text.format(days=days))
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


def _disk(region: Region, settings: ReplicationConfiguration) -> Any:
    machines = region.options.machines
    usual = {
        "deviceName": machines.device_name,
        "isBootDisk": True,
        "stagingDiskType": machines.staging_disk_type,
        "optimizedStagingDiskType": machines.optimized_disk_type,
    }
    return usual | dict(settings.disks.get(machines.device_name, {}))


def _view(region: Region, server: SourceServer) -> dict[str, Any]:
    settings = server.replication_configuration
    members = {
        member: getattr(settings, name) for member, name in MEMBERS.items()
    }
    return members | {
        "sourceServerID": server.server_id,
        "replicatedDisks": [_disk(region, settings)],
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
