"""A plan that AWS would not carry to its end is refused before it starts."""

from typing import TYPE_CHECKING, Any

import pytest

from execution_handler import plan_limits
from harness import drs
from tests import builders
from tests.unit.outside_world import refuse, session

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

OTHER_REGION = "eu-west-1"


def server_ids(count: int) -> list[str]:
    return [f"s-{number:017d}" for number in range(count)]


def plan(*counts: int, **changes: Any) -> list[dict[str, Any]]:
    """Build waves that each name so many servers."""
    return [
        builders.wave(number, serverIds=server_ids(count), **changes)
        for number, count in enumerate(counts)
    ]


def refusal(
    world: "OutsideWorld", lambdas: "Lambdas", waves: list[dict[str, Any]]
) -> str:
    """Start the first wave; return why it was refused, "" if it was not."""
    world.put_group()
    world.put_execution(status="RUNNING")
    state = lambdas.start(builders.state(waves=waves))
    if state["status"] == "running":
        return ""
    assert (state["status"], state["job_id"]) == ("failed", None)
    assert state["error_code"] == "WAVE_START_FAILED"
    item = world.execution()
    assert (item["status"], item["endTime"]) == ("FAILED", builders.NOW)
    assert item["errorMessage"] == state["error"]
    assert world.asked("drs.StartRecovery") == []
    error: str = state["error"]
    return error


def test_plan_is_refused_when_a_wave_has_more_servers_than_a_job_takes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first = world.add_server()
    waves = plan(1, 101)
    waves[0]["serverIds"] = [first]

    error = refusal(world, lambdas, waves)

    assert error == (
        "Wave 1 (Tier 1) has 101 servers, 1 more than the 100 that DRS "
        "recovers in one job: split the wave"
    )


def test_plan_is_refused_when_its_first_wave_is_too_large(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    error = refusal(world, lambdas, plan(103))

    assert error.startswith("Wave 0 (Tier 0) has 103 servers, 3 more than")


def test_wave_starts_when_each_has_what_a_job_takes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = plan(1, 100)
    waves[0]["serverIds"] = [world.add_server()]

    assert refusal(world, lambdas, waves) == ""


def test_server_that_is_named_twice_counts_once(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = plan(1, 100)
    waves[0]["serverIds"] = [world.add_server()]
    waves[1]["serverIds"] += waves[1]["serverIds"][:1]

    assert refusal(world, lambdas, waves) == ""


def test_plan_is_refused_when_its_state_would_outgrow_step_functions(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    error = refusal(world, lambdas, plan(*[100] * 7))

    assert error.startswith("The state of 700 servers in 7 waves grows to ")
    assert "more than the 262144 that Step Functions passes on" in error


def test_refusal_tells_the_size_that_was_reckoned(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    # Whoever changes the estimate sees by how much it changes.
    error = refusal(world, lambdas, plan(*[100] * 7, waveName="\u6ce2"))

    assert error == (
        "The state of 700 servers in 7 waves grows to about 281549 bytes, "
        "19405 more than the 262144 that Step Functions passes on: split the "
        "plan"
    )


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_state_may_have_every_byte_that_step_functions_passes_on(
    world: "OutsideWorld", lambdas: "Lambdas", more: int, refused: bool
) -> None:
    waves = plan(1, 1)
    waves[0]["serverIds"] = [world.add_server()]
    state = builders.state(waves=waves, region=builders.REGION)
    waves[1]["description"] = ""
    left = 262_144 - plan_limits.expected_bytes(state, [1, 1])
    waves[1]["description"] = "x" * (left + more)

    error = refusal(world, lambdas, waves)

    assert bool(error) is refused
    assert ("262145 bytes, 1 more" in error) is refused


def test_text_of_the_plan_counts_in_bytes(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = plan(1, 1, waveName="\u6ce2" * 30_000)
    waves[0]["serverIds"] = [world.add_server()]

    error = refusal(world, lambdas, waves)

    assert error.startswith("The state of 2 servers in 2 waves grows to ")


def test_wave_starts_when_the_plan_has_text_that_is_no_unicode(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])

    state = lambdas.start(builders.state(plan_name="\ud800"))

    assert state["status"] == "running"


def test_twenty_waves_with_six_hundred_servers_start(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = plan(*[30] * 20)
    waves[0]["serverIds"] = [world.add_server(f"h{n}") for n in range(30)]

    assert refusal(world, lambdas, waves) == ""


@pytest.mark.parametrize(
    ("jobs", "pauses", "refused"),
    [
        (227, 0, False),
        (228, 0, True),
        (227, 1, False),
        (227, 2, True),
        # 25,000 to the event, and thirteen more.
        (215, 103, False),
        (215, 104, True),
    ],
)
def test_plan_is_refused_when_it_takes_more_events_than_an_execution_has(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    jobs: int,
    pauses: int,
    refused: bool,
) -> None:
    waves = [builders.wave(n, waveName="w") for n in range(jobs)]
    for wave in waves[1 : pauses + 1]:
        wave["pauseBeforeWave"] = True
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING")

    state = lambdas.start(builders.state(waves=waves))

    assert (state["status"] == "failed") is refused
    if refused:
        assert f"{jobs} waves take " in state["error"]
        events = 11 + 110 * jobs + 13 * pauses
        assert f"take {events} events at least, {events - 25_000} more " in (
            state["error"]
        )
        assert "than the 25000 of an execution" in state["error"]


def test_waves_without_servers_take_no_polls(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=[])
    world.put_execution(status="RUNNING")
    waves = [builders.wave(n, waveName="w") for n in range(240)]
    waves[0]["serverIds"] = [world.add_server()]

    state = lambdas.start(builders.state(waves=waves))

    assert state["status"] == "running"


@pytest.mark.parametrize("region", [builders.REGION, OTHER_REGION])
def test_servers_of_later_waves_are_counted_by_their_tags(
    world: "OutsideWorld", lambdas: "Lambdas", region: str
) -> None:
    emulated = drs.region(builders.HUB, region)
    emulated.initialize()
    for number in range(101):
        seed = drs.SourceServerSeed(f"web-{number}", tags={"Tier": "Web"})
        emulated.add_source_server(seed)
    emulated.add_source_server(drs.SourceServerSeed("db"))
    tags = {"tier": " web "}
    world.put_group(groupId="web", region=region, serverSelectionTags=tags)
    waves = plan(1, 1, 1)
    waves[0]["serverIds"] = [world.add_server()]
    waves[1]["protectionGroupId"] = waves[2]["protectionGroupId"] = "web"

    error = refusal(world, lambdas, waves)

    assert error.startswith("Wave 1 (Tier 1) has 101 servers, 1 more than")
    client = session().client("drs", region_name=region)
    pages = client.get_paginator("describe_source_servers").paginate()
    listed = [
        call.region
        for call in world.calls
        if call.operation == "drs.DescribeSourceServers"
    ]
    # Once, for both waves.
    assert listed == [region for _ in pages]


def test_role_of_a_foreign_account_is_assumed_for_each_region_of_the_plan(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(sourceServerIds=server_ids(1))
    world.put_group(
        groupId="far", region=OTHER_REGION, serverSelectionTags={"a": "b"}
    )
    world.put_execution(status="RUNNING")
    waves = builders.waves(3)
    waves[1]["protectionGroupId"] = waves[2]["protectionGroupId"] = "far"
    drs.region(builders.TARGET, OTHER_REGION).initialize()

    lambdas.start(
        builders.state(waves=waves, accountContext=builders.foreign_account())
    )

    assert len(world.asked("sts.AssumeRole")) == 2
    listing = [
        call.region
        for call in world.calls
        if call.operation == "drs.DescribeSourceServers"
    ]
    assert listing == [OTHER_REGION]


def test_later_wave_is_counted_in_the_account_that_is_open_already(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    world.put_group(serverSelectionTags={"a": "b"})
    world.put_execution(status="RUNNING")
    there = drs.region(builders.TARGET, builders.REGION)
    there.initialize()
    there.add_source_server(drs.SourceServerSeed("db", tags={"a": "b"}))

    lambdas.start(
        builders.state(
            waves=builders.waves(2), accountContext=builders.foreign_account()
        )
    )

    assert len(world.asked("sts.AssumeRole")) == 1


def test_wave_that_cannot_be_counted_has_no_servers(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = plan(1, 1)
    waves[0]["serverIds"] = [world.add_server()]
    waves[1] |= {"protectionGroupId": "gone", "waveName": "x" * 300_000}

    error = refusal(world, lambdas, waves)

    assert error.startswith("The state of 1 servers in 2 waves grows to")


def test_wave_starts_when_a_later_one_cannot_be_counted(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    waves = builders.waves(3)
    waves[1]["protectionGroupId"] = "gone"
    waves[2]["protectionGroupId"] = "far"
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_group(
        groupId="far", region=OTHER_REGION, serverSelectionTags={"a": "b"}
    )
    world.disturb(
        "drs.DescribeSourceServers", refuse("AccessDeniedException", 403)
    )

    state = lambdas.start(builders.state(waves=waves))

    assert state["status"] == "running"
    assert len(world.jobs()) == 1
    assert (
        "Wave 1 (Tier 1): servers not counted beforehand: Protection Group "
        "gone not found" in caplog.text
    )
    assert (
        "Wave 2 (Tier 2): servers not counted beforehand: An error occurred "
        "(AccessDeniedException)" in caplog.text
    )


def test_plan_is_not_counted_again_when_a_later_wave_starts(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    waves = builders.waves(3)
    waves[2]["protectionGroupId"] = "gone"
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution(status="RUNNING")

    lambdas.start(builders.state(waves=waves), 1)

    groups = [
        asked["Key"]
        for asked in world.asked("dynamodb.GetItem")
        if "groupId" in asked["Key"]
    ]
    assert len(groups) == 1
