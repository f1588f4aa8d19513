"""Faults that strike a server: its launch, its lock, its replication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.mark.parametrize("phase", ["snapshot", "conversion", "launch"])
def test_a_server_fails_at_the_phase_of_its_fault(
    emulator: Emulator, phase: Any
) -> None:
    good, bad = emulator.add("good"), emulator.add("bad")
    emulator.inject(drs.FailAt(bad, phase, "no luck"))

    job = emulator.recover(good, bad)

    assert job["status"] == "COMPLETED"
    assert emulator.statuses(job["jobID"]) == {good: "LAUNCHED", bad: "FAILED"}
    (error,) = [
        item["eventData"]["rawError"]
        for item in emulator.log(job["jobID"])
        if "rawError" in item["eventData"]
    ]
    assert error == "no luck"


def test_the_launch_fails_after_conversion_when_the_caller_is_denied(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.CallerDenied("ec2:DeleteVolume"))

    job = emulator.recover(server)

    events = emulator.events(job["jobID"], server)
    failed = emulator.log(job["jobID"])[-2]
    assert events[-3:] == ["CONVERSION_END", "LAUNCH_START", "LAUNCH_FAILED"]
    assert "UnauthorizedOperation" in failed["eventData"]["rawError"]
    assert "ec2:DeleteVolume" in failed["eventData"]["rawError"]
    assert emulator.instances() == {}


def test_an_extension_is_in_error_when_its_fault_says_so(
    emulator: Emulator,
) -> None:
    staging = emulator.within("210987654321", emulator.region_name)
    origin = staging.add("web")
    staging.trust(emulator.account_id)
    emulator.initialize()
    made = emulator.drs.create_extended_source_server(
        sourceServerArn=staging.arn(origin)
    )["sourceServer"]

    emulator.inject(
        drs.ExtensionError(made["sourceServerID"], "key not found")
    )

    (found,) = emulator.drs.describe_source_servers()["items"]
    assert found["stagingArea"]["status"] == "EXTENSION_ERROR"
    assert found["stagingArea"]["errorMessage"] == "key not found"


@pytest.mark.parametrize(
    ("state", "launches"), [("STALLED", True), ("DISCONNECTED", False)]
)
def test_a_server_is_in_the_replication_state_of_its_fault(
    emulator: Emulator, state: str, launches: bool
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.ReplicationState(server, state))

    (found,) = emulator.drs.describe_source_servers()["items"]

    info = found["dataReplicationInfo"]
    assert info["dataReplicationState"] == state
    if launches:
        assert emulator.start(server)
    else:
        with pytest.raises(ClientError, match="ConflictException"):
            emulator.start(server)


@pytest.mark.parametrize("state", ["NOT_FOUND", "TERMINATED"])
@pytest.mark.parametrize("early", [True, False])
def test_the_record_stays_when_the_instance_vanishes(
    emulator: Emulator, state: Any, early: bool
) -> None:
    server = emulator.add("web")
    fault = drs.InstanceVanishes(server, state)

    if early:
        emulator.inject(fault)
    emulator.recover(server)
    if not early:
        emulator.inject(fault)

    (record,) = emulator.drs.describe_recovery_instances()["items"]
    (instance,) = emulator.instances().values()
    assert record["ec2InstanceState"] == state
    assert instance["State"]["Name"] == "terminated"


@pytest.mark.parametrize(
    ("optional", "status"), [(True, "LAUNCHED"), (False, "FAILED")]
)
def test_a_launch_fails_with_its_action_unless_that_is_optional(
    emulator: Emulator, optional: bool, status: str
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.LaunchActionFails(server, optional, reason="no agent"))

    job = emulator.recover(server)

    (participant,) = job["participatingServers"]
    (run,) = participant["launchActionsStatus"]["runs"]
    assert participant["launchStatus"] == status
    assert (run["status"], run["failureReason"]) == ("FAILED", "no agent")
    assert run["action"]["optional"] is optional


@pytest.mark.in_process("the log breaks the model")
def test_the_log_has_an_event_that_the_model_lacks(
    emulator: Emulator,
) -> None:
    first, second = emulator.add("web"), emulator.add("app")
    emulator.inject(drs.UnknownEvent("CHECKSUM_START"))
    emulator.inject(drs.UnknownEvent("CHECKSUM_END", second))

    job = emulator.recover(first, second)

    region = emulator.region
    log = [(item.event, item.data) for item in region.jobs[job["jobID"]].log]
    assert log[1:3] == [
        ("CHECKSUM_START", {}),
        ("CHECKSUM_END", {"sourceServerID": second}),
    ]


@pytest.mark.in_process("calls Region.fail_at")
def test_a_launch_that_is_over_succeeds_when_its_server_is_told_to_fail_later(
    emulator: Emulator,
) -> None:
    region = emulator.region
    server = emulator.add("web")
    job = emulator.start(server)
    emulator.sleep(3600)

    region.fail_at(server, "launch")

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}


def test_a_launch_that_is_over_succeeds_when_a_fault_is_set_later(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    job = emulator.start(server)
    emulator.sleep(3600)

    emulator.inject(drs.FailAt(server, "launch"))

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}


def test_a_launch_fails_when_its_fault_is_taken_away_after_its_end(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    fault = drs.FailAt(server, "launch")
    emulator.inject(fault)
    job = emulator.start(server)
    emulator.sleep(3600)

    emulator.withdraw(fault)

    assert emulator.statuses(job["jobID"]) == {server: "FAILED"}
