"""Choices about terminate jobs, and about what a job keeps from others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs
from harness.drs.engine.job_options import JobOptions

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

ALL = JobOptions().locked_operations


def recovered(emulator: Emulator) -> str:
    emulator.recover(emulator.add("web"))
    (found,) = emulator.drs.describe_recovery_instances()["items"]
    return found["recoveryInstanceID"]


def terminate(emulator: Emulator, instance: str) -> Any:
    answer = emulator.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[instance]
    )
    return answer["job"]


@pytest.mark.parametrize("status", ["FAILED", "LAUNCHED", "TERMINATED"])
def test_a_server_has_the_chosen_status_when_its_termination_is_refused(
    emulator: Emulator, status: Any
) -> None:
    emulator.choose(jobs=drs.JobOptions(refused_termination_status=status))
    instance = recovered(emulator)
    emulator.ec2.modify_instance_attribute(
        InstanceId=instance, DisableApiTermination={"Value": True}
    )

    job_id = terminate(emulator, instance)["jobID"]
    emulator.sleep(3600)

    assert list(emulator.statuses(job_id).values()) == [status]
    assert "CLEANUP_FAIL" in emulator.events(job_id)
    assert emulator.job(job_id)["status"] == "COMPLETED"


@pytest.mark.parametrize("shows", [True, False])
def test_a_termination_is_in_progress_when_so_chosen(
    emulator: Emulator, shows: bool
) -> None:
    emulator.choose(jobs=drs.JobOptions(terminations_show_in_progress=shows))
    job_id = terminate(emulator, recovered(emulator))["jobID"]

    emulator.sleep(60)
    during = list(emulator.statuses(job_id).values())
    emulator.sleep(3600)

    assert during == ["IN_PROGRESS" if shows else "PENDING"]
    assert list(emulator.statuses(job_id).values()) == ["TERMINATED"]


@pytest.mark.parametrize("names", [True, False])
def test_a_terminate_job_names_its_instances_when_so_chosen(
    emulator: Emulator, names: bool
) -> None:
    emulator.choose(jobs=drs.JobOptions(terminations_name_instances=names))
    instance = recovered(emulator)

    job = terminate(emulator, instance)

    (participant,) = job["participatingServers"]
    named = participant.get("recoveryInstanceID")
    assert named == (instance if names else None)


@pytest.mark.parametrize("states", [("PENDING", "STARTED"), ("PENDING",), ()])
def test_a_job_cannot_be_deleted_in_the_chosen_states(
    emulator: Emulator, states: tuple[str, ...]
) -> None:
    jobs = drs.JobOptions(undeletable_states=frozenset(states))
    emulator.choose(jobs=jobs)
    pending = emulator.start(emulator.add("first"))["jobID"]
    refused = [deletion_is_refused(emulator, pending)]
    started = emulator.start(emulator.add("second"))["jobID"]

    emulator.sleep(60)
    refused.append(deletion_is_refused(emulator, started))
    emulator.sleep(3600)

    launched = emulator.drs.describe_recovery_instances()["items"]
    assert refused == ["PENDING" in states, "STARTED" in states]
    assert len(launched) == 2


def deletion_is_refused(emulator: Emulator, job_id: str) -> bool:
    try:
        emulator.drs.delete_job(jobID=job_id)
    except emulator.drs.exceptions.ConflictException:
        return True
    return False


def on_server(name: str, **more: Any) -> Callable[[Emulator, str], Any]:
    def act(emulator: Emulator, server: str) -> Any:
        call = getattr(emulator.drs, name)
        return call(sourceServerID=server, **more)

    return act


def on_instance(name: str) -> Callable[[Emulator, str], Any]:
    def act(emulator: Emulator, server: str) -> Any:
        (found,) = emulator.drs.describe_recovery_instances()["items"]
        call = getattr(emulator.drs, name)
        return call(recoveryInstanceID=found["recoveryInstanceID"])

    return act


RULES = [{"units": "HOUR", "interval": 1, "retentionDuration": 24}] * 3
DURING_A_LAUNCH = {
    "DisconnectSourceServer": on_server("disconnect_source_server"),
    "StopReplication": on_server("stop_replication"),
    "UpdateLaunchConfiguration": on_server(
        "update_launch_configuration", copyTags=True
    ),
    "UpdateReplicationConfiguration": on_server(
        "update_replication_configuration", pitPolicy=RULES
    ),
}


def is_refused(act: Callable[[], Any]) -> bool:
    try:
        act()
    except Exception as error:
        assert "currently being processed by a Job" in str(error)
        return True
    return False


@pytest.mark.parametrize("operation", DURING_A_LAUNCH)
@pytest.mark.parametrize("locked", [True, False])
def test_the_chosen_operations_are_refused_during_a_launch(
    emulator: Emulator, operation: str, locked: bool
) -> None:
    names = ALL | {operation} if locked else ALL - {operation}
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]

    act = DURING_A_LAUNCH[operation]
    refused = is_refused(lambda: act(emulator, server))
    emulator.sleep(3600)

    assert refused is locked
    assert emulator.statuses(job_id) == {server: "LAUNCHED"}


@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.parametrize(
    ("operation", "act", "state"),
    [
        ("StartReplication", on_server("start_replication"), "STOPPED"),
        ("RetryDataReplication", on_server("retry_data_replication"), ""),
    ],
)
def test_the_chosen_operations_are_refused_for_a_busy_server(
    emulator: Emulator, operation: str, act: Any, state: str, locked: bool
) -> None:
    names = frozenset({operation} if locked else ())
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    server = emulator.add("web", replication_state=state or "STALLED")
    emulator.inject(drs.Busy(server))

    assert is_refused(lambda: act(emulator, server)) is locked


@pytest.mark.parametrize("locked", [True, False])
def test_a_server_is_deleted_during_its_launch_when_so_chosen(
    emulator: Emulator, locked: bool
) -> None:
    names = ALL - {"DisconnectSourceServer"}
    if not locked:
        names = names - {"DeleteSourceServer"}
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    server = emulator.add("web")
    job_id = emulator.start(server)["jobID"]
    emulator.drs.disconnect_source_server(sourceServerID=server)

    delete = on_server("delete_source_server")
    refused = is_refused(lambda: delete(emulator, server))
    emulator.sleep(3600)

    left = emulator.drs.describe_source_servers()["items"]
    assert (refused, len(left)) == (locked, int(locked))
    assert emulator.statuses(job_id) == {server: "LAUNCHED"}


@pytest.mark.parametrize("locked", [True, False])
def test_an_instance_is_disconnected_during_a_job_when_so_chosen(
    emulator: Emulator, locked: bool
) -> None:
    names = ALL if locked else ALL - {"DisconnectRecoveryInstance"}
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    terminate(emulator, recovered(emulator))

    act = on_instance("disconnect_recovery_instance")

    assert is_refused(lambda: act(emulator, "")) is locked


@pytest.mark.parametrize("locked", [True, False])
def test_an_instance_is_deleted_during_a_job_when_so_chosen(
    emulator: Emulator, locked: bool
) -> None:
    names = ALL if locked else ALL - {"DeleteRecoveryInstance"}
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    instance = recovered(emulator)
    on_instance("disconnect_recovery_instance")(emulator, "")
    job_id = terminate(emulator, instance)["jobID"]

    act = on_instance("delete_recovery_instance")
    refused = is_refused(lambda: act(emulator, ""))
    emulator.sleep(3600)

    assert refused is locked
    assert list(emulator.statuses(job_id).values()) == ["TERMINATED"]


@pytest.mark.parametrize("locked", [True, False])
def test_replication_is_reversed_to_a_busy_server_when_so_chosen(
    emulator: Emulator, locked: bool
) -> None:
    names = ALL if locked else ALL - {"ReverseReplication"}
    emulator.choose(jobs=drs.JobOptions(locked_operations=names))
    origin = emulator.within(emulator.account_id, "us-west-2")
    origin.initialize()
    emulator.recover(emulator.add("web", origin_region="us-west-2"))
    reverse = on_instance("reverse_replication")
    reverse(emulator, "")
    (there,) = origin.drs.describe_source_servers()["items"]
    origin.drs.stop_replication(sourceServerID=there["sourceServerID"])
    origin.inject(drs.Busy(there["sourceServerID"]))

    assert is_refused(lambda: reverse(emulator, "")) is locked


@pytest.mark.parametrize("refuses", [True, False])
def test_a_second_stop_is_refused_when_so_chosen(
    emulator: Emulator, refuses: bool
) -> None:
    emulator.choose(refuses_second_stop=refuses)
    server = emulator.add("web")
    emulator.drs.stop_replication(sourceServerID=server)

    try:
        emulator.drs.stop_replication(sourceServerID=server)
        refused = False
    except emulator.drs.exceptions.ConflictException:
        refused = True

    shown = emulator.server(server)["dataReplicationInfo"]
    assert refused is refuses
    assert shown["dataReplicationState"] == "STOPPED"
