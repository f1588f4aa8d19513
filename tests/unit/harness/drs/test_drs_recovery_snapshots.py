"""The ladder of recovery snapshots, and recovery from one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs
from tests.unit.harness.drs.modes import START

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def times(emulator: Emulator, server: str, **request: Any) -> list[datetime]:
    pages = emulator.drs.get_paginator("describe_recovery_snapshots")
    found = pages.paginate(sourceServerID=server, **request)
    return [
        datetime.fromisoformat(item["timestamp"])
        for page in found
        for item in page["items"]
    ]


def ages(emulator: Emulator, server: str) -> list[timedelta]:
    now = datetime.now(UTC)
    return [now - at for at in times(emulator, server)]


def snapshot_ids(emulator: Emulator, server: str) -> list[str]:
    answer = emulator.drs.describe_recovery_snapshots(
        sourceServerID=server, order="ASC"
    )
    return [item["snapshotID"] for item in answer["items"]]


def test_the_first_snapshot_exists_when_replication_is_in_sync(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    other = emulator.add("new", replication_state="INITIAL_SYNC")

    assert times(emulator, server) == [START]
    assert times(emulator, other) == []


def test_snapshots_are_ten_minutes_hours_and_days_apart(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", replicating_since=START - 30 * DAY)

    found = ages(emulator, server)

    tens = [10 * MINUTE * number for number in range(6)]
    hours = [60 * MINUTE * number for number in range(1, 24)]
    days = [DAY * number for number in range(1, 7)]
    assert found == [*tens, *hours, *days]


def test_snapshots_come_and_go_by_the_clock(emulator: Emulator) -> None:
    server = emulator.add("web")
    first = snapshot_ids(emulator, server)

    emulator.sleep(601)
    second = snapshot_ids(emulator, server)
    emulator.sleep(8 * 24 * 3600)
    last = snapshot_ids(emulator, server)

    assert second[:1] == first
    assert len(second) == 2
    assert not set(second) & set(last)


def test_snapshots_last_as_long_as_the_policy_says(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", replicating_since=START - 30 * DAY)
    policy: Any = [
        {"units": "MINUTE", "interval": 10, "retentionDuration": 60},
        {"units": "HOUR", "interval": 1, "retentionDuration": 24},
        {"units": "DAY", "interval": 1, "retentionDuration": 14},
    ]
    policy[0]["enabled"] = policy[1]["enabled"] = False

    emulator.drs.update_replication_configuration(
        sourceServerID=server, pitPolicy=policy
    )

    assert ages(emulator, server) == [DAY * number for number in range(14)]


def test_snapshots_are_ordered_filtered_and_paged(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", replicating_since=START - 60 * MINUTE)
    limits: Any = {
        "fromDateTime": (START - 40 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toDateTime": (START - 20 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }

    found = times(
        emulator,
        server,
        filters=limits,
        order="ASC",
        PaginationConfig={"PageSize": 1},
    )
    backwards = times(emulator, server, filters=limits, order="DESC")

    expected = [START - age * MINUTE for age in (40, 30, 20)]
    assert found == expected
    assert backwards == expected[::-1]


@pytest.mark.parametrize(
    ("declared_only", "code"),
    [(False, "ResourceNotFoundException"), (True, "ValidationException")],
)
def test_snapshots_of_an_unknown_server_are_refused(
    emulator: Emulator, declared_only: bool, code: str
) -> None:
    emulator.choose(declared_errors_only=declared_only)
    emulator.initialize()

    with pytest.raises(ClientError, match=code):
        times(emulator, "s-00000000000000000")


def test_no_snapshot_is_taken_while_replication_stalls(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    stalled = drs.ReplicationState(server, "STALLED")
    emulator.sleep(60)

    emulator.inject(stalled)
    emulator.sleep(1200)
    during = times(emulator, server)
    emulator.withdraw(stalled)
    emulator.sleep(600)
    after = times(emulator, server)

    assert during == [START]
    assert after == [START + 30 * MINUTE, START]


def test_a_recovery_launches_from_the_chosen_snapshot(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", replicating_since=START - 30 * MINUTE)
    chosen = snapshot_ids(emulator, server)[0]

    job = emulator.drs.start_recovery(
        sourceServers=[
            {"sourceServerID": server, "recoverySnapshotID": chosen}
        ]
    )["job"]
    emulator.sleep(3600)

    assert emulator.events(job["jobID"], server) == [
        "CONVERSION_START",
        "CONVERSION_END",
        "LAUNCH_START",
        "LAUNCH_END",
    ]
    (instance,) = emulator.drs.describe_recovery_instances()["items"]
    point = datetime.fromisoformat(instance["pointInTimeSnapshotDateTime"])
    assert point == START - 30 * MINUTE


def test_a_chosen_snapshot_is_logged_when_so_chosen(
    emulator: Emulator,
) -> None:
    emulator.choose(logs_chosen_snapshot=True)
    server = emulator.add("web")
    (chosen,) = snapshot_ids(emulator, server)

    job = emulator.drs.start_recovery(
        sourceServers=[
            {"sourceServerID": server, "recoverySnapshotID": chosen}
        ]
    )["job"]
    emulator.sleep(3600)

    assert "SNAPSHOT_END" in emulator.events(job["jobID"], server)
    (instance,) = emulator.drs.describe_recovery_instances()["items"]
    point = datetime.fromisoformat(instance["pointInTimeSnapshotDateTime"])
    assert point == START


@pytest.mark.parametrize(
    ("declared_only", "code"),
    [(False, "ResourceNotFoundException"), (True, "ConflictException")],
)
def test_a_snapshot_is_refused_when_it_belongs_to_another_server(
    emulator: Emulator, declared_only: bool, code: str
) -> None:
    emulator.choose(declared_errors_only=declared_only)
    server, other = emulator.add("web"), emulator.add("app")
    (foreign,) = snapshot_ids(emulator, other)

    with pytest.raises(ClientError, match=code):
        emulator.drs.start_recovery(
            sourceServers=[
                {"sourceServerID": server, "recoverySnapshotID": foreign}
            ]
        )

    assert emulator.drs.describe_jobs()["items"] == []
