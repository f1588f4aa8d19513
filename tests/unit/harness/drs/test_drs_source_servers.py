"""The life of source servers: replicating, stopping, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


def shown(emulator: Emulator, server: str) -> Any:
    filters: Any = {"sourceServerIDs": [server]}
    return emulator.drs.describe_source_servers(filters=filters)["items"][0]


def state(emulator: Emulator, server: str) -> str:
    found: str = shown(emulator, server)["dataReplicationInfo"][
        "dataReplicationState"
    ]
    return found


def ask(emulator: Emulator, operation: str, server: str) -> Any:
    return getattr(emulator.drs, operation)(sourceServerID=server)


@pytest.mark.parametrize(
    "operation",
    [
        "disconnect_source_server",
        "delete_source_server",
        "start_replication",
        "stop_replication",
        "retry_data_replication",
        "get_replication_configuration",
        "update_replication_configuration",
    ],
)
def test_an_unknown_server_is_not_found(
    emulator: Emulator, operation: str
) -> None:
    emulator.initialize()

    with pytest.raises(ClientError) as error:
        ask(emulator, operation, "s-00000000000000000")

    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_server_leaves_when_it_is_disconnected_and_then_deleted(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    templates = emulator.ec2.describe_launch_templates()["LaunchTemplates"]

    answer = ask(emulator, "disconnect_source_server", server)
    left = emulator.ec2.describe_launch_templates()["LaunchTemplates"]
    settings = ask(emulator, "get_launch_configuration", server)
    deleted = ask(emulator, "delete_source_server", server)

    info = answer["dataReplicationInfo"]
    assert info["dataReplicationState"] == "DISCONNECTED"
    assert info["replicatedDisks"][0]["totalStorageBytes"] == 0
    assert "lagDuration" not in info
    assert (len(templates), len(left)) == (1, 0)
    assert "ec2LaunchTemplateID" not in settings
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert emulator.drs.describe_source_servers()["items"] == []


def test_a_server_is_not_deleted_before_it_is_disconnected(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")

    with pytest.raises(ClientError, match="ConflictException"):
        ask(emulator, "delete_source_server", server)

    assert state(emulator, server) == "CONTINUOUS"


def test_a_server_is_not_disconnected_while_it_has_an_instance(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.recover(server)

    with pytest.raises(ClientError) as error:
        ask(emulator, "disconnect_source_server", server)

    assert error.value.response["Error"]["Message"] == (
        f"Cannot disconnect Source Server {server} because it has a "
        "Recovery Instance."
    )


@pytest.mark.parametrize(
    "operation", ["disconnect_source_server", "stop_replication"]
)
def test_a_server_stays_as_it_is_while_a_job_has_it(
    emulator: Emulator, operation: str
) -> None:
    server = emulator.add("web")
    emulator.start(server)

    with pytest.raises(ClientError, match="ConflictException"):
        ask(emulator, operation, server)


@pytest.mark.parametrize("refuses", [True, False])
def test_disconnecting_twice_is_refused_unless_so_chosen(
    emulator: Emulator, refuses: bool
) -> None:
    emulator.choose(refuses_second_disconnect=refuses)
    server = emulator.add("web")
    ask(emulator, "disconnect_source_server", server)

    if refuses:
        with pytest.raises(ClientError, match="ConflictException"):
            ask(emulator, "disconnect_source_server", server)
    else:
        ask(emulator, "disconnect_source_server", server)

    assert state(emulator, server) == "DISCONNECTED"


def test_a_disconnected_server_takes_no_launch_settings(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    ask(emulator, "disconnect_source_server", server)

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.drs.update_launch_configuration(
            sourceServerID=server, copyTags=True
        )


def test_a_stopped_server_has_no_snapshots_and_cannot_launch(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")

    ask(emulator, "stop_replication", server)

    snapshots = ask(emulator, "describe_recovery_snapshots", server)["items"]
    assert state(emulator, server) == "STOPPED"
    assert snapshots == []
    with pytest.raises(ClientError, match="ConflictException"):
        emulator.start(server)


@pytest.mark.parametrize(
    ("operation", "before"),
    [
        ("start_replication", "stop_replication"),
        ("retry_data_replication", "stop_replication"),
        ("retry_data_replication", "disconnect_source_server"),
    ],
)
def test_replication_begins_with_an_initial_sync_when_it_starts_again(
    emulator: Emulator, operation: str, before: str
) -> None:
    server = emulator.add("web")
    ask(emulator, before, server)

    ask(emulator, operation, server)
    first = state(emulator, server)
    emulator.sleep(200)
    second = state(emulator, server)
    emulator.sleep(700)

    assert [first, second] == ["INITIATING", "INITIAL_SYNC"]
    assert state(emulator, server) == "CONTINUOUS"
    snapshots = ask(emulator, "describe_recovery_snapshots", server)["items"]
    assert len(snapshots) == 1
    emulator.recover(server)
    assert len(emulator.instances()) == 1


def test_replication_goes_no_further_when_it_is_stopped_again(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    ask(emulator, "stop_replication", server)
    ask(emulator, "start_replication", server)
    emulator.sleep(10)

    ask(emulator, "stop_replication", server)
    emulator.sleep(3600)

    assert state(emulator, server) == "STOPPED"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("start_replication", "ConflictException"),
        ("retry_data_replication", "ValidationException"),
    ],
)
def test_a_replicating_server_is_not_started(
    emulator: Emulator, operation: str, code: str
) -> None:
    server = emulator.add("web")

    with pytest.raises(ClientError, match=code):
        ask(emulator, operation, server)


def test_a_stopped_server_is_not_stopped(emulator: Emulator) -> None:
    server = emulator.add("web", replication_state="STOPPED")

    with pytest.raises(ClientError, match="ConflictException"):
        ask(emulator, "stop_replication", server)


def test_no_more_servers_replicate_than_the_quota_allows(
    emulator: Emulator,
) -> None:
    quotas = drs.Quotas(replicating_source_servers=1)
    emulator.choose(quotas=quotas)
    emulator.add("web")
    stopped = emulator.add("app", replication_state="STOPPED")

    with pytest.raises(ClientError) as error:
        ask(emulator, "start_replication", stopped)

    answer: Any = error.value.response
    assert answer["quotaCode"] == "L-C1D14A2B"


@pytest.mark.parametrize(
    ("hardware", "hint"),
    [
        ("i-0123456789abcdef0", "awsInstanceID"),
        ("4210a8e5-1f2e-9d2b", "vmWareUuid"),
        ("0a:1b:2c:3d:4e:5f", None),
    ],
)
def test_a_server_is_found_by_its_hardware(
    emulator: Emulator, hardware: str, hint: str | None
) -> None:
    emulator.add("other")
    server = emulator.add("web", hardware_id=hardware)

    (found,) = emulator.drs.describe_source_servers(
        filters={"hardwareId": hardware}
    )["items"]

    properties: Any = found["sourceProperties"]
    assert found["sourceServerID"] == server
    if hint:
        assert properties["identificationHints"][hint] == hardware
    else:
        assert properties["networkInterfaces"][0]["macAddress"] == hardware


def test_replication_settings_change_only_where_they_are_given(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    before: Any = ask(emulator, "get_replication_configuration", server)

    emulator.drs.update_replication_configuration(
        sourceServerID=server,
        stagingAreaSubnetId="subnet-0123456789abcdef0",
        stagingAreaTags={"team": "blue"},
        replicatedDisks=[
            {"deviceName": "/dev/xvda", "stagingDiskType": "GP3"}
        ],
    )

    after: Any = ask(emulator, "get_replication_configuration", server)
    assert before["pitPolicy"] == after["pitPolicy"]
    assert after["stagingAreaSubnetId"] == "subnet-0123456789abcdef0"
    assert after["stagingAreaTags"] == {"team": "blue"}
    assert after["replicatedDisks"][0]["stagingDiskType"] == "GP3"
    assert after["replicatedDisks"][0]["isBootDisk"] is True
    assert "stagingAreaSubnetId" not in before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("replicatedDisks", [{"deviceName": "/dev/sdz"}]),
        (
            "pitPolicy",
            [{"units": "DAY", "interval": 1, "retentionDuration": 366}] * 3,
        ),
    ],
)
def test_replication_settings_are_refused_when_they_cannot_be(
    emulator: Emulator, field: str, value: Any
) -> None:
    server = emulator.add("web")

    with pytest.raises(ClientError) as error:
        emulator.drs.update_replication_configuration(
            sourceServerID=server, **{field: value}
        )

    answer: Any = error.value.response
    assert answer["fieldList"][0]["name"] == field
