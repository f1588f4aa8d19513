"""The wire forms of the records."""

from typing import Any

from harness.drs.engine.records import (
    Job,
    LogItem,
    RecoveryInstance,
    SourceServer,
)

GIBIBYTE = 1024**3
ROOT_DISK_BYTES = 8 * GIBIBYTE
MEMORY_BYTES = 4 * GIBIBYTE
AGENT_VERSION = "5.1.0"


def source_server(server: SourceServer, account_id: str) -> dict[str, Any]:
    """Make the wire form of a source server."""
    return {
        "sourceServerID": server.server_id,
        "arn": server.arn,
        "tags": server.tags,
        "recoveryInstanceId": server.recovery_instance_id,
        "lastLaunchResult": server.last_launch_result,
        "dataReplicationInfo": _replication(server),
        "lifeCycle": _life_cycle(server),
        "sourceProperties": _source_properties(server),
        "stagingArea": {
            "status": "NOT_EXTENDED",
            "stagingAccountID": account_id,
        },
        "replicationDirection": "FAILOVER",
        "agentVersion": AGENT_VERSION,
    }


def _replication(server: SourceServer) -> dict[str, Any]:
    return {
        "dataReplicationState": server.replication_state,
        "lagDuration": "PT0S",
        "replicatedDisks": [
            {
                "deviceName": "/dev/xvda",
                "totalStorageBytes": ROOT_DISK_BYTES,
                "replicatedStorageBytes": ROOT_DISK_BYTES,
                "rescannedStorageBytes": 0,
                "backloggedStorageBytes": 0,
                "volumeStatus": "REGULAR",
            }
        ],
    }


def _life_cycle(server: SourceServer) -> dict[str, Any]:
    return {
        "addedToServiceDateTime": server.added_at,
        "firstByteDateTime": server.added_at,
        "lastSeenByServiceDateTime": server.added_at,
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


def _source_properties(server: SourceServer) -> dict[str, Any]:
    seed = server.seed
    return {
        "lastUpdatedDateTime": server.added_at,
        "recommendedInstanceType": seed.instance_type,
        "identificationHints": {
            "hostname": seed.hostname,
            "fqdn": seed.hostname,
        },
        "networkInterfaces": _interfaces(seed.private_ip),
        "disks": [{"deviceName": "/dev/xvda", "bytes": ROOT_DISK_BYTES}],
        "cpus": [{"cores": 2, "modelName": "Intel(R) Xeon(R)"}],
        "ramBytes": MEMORY_BYTES,
        "os": {"fullString": "Linux"},
        "supportsNitroInstances": True,
        "architecture": "x86_64",
    }


def _interfaces(private_ip: str | None) -> list[dict[str, Any]]:
    if private_ip is None:
        return []
    return [{"ips": [private_ip], "isPrimary": True}]


def job(record: Job, holds_arn: bool = False) -> dict[str, Any]:
    """Make the wire form of a job.

    Args:
        record: The job.
        holds_arn: Whether a job without tags shows its ARN among them.
    """
    tags = record.tags
    if holds_arn and not tags:
        tags = {"resourceArn": record.arn}
    return {
        "jobID": record.job_id,
        "arn": record.arn,
        "type": record.type,
        "initiatedBy": record.initiated_by,
        "creationDateTime": record.created_at,
        "endDateTime": record.ended_at,
        "status": record.status,
        "participatingServers": _participants(record),
        "tags": tags,
    }


def _participants(record: Job) -> list[dict[str, Any]]:
    # recoveryInstanceID stays absent: no recorded job has it.
    no_runs: dict[str, Any] = {"runs": []}
    actions = no_runs if record.type == "LAUNCH" else None
    return [
        {
            "sourceServerID": each.server_id,
            "launchStatus": each.launch_status,
            "launchActionsStatus": actions,
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


def recovery_instance(record: RecoveryInstance, state: str) -> dict[str, Any]:
    """Make the wire form of a recovery instance.

    Args:
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
        "failback": {"state": "FAILBACK_NOT_READY_FOR_LAUNCH"},
        "dataReplicationInfo": {"dataReplicationState": "NOT_STARTED"},
        "originEnvironment": "ON_PREMISES",
        "recoveryInstanceProperties": _instance_properties(record),
        "agentVersion": AGENT_VERSION,
    }


def _instance_properties(record: RecoveryInstance) -> dict[str, Any]:
    hostname = record.server.seed.hostname
    return {
        "lastUpdatedDateTime": record.launched_at,
        "identificationHints": {
            "hostname": hostname,
            "fqdn": hostname,
            "awsInstanceID": record.instance_id,
        },
        "networkInterfaces": _interfaces(record.private_ip),
        "disks": [
            {"internalDeviceName": "/dev/xvda", "bytes": ROOT_DISK_BYTES}
        ],
        "cpus": [{"cores": 2, "modelName": "Intel(R) Xeon(R)"}],
        "ramBytes": MEMORY_BYTES,
        "os": {"fullString": "Linux"},
    }
