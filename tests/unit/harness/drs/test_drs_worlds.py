"""Accounts, Regions, seeds and the common time of one emulator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from moto.moto_api._internal.models import moto_api_backend

from harness import drs
from tests.unit.harness.drs.modes import START

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

OTHER = "210987654321"


def test_accounts_and_regions_see_nothing_of_each_other(
    emulator: Emulator,
) -> None:
    places = [
        emulator,
        emulator.within(OTHER, "us-east-1"),
        emulator.within(OTHER, "eu-west-1"),
    ]

    servers = [place.add("web") for place in places]
    jobs = [
        place.recover(server)
        for place, server in zip(places, servers, strict=True)
    ]

    assert len({job["jobID"] for job in jobs}) == 3
    for place, server in zip(places, servers, strict=True):
        listed = place.drs.describe_source_servers()["items"]
        assert [each["sourceServerID"] for each in listed] == [server]
        assert len(place.drs.describe_jobs()["items"]) == 1
        records = place.drs.describe_recovery_instances()["items"]
        assert {each["ec2InstanceID"] for each in records} == set(
            place.instances()
        )
        assert len(records) == 1
    elsewhere = emulator.within(emulator.account_id, "eu-west-1")
    assert elsewhere.instances() == {}


def story(emulator: Emulator) -> list[object]:
    first = emulator.add("a")
    second = emulator.add("b", fail_at="conversion")
    job_id = emulator.recover(first, second)["jobID"]
    return [
        emulator.log(job_id),
        emulator.job(job_id),
        sorted(emulator.instances()),
    ]


def test_equal_worlds_have_equal_ids_times_and_instances(
    emulator: Emulator,
) -> None:
    emulator.restart(seed=7)
    one = story(emulator)

    emulator.restart(seed=7)
    # Other calls in between must not shift what DRS makes.
    emulator.ec2.describe_vpcs()
    another = story(emulator)

    assert one == another


def test_worlds_differ_when_their_seeds_differ(emulator: Emulator) -> None:
    emulator.restart(seed=1)
    first = emulator.add("web"), emulator.log(
        emulator.recover(emulator.add("app"))["jobID"]
    )

    emulator.restart(seed=2)
    second = emulator.add("web"), emulator.log(
        emulator.recover(emulator.add("app"))["jobID"]
    )

    assert first[0] != second[0]
    assert first[1] != second[1]


@pytest.mark.in_process("listens to the engine")
def test_events_of_all_regions_fire_in_order_of_time(
    emulator: Emulator,
) -> None:
    told: list[drs.JobEvent] = []
    stop = drs.subscribe(told.append)
    west = emulator.within(OTHER, "us-west-2")
    east_job = emulator.start(emulator.add("a"))["jobID"]
    west_job = west.start(west.add("b"))["jobID"]

    drs.advance_to(emulator.region.settings.now() + timedelta(hours=1))
    stop()

    times = [event.at for event in told]
    assert times == sorted(times)
    assert drs.next_event_at() is None
    assert {event.job_id for event in told} == {east_job, west_job}
    assert {(event.account_id, event.region) for event in told} == {
        (emulator.account_id, "us-east-1"),
        (OTHER, "us-west-2"),
    }
    assert told[0].event == "JOB_START"
    assert told[0].source_server_id is None


def test_the_next_event_is_known_when_a_job_waits_for_its_start(
    emulator: Emulator,
) -> None:
    before = emulator.world.next_event_at()

    emulator.start(emulator.add("web"))

    at = emulator.world.next_event_at()
    assert before is None
    assert at is not None
    assert timedelta(seconds=0.3) <= at - START <= timedelta(seconds=0.4)


@pytest.mark.in_process("steps from event to event")
def test_answers_are_the_same_when_nobody_drives_the_time(
    emulator: Emulator,
) -> None:
    emulator.restart(seed=3)
    undriven = emulator.log(emulator.recover(emulator.add("web"))["jobID"])
    emulator.restart(seed=3)

    job_id = emulator.start(emulator.add("web"))["jobID"]
    while at := drs.next_event_at():
        emulator.clock.move_to(at)
        drs.advance_to(at)

    driven = emulator.log(job_id)
    assert driven == undriven


@pytest.mark.in_process("listens to the engine")
def test_a_listener_is_told_nothing_when_it_has_left(
    emulator: Emulator,
) -> None:
    told: list[drs.JobEvent] = []
    stop: Callable[[], None] = drs.subscribe(told.append)

    stop()
    emulator.recover(emulator.add("web"))

    assert told == []


@pytest.mark.in_process("calls moto's own reset in Python")
def test_everything_is_forgotten_when_moto_resets(
    emulator: Emulator,
) -> None:
    emulator.start(emulator.add("web"))

    moto_api_backend.reset()

    assert emulator.region.source_servers == {}
    assert emulator.region.jobs == {}
    assert drs.next_event_at() is None


def test_a_server_keeps_the_id_it_is_given(emulator: Emulator) -> None:
    server = emulator.add("web", server_id="s-0123456789abcdefX")

    listed = emulator.drs.describe_source_servers()["items"]
    assert server == listed[0]["sourceServerID"] == "s-0123456789abcdefX"


@pytest.mark.parametrize("server_id", ["s-1", "web", "i-0123456789abcdef0"])
@pytest.mark.in_process("expects Python's exceptions")
def test_a_server_is_refused_when_its_id_is_malformed(
    emulator: Emulator, server_id: str
) -> None:
    with pytest.raises(drs.SourceServerIdError, match=server_id):
        emulator.add("web", server_id=server_id)


@pytest.mark.in_process("expects Python's exceptions")
def test_a_server_is_refused_when_its_id_is_in_use(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")

    with pytest.raises(drs.SourceServerExistsError, match=server):
        emulator.add("app", server_id=server)


@pytest.mark.in_process("calls drs.choose")
def test_options_hold_from_the_time_they_are_chosen(
    emulator: Emulator,
) -> None:
    for number in range(3):
        emulator.add(f"web-{number}")
    sizes = []

    for size in (2, 1):
        drs.choose(drs.EmulatorOptions(page_size=size))
        page = emulator.drs.describe_source_servers()
        sizes.append(len(page["items"]))
    other = emulator.within(emulator.account_id, "eu-west-1")
    other.add("first")
    other.add("second")

    assert sizes == [2, 1]
    assert len(other.drs.describe_source_servers()["items"]) == 1
