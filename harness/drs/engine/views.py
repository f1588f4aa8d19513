"""The wire forms of the records."""

from typing import Any

from harness.drs.engine import replication
from harness.drs.engine.answer_options import MachineOptions
from harness.drs.engine.records import (
    Job,
    LogItem,
    RecoveryInstance,
    SourceServer,
)
from harness.drs.engine.region import Region


def source_server(region: Region, server: SourceServer) -> dict[str, Any]:
    """Make the wire form of a source server."""
    return {
        "sourceServerID": server.server_id,
        "arn": server.arn,
        "tags": server.tags,
        "recoveryInstanceId": server.recovery_instance_id,
        "lastLaunchResult": server.last_launch_result,
        "dataReplicationInfo": _replication(region, server),
        "lifeCycle": _life_cycle(region, server),
        "sourceProperties": _source_properties(region, server),
        "stagingArea": _staging_area(region, server),
        "sourceCloudProperties": _cloud_properties(region, server),
        "replicationDirection": server.direction,
        "reversedDirectionSourceServerArn": server.reversed_arn,
        "agentVersion": region.options.machines.agent_version,
    }


def _replication(region: Region, server: SourceServer) -> dict[str, Any]:
    state = replication.state(region, server)
    connected = state != "DISCONNECTED"
    synced = state not in replication.BEGINNING_STATES
    machines = region.options.machines
    size = machines.disk_bytes if connected else 0
    return {
        "dataReplicationState": state,
        "lagDuration": machines.lag_duration if connected else None,
        "replicatedDisks": [
            {
                "deviceName": machines.device_name,
                "totalStorageBytes": size,
                "replicatedStorageBytes": (
                    size if synced else int(size * machines.synced_share)
                ),
                "rescannedStorageBytes": 0,
                "backloggedStorageBytes": 0,
                "volumeStatus": machines.volume_status,
            }
        ],
    }


def _staging_area(region: Region, server: SourceServer) -> dict[str, Any]:
    if server.staging_arn is None:
        return {
            "status": "NOT_EXTENDED",
            "stagingAccountID": region.account_id,
        }
    error = replication.extension_error(region, server)
    return {
        "status": "EXTENSION_ERROR" if error else "EXTENDED",
        "stagingAccountID": replication.staging_account(region, server),
        "stagingSourceServerArn": server.staging_arn,
        "errorMessage": error,
    }


def _cloud_properties(
    region: Region, server: SourceServer
) -> dict[str, Any] | None:
    origin = server.seed.origin_region
    if origin is None:
        return None
    account_id = server.seed.origin_account_id or region.account_id
    return {"originAccountID": account_id, "originRegion": origin}


def _life_cycle(region: Region, server: SourceServer) -> dict[str, Any]:
    machines = region.options.machines
    now = machines.seen_now and not replication.is_disconnected(server)
    return {
        "addedToServiceDateTime": server.added_at,
        "firstByteDateTime": server.added_at + machines.first_byte_after,
        "lastSeenByServiceDateTime": region.now() if now else server.added_at,
        "lastLaunch": _last_launch(server),
    }


def _last_launch(server: SourceServer) -> dict[str, Any] | None:
    last = server.last_launch
    if last is None:
        return None
    return {
        "initiated": {
            "apiCallDateTime": last.called_at,
            "jobID": last.job_id,
            "type": "DRILL" if last.is_drill else "RECOVERY",
        },
        "status": last.status,
    }


def _source_properties(region: Region, server: SourceServer) -> dict[str, Any]:
    seed, machines = server.seed, region.options.machines
    return {
        "lastUpdatedDateTime": server.added_at,
        "recommendedInstanceType": seed.instance_type,
        "identificationHints": _hints(machines, server),
        "networkInterfaces": _source_interfaces(server),
        "disks": [
            {"deviceName": machines.device_name, "bytes": machines.disk_bytes}
        ],
        "supportsNitroInstances": machines.supports_nitro,
        "architecture": machines.architecture,
        **_hardware(machines),
    }


def _hardware(machines: MachineOptions) -> dict[str, Any]:
    cpu = {"cores": machines.cpu_cores, "modelName": machines.cpu_model}
    return {
        "cpus": [cpu],
        "ramBytes": machines.memory_bytes,
        "os": {"fullString": machines.operating_system},
    }


def _names(machines: MachineOptions, hostname: str) -> dict[str, str]:
    fqdn = machines.fqdn.format(hostname=hostname)
    return {"hostname": hostname, "fqdn": fqdn}


def _hints(machines: MachineOptions, server: SourceServer) -> dict[str, Any]:
    hints = _names(machines, server.seed.hostname)
    hardware = server.hardware_id or ""
    if hardware.startswith("i-"):
        hints["awsInstanceID"] = hardware
    elif hardware and ":" not in hardware:
        hints["vmWareUuid"] = hardware
    return hints


def _source_interfaces(server: SourceServer) -> list[dict[str, Any]]:
    hardware = server.hardware_id or ""
    address = hardware if ":" in hardware else None
    interfaces = _interfaces(server.seed.private_ip)
    if address is None:
        return interfaces
    first = interfaces[0] if interfaces else {"isPrimary": True}
    return [first | {"macAddress": address}]


def _interfaces(private_ip: str | None) -> list[dict[str, Any]]:
    if private_ip is None:
        return []
    return [{"ips": [private_ip], "isPrimary": True}]


def job(region: Region, record: Job) -> dict[str, Any]:
    """Make the wire form of a job."""
    tags = record.tags
    if region.options.job_tags_hold_arn and not tags:
        tags = {"resourceArn": record.arn}
    return {
        "jobID": record.job_id,
        "arn": record.arn,
        "type": record.type,
        "initiatedBy": record.initiated_by,
        "creationDateTime": record.created_at,
        "endDateTime": record.ended_at,
        "status": record.status,
        "participatingServers": _participants(region, record),
        "tags": tags,
    }


def _participants(region: Region, record: Job) -> list[dict[str, Any]]:
    # No recorded launch has a recoveryInstanceID (DRS_SERVICE.md 1.3).
    launches = record.type == "LAUNCH"
    named = region.options.jobs.terminations_name_instances
    return [
        {
            "sourceServerID": each.server_id,
            "recoveryInstanceID": each.instance_id if named else None,
            "launchStatus": each.launch_status,
            "launchActionsStatus": (
                {"runs": each.action_runs} if launches else None
            ),
        }
        for each in record.participants
    ]


def log_item(item: LogItem) -> dict[str, Any]:
    """Make the wire form of a job's log item."""
    return {
        "logDateTime": item.at,
        "event": item.event,
        "eventData": item.data,
    }


def recovery_instance(
    region: Region, record: RecoveryInstance, state: str
) -> dict[str, Any]:
    """Make the wire form of a recovery instance.

    Args:
        region: Account and Region of the instance.
        record: The recovery instance.
        state: ``ec2InstanceState``.
    """
    return {
        "recoveryInstanceID": record.instance_id,
        "ec2InstanceID": record.instance_id,
        "ec2InstanceState": state,
        "arn": record.arn,
        "sourceServerID": record.server.server_id,
        "jobID": record.job_id,
        "isDrill": record.is_drill,
        "tags": record.tags,
        "pointInTimeSnapshotDateTime": record.snapshot_at,
        "failback": {"state": replication.failback_state(region, record)},
        "dataReplicationInfo": {
            "dataReplicationState": replication.instance_state(region, record)
        },
        "originEnvironment": (
            "AWS" if record.server.seed.origin_region else "ON_PREMISES"
        ),
        "recoveryInstanceProperties": _instance_properties(region, record),
        "agentVersion": region.options.machines.agent_version,
    }


def _instance_properties(
    region: Region, record: RecoveryInstance
) -> dict[str, Any]:
    machines = region.options.machines
    hostname = record.server.seed.hostname
    return {
        "lastUpdatedDateTime": record.launched_at,
        "identificationHints": {
            **_names(machines, hostname),
            "awsInstanceID": record.instance_id,
        },
        "networkInterfaces": _interfaces(record.private_ip),
        "disks": [
            {
                "internalDeviceName": machines.device_name,
                "bytes": machines.disk_bytes,
            }
        ],
        **_hardware(machines),
    }
