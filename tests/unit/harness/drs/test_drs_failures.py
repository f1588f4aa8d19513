"""A server that fails does not fail its job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness import drs

if TYPE_CHECKING:
    from harness.drs.engine.records import Phase
    from tests.unit.harness.drs.conftest import Emulator

BEFORE = {
    "snapshot": ["SNAPSHOT_START", "SNAPSHOT_FAIL"],
    "conversion": [
        "SNAPSHOT_START",
        "SNAPSHOT_END",
        "CONVERSION_START",
        "CONVERSION_FAIL",
    ],
    "launch": [
        "SNAPSHOT_START",
        "SNAPSHOT_END",
        "CONVERSION_START",
        "CONVERSION_END",
        "LAUNCH_START",
        "LAUNCH_FAILED",
    ],
}


@pytest.mark.parametrize("phase", BEFORE)
def test_the_job_completes_when_a_server_fails_at_a_phase(
    emulator: Emulator, phase: Phase
) -> None:
    good = emulator.add("good")
    bad = emulator.add("bad", fail_at=phase, fail_message="no luck")

    job = emulator.recover(good, bad)

    assert job["status"] == "COMPLETED"
    assert emulator.statuses(job["jobID"]) == {good: "LAUNCHED", bad: "FAILED"}
    assert emulator.events(job["jobID"], bad) == BEFORE[phase]
    errors = [
        item["eventData"]["rawError"]
        for item in emulator.log(job["jobID"])
        if "rawError" in item["eventData"]
    ]
    assert errors == ["no luck"]
    assert len(emulator.instances()) == 1


def test_the_job_completes_without_instances_when_all_servers_fail(
    emulator: Emulator,
) -> None:
    servers = [emulator.add("a", fail_at="launch") for _ in range(2)]

    job = emulator.recover(*servers)

    assert job["status"] == "COMPLETED"
    assert set(emulator.statuses(job["jobID"]).values()) == {"FAILED"}
    assert emulator.drs.describe_recovery_instances()["items"] == []
    assert emulator.instances() == {}


def test_the_source_server_shows_how_its_last_launch_ended(
    emulator: Emulator,
) -> None:
    good, bad = emulator.add("good"), emulator.add("bad", fail_at="snapshot")
    fresh = emulator.drs.describe_source_servers()["items"][0]

    job_id = emulator.start(good, bad)["jobID"]
    pending = emulator.drs.describe_source_servers()["items"][0]
    emulator.sleep(3600)
    launched, failed = emulator.drs.describe_source_servers()["items"]

    assert fresh["lastLaunchResult"] == "NOT_STARTED"
    assert pending["lastLaunchResult"] == "PENDING"
    assert launched["lastLaunchResult"] == "SUCCEEDED"
    assert failed["lastLaunchResult"] == "FAILED"
    assert "recoveryInstanceId" not in failed
    assert launched["lifeCycle"]["lastLaunch"] == {
        "initiated": {
            "apiCallDateTime": "2026-01-05T10:00:00.000000+00:00",
            "jobID": job_id,
            "type": "DRILL",
        },
        "status": "LAUNCHED",
    }
    assert "state" not in launched["lifeCycle"]


@pytest.mark.in_process("calls Region.fail_at")
def test_a_server_fails_when_told_so_while_its_job_runs(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]
    emulator.sleep(100)

    emulator.region.fail_at(server, "launch", "denied")
    emulator.sleep(3600)

    assert emulator.statuses(job_id) == {server: "FAILED"}
    assert emulator.log(job_id)[-2]["eventData"] == {
        "sourceServerID": server,
        "rawError": "denied",
    }


@pytest.mark.in_process("calls Region.fail_at")
def test_a_server_launches_again_when_its_fault_is_taken_away(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", fail_at="launch")
    emulator.recover(server)

    emulator.region.fail_at(server, None)
    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}


@pytest.mark.in_process("calls Region.fail_at")
def test_a_fault_is_refused_when_the_server_is_unknown(
    emulator: Emulator,
) -> None:
    with pytest.raises(drs.UnknownSourceServerError, match="s-missing"):
        emulator.region.fail_at("s-missing", "launch")
