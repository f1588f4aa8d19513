"""Choices about recovery snapshots and first replications."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs
from tests.unit.harness.drs.modes import START

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

STAGING = "210987654321"


def snapshots(emulator: Emulator, server: str) -> list[Any]:
    answer = emulator.drs.describe_recovery_snapshots(
        sourceServerID=server, order="ASC"
    )
    return [dict(item) for item in answer["items"]]


def minutes(items: list[Any], member: str = "timestamp") -> list[float]:
    return [
        (datetime.fromisoformat(item[member]) - START).total_seconds() / 60
        for item in items
    ]


@pytest.mark.parametrize("delay", [0, 2])
def test_a_snapshot_is_taken_after_the_chosen_delay(
    emulator: Emulator, delay: int
) -> None:
    options = drs.SnapshotOptions(delay=timedelta(minutes=delay))
    emulator.choose(snapshots=options)
    server = emulator.add("web")

    emulator.sleep(21 * 60)

    items = snapshots(emulator, server)
    due = [0.0, 10.0] if delay else [0.0, 10.0, 20.0]
    assert minutes(items, "expectedTimestamp") == due
    assert minutes(items) == [at + delay for at in due]


@pytest.mark.parametrize(
    ("grid", "taken"), [("sync", [0, 10, 20]), ("clock", [7, 17, 27])]
)
def test_snapshots_are_taken_at_times_of_the_chosen_grid(
    emulator: Emulator, grid: Any, taken: list[float]
) -> None:
    emulator.choose(snapshots=drs.SnapshotOptions(grid=grid))
    emulator.sleep(3 * 60)
    server = emulator.add("web")

    emulator.sleep(27 * 60)

    assert minutes(snapshots(emulator, server)) == [at + 3 for at in taken]


@pytest.mark.parametrize(
    ("changes_past", "kept"),
    [(True, [0, 60, 75]), (False, [0, 20, 30, 40, 50, 60, 75])],
)
def test_a_changed_policy_changes_earlier_snapshots_when_so_chosen(
    emulator: Emulator, changes_past: bool, kept: list[float]
) -> None:
    options = drs.SnapshotOptions(policy_changes_past=changes_past)
    emulator.choose(snapshots=options)
    server = emulator.add("web")
    emulator.sleep(61 * 60)
    policy: list[Any] = [
        {"units": "HOUR", "interval": 1, "retentionDuration": 24},
        {"units": "MINUTE", "interval": 5, "retentionDuration": 5},
        {"units": "DAY", "interval": 1, "retentionDuration": 7},
    ]

    emulator.drs.update_replication_configuration(
        sourceServerID=server, pitPolicy=policy
    )
    emulator.sleep(15 * 60)

    assert minutes(snapshots(emulator, server)) == kept


@pytest.mark.parametrize("listed", [True, False])
def test_the_snapshot_of_a_job_is_listed_when_so_chosen(
    emulator: Emulator, listed: bool
) -> None:
    emulator.choose(snapshots=drs.SnapshotOptions(lists_on_demand=listed))
    server = emulator.add("web")
    emulator.sleep(60)

    emulator.start(server)
    emulator.sleep(60)

    assert len(snapshots(emulator, server)) == (2 if listed else 1)


def test_the_snapshot_of_a_job_is_gone_when_replication_stops(
    emulator: Emulator,
) -> None:
    emulator.choose(snapshots=drs.SnapshotOptions(lists_on_demand=True))
    server = emulator.add("web")
    emulator.recover(server)

    emulator.drs.stop_replication(sourceServerID=server)

    assert snapshots(emulator, server) == []


@pytest.mark.parametrize("syncs", [True, False])
def test_an_extended_server_has_a_first_sync_of_its_own_when_so_chosen(
    emulator: Emulator, syncs: bool
) -> None:
    emulator.choose(extended_servers_sync=syncs)
    staging = emulator.within(STAGING, emulator.region_name)
    origin = staging.add("web")
    staging.trust(emulator.account_id)
    emulator.initialize()
    emulator.drs.create_extended_source_server(
        sourceServerArn=staging.arn(origin)
    )
    states = []

    for seconds in (99, 42, 660):
        emulator.sleep(seconds)
        (shown,) = emulator.drs.describe_source_servers()["items"]
        states.append(shown["dataReplicationInfo"]["dataReplicationState"])
        found = snapshots(emulator, shown["sourceServerID"])
        assert bool(found) is (states[-1] == "CONTINUOUS")

    second = "INITIAL_SYNC" if syncs else "CONTINUOUS"
    assert states == ["INITIATING", second, "CONTINUOUS"]


@pytest.mark.parametrize(("includes", "kept"), [(True, 7), (False, 6)])
def test_a_snapshot_is_kept_to_the_end_of_its_time_when_so_chosen(
    emulator: Emulator, includes: bool, kept: int
) -> None:
    options = drs.SnapshotOptions(retention_includes_end=includes)
    emulator.choose(snapshots=options)
    server = emulator.add("web")
    # Only the rule of an hour: the others keep the first snapshot, too.
    policy: Any = [
        {"units": "MINUTE", "interval": 10, "retentionDuration": 60},
        {"units": "HOUR", "interval": 1, "retentionDuration": 24},
        {"units": "DAY", "interval": 1, "retentionDuration": 7},
    ]
    for rule in policy[1:]:
        rule["enabled"] = False
    emulator.drs.update_replication_configuration(
        sourceServerID=server, pitPolicy=policy
    )

    emulator.sleep(3600)

    assert len(snapshots(emulator, server)) == kept


@pytest.mark.parametrize("event", ["SNAPSHOT_START", "SNAPSHOT_END"])
def test_the_snapshot_of_a_job_has_the_time_of_the_chosen_event(
    emulator: Emulator, event: Any
) -> None:
    emulator.choose(snapshots=drs.SnapshotOptions(taken_at=event))
    job = emulator.recover(emulator.add("web"))

    (found,) = emulator.drs.describe_recovery_instances()["items"]

    times = {
        item["event"]: item["logDateTime"]
        for item in emulator.log(job["jobID"])
    }
    assert times["SNAPSHOT_START"] != times["SNAPSHOT_END"]
    assert found["pointInTimeSnapshotDateTime"] == times[event]


@pytest.mark.parametrize(
    ("numbers", "enables"), [(True, False), (False, True)]
)
def test_a_rule_gets_an_id_and_holds_by_default_when_so_chosen(
    emulator: Emulator, numbers: bool, enables: bool
) -> None:
    options = drs.SnapshotOptions(numbers_rules=numbers, enables_rules=enables)
    emulator.choose(snapshots=options)
    server = emulator.add("web")
    rule: Any = {"units": "HOUR", "interval": 1, "retentionDuration": 24}

    answer = emulator.drs.update_replication_configuration(
        sourceServerID=server, pitPolicy=[rule] * 3
    )

    rules = answer["pitPolicy"]
    assert [each.get("ruleID") for each in rules] == (
        [1, 2, 3] if numbers else [None] * 3
    )
    assert [each["enabled"] for each in rules] == [enables] * 3
