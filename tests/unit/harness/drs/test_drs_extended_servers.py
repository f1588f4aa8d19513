"""Source servers of staging accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

STAGING = "210987654321"


@dataclass
class Accounts:
    """A target account and a staging account that trusts it."""

    target: Emulator
    staging: Emulator

    def arn(self, server: str) -> str:
        return self.staging.arn(server)

    def extend(self, server: str, **request: Any) -> Any:
        return self.target.drs.create_extended_source_server(
            sourceServerArn=self.arn(server), **request
        )

    def shown(self) -> Any:
        (found,) = self.target.drs.describe_source_servers()["items"]
        return found

    def extensible(self, **request: Any) -> list[str]:
        pages = self.target.drs.get_paginator("list_extensible_source_servers")
        found = pages.paginate(stagingAccountID=STAGING, **request)
        return [item["hostname"] for page in found for item in page["items"]]


@pytest.fixture
def accounts(emulator: Emulator) -> Accounts:
    """Give two initialized accounts, one of which trusts the other."""
    staging = emulator.within(STAGING, emulator.region_name)
    emulator.initialize()
    staging.initialize()
    staging.trust(emulator.account_id)
    return Accounts(emulator, staging)


def test_a_server_is_extended_from_its_staging_account(
    accounts: Accounts,
) -> None:
    server = accounts.staging.add("web", tags={"of": "staging"})

    answer = accounts.extend(server, tags={"of": "target"})

    made = answer["sourceServer"]
    snapshots = accounts.target.drs.describe_recovery_snapshots(
        sourceServerID=made["sourceServerID"]
    )
    assert snapshots["items"] == []
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["sourceServerID"] != server
    assert made["tags"] == {"of": "target"}
    assert made["dataReplicationInfo"]["dataReplicationState"] == "INITIATING"
    assert made["stagingArea"] == {
        "status": "EXTENDED",
        "stagingAccountID": STAGING,
        "stagingSourceServerArn": accounts.arn(server),
    }


def test_an_extended_server_launches_in_the_target_account(
    accounts: Accounts,
) -> None:
    accounts.extend(accounts.staging.add("web"))
    accounts.target.sleep(3600)
    server = accounts.shown()["sourceServerID"]

    job = accounts.target.recover(server)

    assert accounts.target.statuses(job["jobID"]) == {server: "LAUNCHED"}
    assert len(accounts.target.instances()) == 1
    assert accounts.staging.instances() == {}


def test_an_extended_server_has_snapshots_and_state_of_its_staging_server(
    accounts: Accounts,
) -> None:
    origin = accounts.staging.add("web")
    accounts.extend(origin)
    accounts.target.sleep(3600)
    server = accounts.shown()["sourceServerID"]

    times = [
        [item["timestamp"] for item in answer["items"]]
        for answer in (
            accounts.target.drs.describe_recovery_snapshots(
                sourceServerID=server
            ),
            accounts.staging.drs.describe_recovery_snapshots(
                sourceServerID=origin
            ),
        )
    ]
    accounts.staging.drs.stop_replication(sourceServerID=origin)

    info = accounts.shown()["dataReplicationInfo"]
    assert times[0] == times[1]
    assert len(times[0]) == 7
    assert info["dataReplicationState"] == "STOPPED"


def test_the_extension_is_in_error_when_the_staging_server_is_gone(
    accounts: Accounts,
) -> None:
    origin = accounts.staging.add("web")
    accounts.extend(origin)
    accounts.target.sleep(3600)

    accounts.staging.drs.disconnect_source_server(sourceServerID=origin)
    accounts.staging.drs.delete_source_server(sourceServerID=origin)

    area = accounts.shown()["stagingArea"]
    server = accounts.shown()["sourceServerID"]
    snapshots = accounts.target.drs.describe_recovery_snapshots(
        sourceServerID=server
    )
    assert area["status"] == "EXTENSION_ERROR"
    assert "does not exist" in area["errorMessage"]
    assert snapshots["items"] == []
    with pytest.raises(ClientError, match="ConflictException"):
        accounts.target.start(server)


def test_staging_accounts_and_filters_know_the_extended_servers(
    accounts: Accounts,
) -> None:
    own = accounts.target.add("own")
    before = accounts.target.drs.list_staging_accounts()["accounts"]

    made = accounts.extend(accounts.staging.add("web"))["sourceServer"]

    after = accounts.target.drs.list_staging_accounts()["accounts"]
    (found,) = accounts.target.drs.describe_source_servers(
        filters={"stagingAccountIDs": [STAGING]}
    )["items"]
    assert (before, after) == ([], [{"accountID": STAGING}])
    assert found["sourceServerID"] == made["sourceServerID"] != own


@pytest.mark.parametrize("size", [1, 300])
def test_only_servers_that_are_not_extended_yet_are_extensible(
    accounts: Accounts, size: int
) -> None:
    first = accounts.staging.add("first")
    accounts.staging.add("second")
    accounts.staging.add("third")

    accounts.extend(first)

    pages = {"PageSize": size}
    assert accounts.extensible(PaginationConfig=pages) == ["second", "third"]


def test_an_account_that_does_not_trust_this_one_denies_access(
    accounts: Accounts,
) -> None:
    server = accounts.staging.add("web")
    accounts.staging.trust()

    with pytest.raises(ClientError, match="Error in Authorization") as error:
        accounts.extend(server)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        accounts.extensible()

    assert error.value.response["Error"]["Code"] == "AccessDeniedException"


def test_no_trust_is_needed_when_so_chosen(accounts: Accounts) -> None:
    accounts.target.choose(staging_needs_trust=False)
    accounts.target.initialize()
    accounts.staging.add("web")

    assert accounts.extensible() == ["web"]


def test_a_server_is_not_extended_twice(accounts: Accounts) -> None:
    server = accounts.staging.add("web")
    accounts.extend(server)

    with pytest.raises(ClientError, match="ValidationException"):
        accounts.extend(server)


def test_a_server_of_this_account_is_not_extended(
    accounts: Accounts,
) -> None:
    server = accounts.target.add("web")
    arn = accounts.target.arn(server)

    with pytest.raises(ClientError, match="ValidationException"):
        accounts.target.drs.create_extended_source_server(sourceServerArn=arn)


def test_an_unknown_server_is_not_extended(accounts: Accounts) -> None:
    arn = f"arn:aws:drs:us-east-1:{STAGING}:source-server/s-{'0' * 17}"

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        accounts.target.drs.create_extended_source_server(sourceServerArn=arn)


def test_a_server_is_not_extended_when_the_account_is_full(
    accounts: Accounts,
) -> None:
    quotas = drs.Quotas(source_servers=1)
    accounts.target.choose(quotas=quotas)
    accounts.staging.trust(accounts.target.account_id)
    server = accounts.staging.add("web")
    accounts.target.add("own")

    with pytest.raises(ClientError) as error:
        accounts.extend(server)

    answer: Any = error.value.response
    assert answer["quotaCode"] == "L-E28BE5E0"


@pytest.mark.parametrize(
    "operation",
    [
        "disconnect_source_server",
        "stop_replication",
        "start_replication",
        "update_replication_configuration",
    ],
)
def test_only_the_staging_account_controls_the_replication(
    accounts: Accounts, operation: str
) -> None:
    accounts.extend(accounts.staging.add("web"))
    server = accounts.shown()["sourceServerID"]

    with pytest.raises(ClientError, match="ConflictException"):
        getattr(accounts.target.drs, operation)(sourceServerID=server)


def test_an_extended_server_is_deleted_without_being_disconnected(
    accounts: Accounts,
) -> None:
    accounts.extend(accounts.staging.add("web"))
    server = accounts.shown()["sourceServerID"]

    accounts.target.drs.delete_source_server(sourceServerID=server)

    assert accounts.target.drs.describe_source_servers()["items"] == []
    assert accounts.extensible() == ["web"]


def test_an_extended_server_is_not_deleted_while_it_has_an_instance(
    accounts: Accounts,
) -> None:
    accounts.extend(accounts.staging.add("web"))
    accounts.target.sleep(3600)
    server = accounts.shown()["sourceServerID"]
    accounts.target.recover(server)

    with pytest.raises(ClientError, match="ConflictException"):
        accounts.target.drs.delete_source_server(sourceServerID=server)


def test_an_extended_server_is_ready_once_it_is_initiated(
    accounts: Accounts,
) -> None:
    accounts.extend(accounts.staging.add("web"))

    accounts.target.sleep(99)
    before = accounts.shown()["dataReplicationInfo"]["dataReplicationState"]
    accounts.target.sleep(42)
    after = accounts.shown()["dataReplicationInfo"]["dataReplicationState"]

    assert (before, after) == ("INITIATING", "CONTINUOUS")


def extended(emulator: Emulator) -> tuple[Accounts, str]:
    """Extend a server in a world whose options were just chosen."""
    staging = emulator.within(STAGING, emulator.region_name)
    emulator.initialize()
    staging.initialize()
    staging.trust(emulator.account_id)
    found = Accounts(emulator, staging)
    server = staging.add("web")
    found.extend(server)
    emulator.sleep(3600)
    return found, server


@pytest.mark.parametrize("state", ["DISCONNECTED", "STALLED"])
def test_an_extended_server_has_the_chosen_state_without_its_staging_server(
    emulator: Emulator, state: Any
) -> None:
    emulator.choose(unreachable_staging_state=state)
    accounts, _ = extended(emulator)
    server = accounts.shown()["sourceServerID"]

    emulator.inject(drs.ExtensionError(server))

    replication = accounts.shown()["dataReplicationInfo"]
    assert replication["dataReplicationState"] == state


@pytest.mark.parametrize("own", [True, False])
def test_snapshots_of_an_extended_server_have_ids_of_their_own_when_so_chosen(
    emulator: Emulator, own: bool
) -> None:
    options = drs.SnapshotOptions(own_ids_when_extended=own)
    emulator.choose(snapshots=options)
    accounts, server = extended(emulator)
    extension = accounts.shown()["sourceServerID"]

    here, there = (
        {
            item["snapshotID"]
            for item in place.drs.describe_recovery_snapshots(
                sourceServerID=each
            )["items"]
        }
        for place, each in (
            (accounts.target, extension),
            (accounts.staging, server),
        )
    )

    assert len(here) == len(there) > 1
    assert (here == there) is not own
    assert here.isdisjoint(there) is own
