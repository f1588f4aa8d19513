"""Bad weather meets real executions in virtual time."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from harness.cloud.calls import STATE_MACHINE, AwsCall, ServiceError
from harness.console.options import Effort
from harness.reliability import runs, weather, weather_judge
from harness.reliability.parts import Case
from harness.reliability.rehearsals import rehearse
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene, Tier
from harness.reliability.weather import Outage, Weather
from harness.reliability.weather_watch import Moment, Watch
from harness.reliability.weather_ways import SERVICES, WAYS, Throttling, fault
from harness.reliability.worlds import World, entered

SMALL = Scene((Tier(),))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with entered("refactored") as world:
        yield world


def call(service: str, function: str = "some") -> AwsCall:
    return AwsCall(function, service, "Some", {}, "1", "us-east-1")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("way", WAYS)
def test_every_service_can_fail_in_every_way(service: str, way: str) -> None:
    chance = random.Random(1)

    for caller in ("some", STATE_MACHINE):
        made = fault(way, call(service, caller), chance)  # type: ignore[arg-type]
        if way != "mixed":
            assert made.after_effect == (way == "deaf")


def test_throttling_hits_as_often_as_its_rate_says() -> None:
    throttling = Throttling(0.5, random.Random(1))

    hits = [throttling.fault(call("drs")) for _ in range(2_000)]

    attempts = sum(hit.attempts for hit in hits if isinstance(hit, ServiceError))  # type: ignore[misc]
    assert 900 < attempts < 1_100
    assert hits.count(None) > 1_000


def test_an_outage_is_a_window_of_virtual_time(world: World) -> None:
    seen: list[tuple[float, bool]] = []

    def script(execution: Execution) -> None:
        watch = Watch(
            execution,
            lambda call: (
                fault("throttled", call, random.Random(1))
                if call.service == "drs"
                else None
            ),
            # The first one looks for an earlier job, the next one polls.
            Moment("DescribeJobs", 2),
            60,
        )

        def before(call: AwsCall) -> ServiceError | None:
            made = watch.before(call)
            if call.operation == "DescribeJobs" and watch.began:
                now = execution.cloud.clock.now()
                passed = (now - watch.began) / timedelta(seconds=1)
                seen.append((passed, made is not None))
            return made  # type: ignore[return-value]

        execution.cloud.on_call(before)

    outcome = runs.carry_out(world, SMALL, script)

    assert outcome.status == "SUCCEEDED"
    assert [passed for passed, hit in seen if hit] == [0, 30]
    assert [hit for passed, hit in seen if passed >= 60] == [False]


def test_time_passes_between_the_tries_of_a_step(world: World) -> None:
    watches: list[Watch] = []

    def script(execution: Execution) -> None:
        away = Outage("lambda", "before the begin", 600, "throttled")
        strike = away.strike(random.Random(1))
        watches.append(Watch(execution, strike, Moment("begin"), 600))
        execution.cloud.on_call(watches[0].before)

    outcome = runs.carry_out(world, SMALL, script)

    met = weather_judge.story(watches[0])
    assert outcome.status == outcome.history["status"] == "FAILED"
    assert (met.tries, met.is_hit_at_end) == (7, True)
    # Six waits with full jitter, of at most 126 seconds together.
    assert 10 < met.took <= 126


def test_every_service_phase_and_duration_is_tried(world: World) -> None:
    names = [case.name for case in weather.cases(world, Effort.CI)]

    for service in (*SERVICES, "all"):
        for phase in weather.PHASES:
            for seconds in weather.DURATIONS:
                start = f"{service} away for {seconds} s from {phase}, "
                assert sum(name.startswith(start) for name in names) == 1
    for way in WAYS:
        assert sum(name.endswith(f", {way}") for name in names) > 20


def test_an_execution_survives_an_outage_between_its_polls(
    world: World,
) -> None:
    undisturbed, _ = rehearse(world, weather.SCENE)
    outage = Outage("drs", "first poll", 60, "unavailable")

    result = weather.carry_out(
        world, Case("some", Weather(undisturbed, outage))
    )

    assert (result.survived, result.findings) == (1, ())
    assert result.faults > 0
