"""GetReplicationConfiguration and UpdateReplicationConfiguration."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.drs.engine import admission, resources
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.replication_configuration import (
    PitRule,
    ReplicationConfiguration,
)
from harness.drs.engine.resources import refused_field

KIND: ResourceKind = "source_server"
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
        DrsError: The server is unknown, in a job, disconnected, or
            extended: its staging account replicates it. Or a disk it does not have, or a
            retention of daily snapshots beyond a year.
    """
    server = resources.source_server(region, parameters["sourceServerID"])
    resources.refuse_extended(region, server)
    operation = "UpdateReplicationConfiguration"
    admission.refuse_locked(region, operation, server)
    resources.refuse_settings(region, server, "replication")
    changes: dict[str, Any] = {
        name: parameters[member]
        for member, name in MEMBERS.items()
        if member in parameters
    }
    if "replicatedDisks" in parameters:
        disks = parameters["replicatedDisks"]
        changes["disks"] = _disks(region, server, disks)
    if "pitPolicy" in parameters:
        rules = enumerate(parameters["pitPolicy"], start=1)
        _refuse_retention(region, server, parameters["pitPolicy"])
        changes["pit_policy"] = tuple(_rule(region, *rule) for rule in rules)
        earlier = server.replication_configuration.pit_policy
        server.past_policies.append((region.now(), earlier))
    before = server.replication_configuration
    server.replication_configuration = replace(before, **changes)
    return _view(region, server)


def _disks(
    region: Region, server: SourceServer, given: list[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    code = region.options.error_codes.unknown_disk
    for disk in given:
        name = disk.get("deviceName")
        if name != region.options.machines.device_name:
            text = region.options.error_texts.unknown_disk.format(name=name)
            field = ("replicatedDisks", text)
            raise refused_field(region, code, field, server.server_id, KIND)
    return {disk["deviceName"]: disk for disk in given}


def _refuse_retention(
    region: Region, server: SourceServer, given: list[Mapping[str, Any]]
) -> None:
    code = region.options.error_codes.long_retention
    text = region.options.error_texts.long_retention
    field = ("pitPolicy", text.format(days=LONGEST_RETENTION_DAYS))
    for rule in given:
        days = rule["retentionDuration"] if rule["units"] == "DAY" else 0
        if days > LONGEST_RETENTION_DAYS:
            raise refused_field(region, code, field, server.server_id, KIND)


def _rule(region: Region, number: int, given: Mapping[str, Any]) -> PitRule:
    options = region.options.snapshots
    return PitRule(
        rule_id=given.get("ruleID", number if options.numbers_rules else None),
        units=given["units"],
        interval=given["interval"],
        retention=given["retentionDuration"],
        enabled=given.get("enabled", options.enables_rules),
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
