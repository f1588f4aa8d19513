"""Choices about jobs: each value makes the difference the README tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

UNKNOWN_SNAPSHOT = f"pit-{'0' * 17}"


def sleep_until(emulator: Emulator, job_id: str, event: str) -> None:
    for _ in range(60):
        if event in emulator.events(job_id):
            return
        emulator.sleep(20)
    raise AssertionError(f"{event} did not come")


def running(emulator: Emulator) -> int:
    states = [each["State"]["Name"] for each in emulator.instances().values()]
    return states.count("running")


def terminate(emulator: Emulator) -> str:
    items = emulator.drs.describe_recovery_instances()["items"]
    job = emulator.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[each["recoveryInstanceID"] for each in items]
    )["job"]
    return job["jobID"]


@pytest.mark.parametrize(
    ("drill", "initiated_by"),
    [(False, "START_RECOVERY"), (True, "START_DRILL")],
)
def test_a_job_without_is_drill_is_what_was_chosen(
    emulator: Emulator, drill: bool, initiated_by: str
) -> None:
    emulator.choose(jobs=drs.JobOptions(drill_by_default=drill))
    server = emulator.add("web")

    job = emulator.drs.start_recovery(
        sourceServers=[{"sourceServerID": server}]
    )["job"]

    assert job["initiatedBy"] == initiated_by


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (("busy", "unready", "snapshot", "quota"), "ConflictException"),
        (("snapshot", "busy"), "ResourceNotFoundException"),
        (("quota", "snapshot"), "ServiceQuotaExceededException"),
    ],
)
def test_the_first_check_of_the_chosen_order_refuses(
    emulator: Emulator, order: Any, code: str
) -> None:
    emulator.choose(
        jobs=drs.JobOptions(refusal_order=order),
        quotas=drs.Quotas(servers_per_job=0),
    )
    server = emulator.add("web", replication_state="STOPPED")

    with pytest.raises(ClientError, match=code):
        emulator.drs.start_recovery(
            sourceServers=[
                {
                    "sourceServerID": server,
                    "recoverySnapshotID": UNKNOWN_SNAPSHOT,
                }
            ]
        )


def test_what_the_chosen_order_leaves_out_is_not_checked(
    emulator: Emulator,
) -> None:
    emulator.choose(jobs=drs.JobOptions(refusal_order=("busy",)))
    server = emulator.add("web", replication_state="STOPPED")

    assert emulator.start(server)["status"] == "PENDING"


@pytest.mark.parametrize("counted", [True, False])
def test_terminate_jobs_count_against_the_quotas_when_so_chosen(
    emulator: Emulator, counted: bool
) -> None:
    emulator.choose(
        jobs=drs.JobOptions(counts_terminations=counted),
        quotas=drs.Quotas(active_jobs=1),
    )
    emulator.recover(emulator.add("first"))
    second = emulator.add("second")
    terminate(emulator)

    try:
        emulator.start(second)
        refused = False
    except emulator.drs.exceptions.ServiceQuotaExceededException:
        refused = True

    assert refused is counted


@pytest.mark.parametrize("logged", [True, False])
def test_a_terminate_job_logs_its_clean_up_when_so_chosen(
    emulator: Emulator, logged: bool
) -> None:
    emulator.choose(jobs=drs.JobOptions(logs_terminations=logged))
    emulator.recover(emulator.add("web"))

    job_id = terminate(emulator)
    emulator.sleep(3600)

    clean_up = ["CLEANUP_START", "CLEANUP_END"] if logged else []
    assert emulator.events(job_id) == ["JOB_START", *clean_up, "JOB_END"]
    assert running(emulator) == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, None),
        (
            {"jobs": drs.JobOptions(refuses_unknown_log=True)},
            "ResourceNotFoundException",
        ),
        (
            {
                "jobs": drs.JobOptions(refuses_unknown_log=True),
                "declared_errors_only": True,
            },
            "ValidationException",
        ),
    ],
)
def test_the_log_of_an_unknown_job_is_refused_when_so_chosen(
    emulator: Emulator, options: dict[str, Any], code: str | None
) -> None:
    emulator.choose(**options)
    emulator.initialize()

    try:
        found: Any = emulator.log(f"drsjob-{'0' * 17}")
    except ClientError as error:
        found = error.response["Error"]["Code"]

    assert found == (code or [])


@pytest.mark.parametrize(
    ("moment", "instances"), [("LAUNCH_START", 1), ("LAUNCH_END", 0)]
)
def test_the_instance_is_in_ec2_from_the_chosen_moment(
    emulator: Emulator, moment: Any, instances: int
) -> None:
    emulator.choose(jobs=drs.JobOptions(instance_appears_at=moment))
    job_id = emulator.start(emulator.add("web"))["jobID"]

    sleep_until(emulator, job_id, "LAUNCH_START")
    early = running(emulator)
    records = emulator.drs.describe_recovery_instances()["items"]
    emulator.sleep(3600)

    (end,) = [x for x in emulator.log(job_id) if x["event"] == "LAUNCH_END"]
    assert (early, records) == (instances, [])
    assert running(emulator) == 1
    assert set(emulator.instances()) == {end["eventData"]["targetInstanceID"]}


def test_an_early_instance_is_removed_when_the_launch_fails(
    emulator: Emulator,
) -> None:
    emulator.choose(jobs=drs.JobOptions(instance_appears_at="LAUNCH_START"))
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]
    sleep_until(emulator, job_id, "LAUNCH_START")

    emulator.fail(server, "launch")
    emulator.sleep(3600)

    assert emulator.statuses(job_id) == {server: "FAILED"}
    assert running(emulator) == 0


def test_no_early_instance_appears_when_the_launch_will_fail(
    emulator: Emulator,
) -> None:
    emulator.choose(jobs=drs.JobOptions(instance_appears_at="LAUNCH_START"))
    server = emulator.add("web", fail_at="launch")

    emulator.recover(server)

    assert emulator.instances() == {}


@pytest.mark.parametrize(
    ("moment", "left"), [("CLEANUP_START", 0), ("CLEANUP_END", 1)]
)
def test_the_instance_leaves_ec2_at_the_chosen_moment(
    emulator: Emulator, moment: Any, left: int
) -> None:
    emulator.choose(jobs=drs.JobOptions(instance_ends_at=moment))
    emulator.recover(emulator.add("web"))

    job_id = terminate(emulator)
    sleep_until(emulator, job_id, "CLEANUP_START")
    during = running(emulator)
    emulator.sleep(3600)

    assert emulator.drs.describe_recovery_instances()["items"] == []
    assert (during, running(emulator)) == (left, 0)


@pytest.mark.parametrize(
    ("moment", "left"), [("CLEANUP_START", 0), ("CLEANUP_END", 1)]
)
def test_an_earlier_instance_leaves_ec2_at_the_chosen_moment(
    emulator: Emulator, moment: Any, left: int
) -> None:
    emulator.choose(jobs=drs.JobOptions(instance_ends_at=moment))
    server = emulator.add("web")
    emulator.recover(server)

    job_id = emulator.start(server)["jobID"]
    sleep_until(emulator, job_id, "CLEANUP_START")

    assert running(emulator) == left


@pytest.mark.parametrize("uses", [True, False])
def test_a_failed_snapshot_is_replaced_by_an_earlier_one_when_so_chosen(
    emulator: Emulator, uses: bool
) -> None:
    emulator.choose(jobs=drs.JobOptions(uses_previous_snapshot=uses))
    server = emulator.add("web", fail_at="snapshot")
    emulator.sleep(630)

    job_id = emulator.recover(server)["jobID"]

    events = emulator.events(job_id)
    assert emulator.statuses(job_id)[server] == (
        "LAUNCHED" if uses else "FAILED"
    )
    assert "SNAPSHOT_FAIL" in events
    assert ("USING_PREVIOUS_SNAPSHOT" in events) is uses
    assert len(emulator.instances()) == int(uses)


def test_the_replaced_snapshot_is_the_latest_one(emulator: Emulator) -> None:
    emulator.choose(jobs=drs.JobOptions(uses_previous_snapshot=True))
    server = emulator.add("web", fail_at="snapshot")
    emulator.sleep(630)
    newest = emulator.drs.describe_recovery_snapshots(sourceServerID=server)

    emulator.recover(server)

    (made,) = emulator.drs.describe_recovery_instances()["items"]
    taken = newest["items"][0]["timestamp"]
    assert made["pointInTimeSnapshotDateTime"] == taken


def test_a_failed_snapshot_fails_the_launch_when_there_is_no_earlier_one(
    emulator: Emulator,
) -> None:
    jobs = drs.JobOptions(uses_previous_snapshot=True)
    emulator.choose(jobs=jobs, snapshot_states=frozenset())
    server = emulator.add("web", fail_at="snapshot")

    job_id = emulator.recover(server)["jobID"]

    assert emulator.statuses(job_id) == {server: "FAILED"}
    assert "USING_PREVIOUS_SNAPSHOT_FAILED" in emulator.events(job_id)


@pytest.mark.parametrize("copies", [True, False])
def test_the_address_is_copied_without_a_subnet_when_so_chosen(
    emulator: Emulator, copies: bool
) -> None:
    subnet = emulator.ec2.describe_subnets()["Subnets"][0]
    address = subnet["CidrBlock"].split("/")[0].removesuffix("0") + "77"
    emulator.choose(
        jobs=drs.JobOptions(copies_address_without_subnet=copies),
        launch_configuration=drs.LaunchConfiguration(copy_private_ip=True),
    )

    emulator.recover(emulator.add("web", private_ip=address))

    (instance,) = emulator.instances().values()
    assert (instance["PrivateIpAddress"] == address) is copies


@pytest.mark.parametrize("remakes", [True, False])
def test_a_deleted_template_is_made_anew_when_it_is_read_if_so_chosen(
    emulator: Emulator, remakes: bool
) -> None:
    emulator.choose(remakes_template_when_read=remakes)
    server = emulator.add("web")
    deleted = template_of(emulator, server)
    emulator.ec2.delete_launch_template(LaunchTemplateId=deleted)

    shown = template_of(emulator, server)
    emulator.recover(server)

    assert (shown != deleted) is remakes
    assert template_of(emulator, server) != deleted
    assert running(emulator) == 1


def template_of(emulator: Emulator, server: str) -> str:
    found = emulator.drs.get_launch_configuration(sourceServerID=server)
    return found["ec2LaunchTemplateID"]
