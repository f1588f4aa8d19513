"""Failing back to the Region of origin, and protecting again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

ORIGIN = "us-west-2"


@dataclass
class Failover:
    """A server of EC2 that was recovered in another Region."""

    here: Emulator
    origin: Emulator
    server: str

    @property
    def instance(self) -> Any:
        (found,) = self.here.drs.describe_recovery_instances()["items"]
        return found

    def reverse(self) -> str:
        answer = self.here.drs.reverse_replication(
            recoveryInstanceID=self.instance["recoveryInstanceID"]
        )
        return answer["reversedDirectionSourceServerArn"]

    def leave(self) -> None:
        """Remove the instance and then the first server."""
        instance = self.instance["recoveryInstanceID"]
        self.here.drs.terminate_recovery_instances(
            recoveryInstanceIDs=[instance]
        )
        self.here.sleep(3600)
        self.here.drs.disconnect_source_server(sourceServerID=self.server)
        self.here.drs.delete_source_server(sourceServerID=self.server)


@pytest.fixture
def failover(emulator: Emulator) -> Failover:
    """Give a server recovered from another Region."""
    origin = emulator.within(emulator.account_id, ORIGIN)
    origin.initialize()
    server = emulator.add(
        "web", origin_region=ORIGIN, hardware_id="i-0123456789abcdef0"
    )
    emulator.recover(server)
    return Failover(emulator, origin, server)


def test_a_server_of_the_other_direction_replicates_in_the_origin(
    failover: Failover,
) -> None:
    arn = failover.reverse()

    (there,) = failover.origin.drs.describe_source_servers()["items"]
    (here,) = failover.here.drs.describe_source_servers()["items"]
    assert there["arn"] == here["reversedDirectionSourceServerArn"] == arn
    assert there["reversedDirectionSourceServerArn"] == here["arn"]
    assert there["replicationDirection"] == "FAILBACK"
    assert there["dataReplicationInfo"]["dataReplicationState"] == "INITIATING"
    assert there["sourceCloudProperties"] == {
        "originAccountID": "123456789012",
        "originRegion": "us-east-1",
    }
    assert here["sourceCloudProperties"]["originRegion"] == ORIGIN
    assert failover.instance["originEnvironment"] == "AWS"


def test_the_instance_shows_how_far_the_failback_is(
    failover: Failover,
) -> None:
    states = [failover.instance["failback"]["state"]]

    arn = failover.reverse()
    states.append(failover.instance["failback"]["state"])
    failover.here.sleep(3600)
    states.append(failover.instance["failback"]["state"])
    failover.origin.recover(arn.split("/")[1])
    states.append(failover.instance["failback"]["state"])

    assert states == [
        "FAILBACK_NOT_READY_FOR_LAUNCH",
        "FAILBACK_IN_PROGRESS",
        "FAILBACK_READY_FOR_LAUNCH",
        "FAILBACK_COMPLETED",
    ]


def test_the_first_server_is_protected_again_when_reversed_twice(
    failover: Failover,
) -> None:
    arn = failover.reverse()
    failover.here.sleep(3600)
    failover.origin.recover(arn.split("/")[1])
    (back,) = failover.origin.drs.describe_recovery_instances()["items"]

    answer = failover.origin.drs.reverse_replication(
        recoveryInstanceID=back["recoveryInstanceID"]
    )

    (here,) = failover.here.drs.describe_source_servers()["items"]
    assert answer["reversedDirectionSourceServerArn"] == here["arn"]
    assert here["sourceServerID"] == failover.server
    assert here["replicationDirection"] == "FAILOVER"
    assert here["dataReplicationInfo"]["dataReplicationState"] == "INITIATING"


def test_the_first_server_is_not_protected_again_while_a_job_has_it(
    failover: Failover,
) -> None:
    arn = failover.reverse()
    failover.here.sleep(3600)
    failover.origin.recover(arn.split("/")[1])
    (back,) = failover.origin.drs.describe_recovery_instances()["items"]
    failover.here.start(failover.server)

    with pytest.raises(ClientError, match="ConflictException"):
        failover.origin.drs.reverse_replication(
            recoveryInstanceID=back["recoveryInstanceID"]
        )


def test_an_instance_is_terminated_only_after_its_failback_has_stopped(
    failover: Failover,
) -> None:
    arn = failover.reverse()
    instance = failover.instance["recoveryInstanceID"]

    with pytest.raises(ClientError, match="ConflictException"):
        failover.here.drs.terminate_recovery_instances(
            recoveryInstanceIDs=[instance]
        )
    failover.origin.drs.stop_replication(sourceServerID=arn.split("/")[1])
    stopped = failover.instance["failback"]["state"]
    failover.here.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[instance]
    )
    failover.here.sleep(3600)

    assert stopped == "FAILBACK_NOT_STARTED"
    assert failover.here.drs.describe_recovery_instances()["items"] == []


def test_replication_is_not_reversed_twice(failover: Failover) -> None:
    failover.reverse()

    with pytest.raises(ClientError, match="ConflictException"):
        failover.reverse()


def test_replication_is_not_reversed_from_a_disconnected_instance(
    failover: Failover,
) -> None:
    instance = failover.instance["recoveryInstanceID"]
    failover.here.drs.disconnect_recovery_instance(recoveryInstanceID=instance)

    with pytest.raises(ClientError, match="ConflictException"):
        failover.reverse()


def test_replication_is_not_reversed_while_the_instance_initializes(
    failover: Failover,
) -> None:
    job = failover.here.start(failover.server)
    while failover.here.job(job["jobID"])["status"] != "COMPLETED":
        failover.here.sleep(10)

    with pytest.raises(ClientError, match="still initializing"):
        failover.reverse()


def test_replication_is_not_reversed_when_the_server_is_not_in_ec2(
    emulator: Emulator,
) -> None:
    emulator.recover(emulator.add("web"))
    (instance,) = emulator.drs.describe_recovery_instances()["items"]

    with pytest.raises(ClientError, match="ValidationException"):
        emulator.drs.reverse_replication(
            recoveryInstanceID=instance["recoveryInstanceID"]
        )


def test_replication_is_not_reversed_when_the_origin_is_not_initialized(
    emulator: Emulator,
) -> None:
    emulator.recover(emulator.add("web", origin_region="eu-west-1"))
    (instance,) = emulator.drs.describe_recovery_instances()["items"]

    with pytest.raises(ClientError, match="UninitializedAccountException"):
        emulator.drs.reverse_replication(
            recoveryInstanceID=instance["recoveryInstanceID"]
        )


@pytest.mark.parametrize("copies", [True, False])
def test_the_reversed_server_has_the_tags_of_the_first_when_so_chosen(
    emulator: Emulator, copies: bool
) -> None:
    emulator.choose(reversed_server_copies_tags=copies)
    origin = emulator.within(emulator.account_id, ORIGIN)
    origin.initialize()
    server = emulator.add("web", origin_region=ORIGIN, tags={"tier": "web"})
    emulator.recover(server)

    Failover(emulator, origin, server).reverse()

    (there,) = origin.drs.describe_source_servers()["items"]
    assert there["tags"] == ({"tier": "web"} if copies else {})


def test_a_new_server_fails_over_when_the_first_one_is_gone(
    failover: Failover,
) -> None:
    back = failover.reverse().split("/")[1]
    failover.here.sleep(3600)
    failover.origin.recover(back)
    (instance,) = failover.origin.drs.describe_recovery_instances()["items"]
    failover.origin.drs.stop_replication(sourceServerID=back)
    failover.leave()

    failover.origin.drs.reverse_replication(
        recoveryInstanceID=instance["recoveryInstanceID"]
    )

    (made,) = failover.here.drs.describe_source_servers()["items"]
    assert made["sourceServerID"] != failover.server
    assert made["replicationDirection"] == "FAILOVER"


STATES = ("stopped", "syncing", "synced", "launched", "gone")


@pytest.mark.parametrize("name", STATES)
def test_a_failback_has_the_chosen_states(
    emulator: Emulator, name: str
) -> None:
    chosen: Any = {name: "FAILBACK_ERROR"}
    emulator.choose(failback_states=drs.FailbackStates(**chosen))
    origin = emulator.within(emulator.account_id, ORIGIN)
    origin.initialize()
    server = emulator.add("web", origin_region=ORIGIN)
    emulator.recover(server)
    back = Failover(emulator, origin, server)

    found = dict(zip(STATES, states_of_a_failback(back), strict=True))

    usual = {each.name: each.default for each in fields(drs.FailbackStates)}
    assert found == usual | chosen


def states_of_a_failback(back: Failover) -> list[str]:
    """Go through all that a failback can be: see STATES for the order."""
    there = {"sourceServerID": back.reverse().rpartition("/")[2]}
    back.origin.drs.stop_replication(**there)
    found = [state_of(back)]
    back.reverse()
    found.append(state_of(back))
    back.origin.sleep(3600)
    found.append(state_of(back))
    back.origin.recover(there["sourceServerID"])
    found.append(state_of(back))
    (made,) = back.origin.drs.describe_recovery_instances()["items"]
    back.origin.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[made["recoveryInstanceID"]]
    )
    back.origin.sleep(3600)
    back.origin.drs.disconnect_source_server(**there)
    back.origin.drs.delete_source_server(**there)
    return [*found, state_of(back)]


def state_of(back: Failover) -> str:
    return str(back.instance["failback"]["state"])
