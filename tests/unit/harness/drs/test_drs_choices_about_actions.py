"""Choices about post-launch actions, settings and default subnets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


def runs(emulator: Emulator, job_id: str) -> Any:
    (participant,) = emulator.job(job_id)["participatingServers"]
    return participant["launchActionsStatus"]["runs"]


def sleep_until(emulator: Emulator, job_id: str, event: str) -> None:
    for _ in range(60):
        if event in emulator.events(job_id):
            return
        emulator.sleep(20)
    raise AssertionError(f"{event} did not come")


@pytest.mark.parametrize(
    "options",
    [
        drs.LaunchActionOptions(),
        drs.LaunchActionOptions(
            code="AWSMigration-Validate", type="SSM_AUTOMATION"
        ),
    ],
)
def test_an_action_has_the_chosen_code_and_type(
    emulator: Emulator, options: drs.LaunchActionOptions
) -> None:
    emulator.choose(actions=options)
    server = emulator.add("web")
    emulator.inject(drs.LaunchActionFails(server))

    job = emulator.recover(server)

    (run,) = runs(emulator, job["jobID"])
    shown = (run["action"]["actionCode"], run["action"]["type"])
    assert shown == (options.code, options.type)


@pytest.mark.parametrize("minutes", [0, 10])
def test_an_action_takes_the_chosen_time(
    emulator: Emulator, minutes: int
) -> None:
    duration = timedelta(minutes=minutes)
    emulator.choose(actions=drs.LaunchActionOptions(duration=duration))
    server = emulator.add("web")
    emulator.inject(drs.LaunchActionFails(server, reason="no agent"))
    job_id = emulator.start(server)["jobID"]

    sleep_until(emulator, job_id, "LAUNCH_END")
    (during,) = runs(emulator, job_id)
    early = emulator.statuses(job_id)[server]
    emulator.sleep(60 * minutes)

    (after,) = runs(emulator, job_id)
    assert emulator.statuses(job_id) == {server: "FAILED"}
    assert (after["status"], after["failureReason"]) == ("FAILED", "no agent")
    if minutes:
        assert (during["status"], early) == ("IN_PROGRESS", "IN_PROGRESS")
        assert "failureReason" not in during
    else:
        assert during == after


@pytest.mark.parametrize("logs", [True, False])
@pytest.mark.parametrize("optional", [True, False])
def test_an_action_that_fails_the_launch_is_logged_when_so_chosen(
    emulator: Emulator, optional: bool, logs: bool
) -> None:
    emulator.choose(actions=drs.LaunchActionOptions(logs_failure=logs))
    server = emulator.add("web")
    emulator.inject(drs.LaunchActionFails(server, optional, reason="no agent"))

    job = emulator.recover(server)

    errors = [
        item["eventData"]["rawError"]
        for item in emulator.log(job["jobID"])
        if item["event"] == "LAUNCH_FAILED"
    ]
    assert errors == (["no agent"] if logs and not optional else [])


def subnet_taken(emulator: Emulator) -> str:
    emulator.recover(emulator.add("web"))
    (instance,) = emulator.instances().values()
    return str(instance["SubnetId"])


@pytest.mark.parametrize(("choice", "place"), [("first", 0), ("last", -1)])
def test_a_launch_takes_the_chosen_default_subnet(
    emulator: Emulator, choice: Any, place: int
) -> None:
    emulator.choose(jobs=drs.JobOptions(default_subnet=choice))
    subnets = emulator.ec2.describe_subnets()["Subnets"]
    by_zone = sorted(subnets, key=lambda each: each["AvailabilityZone"])

    taken = subnet_taken(emulator)

    assert taken == by_zone[place]["SubnetId"]


def test_launches_take_many_default_subnets_when_so_chosen(
    emulator: Emulator,
) -> None:
    emulator.choose(jobs=drs.JobOptions(default_subnet="random"))
    servers = [emulator.add(f"web-{number}") for number in range(12)]

    emulator.recover(*servers)

    taken = {each["SubnetId"] for each in emulator.instances().values()}
    assert len(taken) > 1


@pytest.mark.parametrize(("choice", "copied"), [("start", 0), ("launch", 1)])
def test_a_launch_goes_by_the_settings_of_the_chosen_moment(
    emulator: Emulator, choice: Any, copied: int
) -> None:
    emulator.choose(jobs=drs.JobOptions(launch_settings_of=choice))
    server = emulator.add("web", tags={"tier": "web"})
    emulator.start(server)

    emulator.drs.update_launch_configuration(
        sourceServerID=server, copyTags=True
    )
    emulator.sleep(3600)

    (instance,) = emulator.drs.describe_recovery_instances()["items"]
    assert ("tier" in instance["tags"]) == bool(copied)


@pytest.mark.parametrize("shown", [frozenset(), frozenset({"SNAPSHOT_FAIL"})])
def test_a_failure_shows_its_error_in_the_chosen_events(
    emulator: Emulator, shown: Any
) -> None:
    emulator.choose(jobs=drs.JobOptions(raw_error_events=shown))
    first = emulator.add("first", fail_at="snapshot")
    second = emulator.add("second", fail_at="launch")

    job = emulator.recover(first, second)

    with_error = {
        item["event"]
        for item in emulator.log(job["jobID"])
        if "rawError" in item["eventData"]
    }
    assert with_error == {"LAUNCH_FAILED", *shown}


@pytest.mark.parametrize("name", ["{hostname}", "of {hostname}", ""])
def test_launch_settings_have_the_chosen_name(
    emulator: Emulator, name: str
) -> None:
    settings = drs.LaunchConfiguration(name=name)
    emulator.choose(launch_configuration=settings)
    server = emulator.add("web")

    found = emulator.drs.get_launch_configuration(sourceServerID=server)

    assert found["name"] == name.format(hostname="web")
