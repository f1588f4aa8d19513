"""Recovery instances and jobs that are disconnected and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

UNKNOWN = "i-00000000000000000"


def recovered(emulator: Emulator) -> tuple[str, str]:
    server = emulator.add("web")
    emulator.recover(server)
    return server, str(emulator.server(server)["recoveryInstanceId"])


def running(emulator: Emulator) -> list[str]:
    return [
        instance_id
        for instance_id, instance in emulator.instances().items()
        if instance["State"]["Name"] == "running"
    ]


def test_the_instance_runs_on_when_it_is_disconnected_and_deleted(
    emulator: Emulator,
) -> None:
    server, instance = recovered(emulator)

    emulator.drs.disconnect_recovery_instance(recoveryInstanceID=instance)
    (record,) = emulator.drs.describe_recovery_instances()["items"]
    emulator.drs.delete_recovery_instance(recoveryInstanceID=instance)

    info = record["dataReplicationInfo"]
    assert info["dataReplicationState"] == "DISCONNECTED"
    assert emulator.drs.describe_recovery_instances()["items"] == []
    assert running(emulator) == [instance]
    (found,) = emulator.drs.describe_source_servers()["items"]
    assert "recoveryInstanceId" not in found
    emulator.drs.disconnect_source_server(sourceServerID=server)


def test_a_deleted_instance_is_removed_when_its_server_launches_again(
    emulator: Emulator,
) -> None:
    server, instance = recovered(emulator)
    emulator.drs.disconnect_recovery_instance(recoveryInstanceID=instance)
    emulator.drs.delete_recovery_instance(recoveryInstanceID=instance)

    job = emulator.recover(server)

    assert emulator.events(job["jobID"], server)[0] == "CLEANUP_START"
    assert len(running(emulator)) == 1
    assert instance not in running(emulator)


def test_a_server_stays_while_an_earlier_instance_is_known(
    emulator: Emulator,
) -> None:
    server, old = recovered(emulator)
    emulator.ec2.modify_instance_attribute(
        InstanceId=old, DisableApiTermination={"Value": True}
    )
    emulator.recover(server)
    new = emulator.server(server)["recoveryInstanceId"]

    emulator.drs.terminate_recovery_instances(recoveryInstanceIDs=[str(new)])
    emulator.sleep(3600)

    (left,) = emulator.drs.describe_recovery_instances()["items"]
    assert left["recoveryInstanceID"] == old
    with pytest.raises(ClientError, match="has a Recovery Instance"):
        emulator.drs.disconnect_source_server(sourceServerID=server)


def test_a_disconnected_instance_can_be_terminated(
    emulator: Emulator,
) -> None:
    _, instance = recovered(emulator)
    emulator.drs.disconnect_recovery_instance(recoveryInstanceID=instance)

    emulator.drs.terminate_recovery_instances(recoveryInstanceIDs=[instance])
    emulator.sleep(3600)

    assert emulator.drs.describe_recovery_instances()["items"] == []
    assert running(emulator) == []


def test_an_instance_is_not_deleted_before_it_is_disconnected(
    emulator: Emulator,
) -> None:
    _, instance = recovered(emulator)

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.drs.delete_recovery_instance(recoveryInstanceID=instance)

    assert len(emulator.drs.describe_recovery_instances()["items"]) == 1


@pytest.mark.parametrize(
    "operation", ["disconnect_recovery_instance", "delete_recovery_instance"]
)
def test_an_instance_stays_while_a_job_has_its_server(
    emulator: Emulator, operation: str
) -> None:
    server, instance = recovered(emulator)
    emulator.start(server)

    with pytest.raises(ClientError, match="ConflictException"):
        getattr(emulator.drs, operation)(recoveryInstanceID=instance)


def test_an_instance_is_not_disconnected_twice(emulator: Emulator) -> None:
    _, instance = recovered(emulator)
    emulator.drs.disconnect_recovery_instance(recoveryInstanceID=instance)

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.drs.disconnect_recovery_instance(recoveryInstanceID=instance)


@pytest.mark.parametrize(
    ("operation", "declared_only", "code"),
    [
        (
            "disconnect_recovery_instance",
            True,
            "ResourceNotFoundException",
        ),
        ("delete_recovery_instance", False, "ResourceNotFoundException"),
        ("delete_recovery_instance", True, "ConflictException"),
        ("reverse_replication", True, "ResourceNotFoundException"),
    ],
)
def test_an_unknown_instance_is_refused(
    emulator: Emulator, operation: str, declared_only: bool, code: str
) -> None:
    emulator.choose(declared_errors_only=declared_only)
    emulator.initialize()

    with pytest.raises(ClientError, match=code):
        getattr(emulator.drs, operation)(recoveryInstanceID=UNKNOWN)


def test_a_completed_job_is_deleted_with_its_log(emulator: Emulator) -> None:
    server = emulator.add("web")
    job = emulator.recover(server)

    answer: Any = emulator.drs.delete_job(jobID=job["jobID"])

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert emulator.drs.describe_jobs()["items"] == []
    assert emulator.log(job["jobID"]) == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        emulator.drs.delete_job(jobID=job["jobID"])


def test_a_job_is_not_deleted_while_it_runs(emulator: Emulator) -> None:
    job = emulator.start(emulator.add("web"))

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.drs.delete_job(jobID=job["jobID"])

    assert len(emulator.drs.describe_jobs()["items"]) == 1
