"""Outages and throttling of AWS while a plan is carried out.

An outage is a window of virtual time in which every call of a service
fails, whoever makes it. It begins at a moment of the execution, not at a
time: so it meets both orchestrations at the same point.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness import drs
from harness.cloud.calls import AwsCall, Fault
from harness.console.options import Effort
from harness.reliability import runs, weather_judge
from harness.reliability.outcomes import Outcome
from harness.reliability.parts import Case, Part
from harness.reliability.rehearsals import rehearse
from harness.reliability.results import Result, counted, never_met
from harness.reliability.runs import Execution
from harness.reliability.scenes import CROSS_ACCOUNT, Scene, Tier
from harness.reliability.weather_watch import Moment, Strike, Watch
from harness.reliability.weather_ways import (
    SERVICES,
    WAYS,
    Throttling,
    Way,
    fault,
)
from harness.reliability.worlds import World

# Three polls a wave, so that an outage can lie between two of them; and jobs
# that are over before all tries of a step, which no real one is.
SCENE = Scene(
    (
        Tier(2, launch_config={"instanceType": "m5.large", "copyTags": True}),
        Tier(1, "group"),
        Tier(1, "wave", pause=True),
    ),
    account_context=CROSS_ACCOUNT,
    profile=drs.Profile(
        name="three polls",
        conversion=drs.Span(45, 45),
        launch=drs.Span(40, 40),
    ),
)
PHASES: Mapping[str, Moment] = {
    "before the begin": Moment("begin"),
    "in the begin": Moment("GetItem"),
    "start of wave 0": Moment("StartRecovery"),
    "record of wave 0": Moment("UpdateItem", 2),
    "first poll": Moment("update_wave_status"),
    "last poll of wave 0": Moment("update_wave_status", 3),
    "start of wave 1": Moment("StartRecovery", 2),
    "pause": Moment("store_task_token"),
    "resume": Moment("resume_wave"),
    "start of wave 2": Moment("StartRecovery", 3),
    "last poll": Moment("update_wave_status", 9),
}
DURATIONS = (60, 600)
RATES = (0.1, 0.5, 1.0, 2.0)
ALL = "all"
_QUICK_STEP = 23
# Throttled executions by rate.
_SEEDS = {Effort.QUICK: 1, Effort.CI: 4, Effort.NIGHTLY: 100}


@dataclass(frozen=True)
class Outage:
    """A service, or all of them, is away for some seconds."""

    service: str
    phase: str
    seconds: int
    way: Way

    def strike(self, chance: random.Random) -> Strike:
        """Make what goes wrong with calls."""
        away = SERVICES if self.service == ALL else (self.service,)

        def strike(call: AwsCall) -> Fault | None:
            if call.service not in away:
                return None
            return fault(self.way, call, chance)

        return strike


@dataclass(frozen=True)
class Weather:
    """What one execution meets.

    Attributes:
        outage: None for throttling all the time.
        rate: Of the throttling.
    """

    undisturbed: Outcome
    outage: Outage | None = None
    rate: float = 0


def cases(world: World, effort: Effort) -> Iterator[Case]:
    """Find all cases: every service, phase and duration, and throttling."""
    undisturbed, _ = rehearse(world, SCENE)
    outages = list(_outages(effort))
    step = _QUICK_STEP if effort == Effort.QUICK else 1
    for outage in outages[::step]:
        name = (
            f"{outage.service} away for {outage.seconds} s from "
            f"{outage.phase}, {outage.way}"
        )
        yield Case(name, Weather(undisturbed, outage))
    for rate in RATES:
        for number in range(_SEEDS[effort]):
            name = f"throttled {rate} times a call, {number}"
            yield Case(name, Weather(undisturbed, rate=rate))


def carry_out(world: World, case: Case) -> Result:
    """Carry the plan out in some weather."""
    weather: Weather = case.details
    watches: list[Watch] = []

    def script(execution: Execution) -> None:
        watches.append(_watch(execution, weather, case.name))
        execution.cloud.on_call(watches[0].before)

    outcome = runs.carry_out(world, SCENE, script)
    if watches[0].began is None:
        return never_met(case.name)
    met = weather_judge.story(watches[0])
    found = weather_judge.violations(outcome, weather.undisturbed, met)
    return counted(case.name, [outcome], found, None)


PART = Part(
    "weather",
    "Outages and throttling of AWS while a plan is carried out.",
    cases,
    carry_out,
)


def _watch(execution: Execution, weather: Weather, name: str) -> Watch:
    chance = random.Random(f"{execution.world.seed} {name}")
    if weather.outage is None:
        return Watch(execution, Throttling(weather.rate, chance).fault)
    outage = weather.outage
    return Watch(
        execution,
        outage.strike(chance),
        PHASES[outage.phase],
        outage.seconds,
    )


def _outages(effort: Effort) -> Iterator[Outage]:
    """Take every way at night, else another for each outage."""
    away = itertools.product((*SERVICES, ALL), PHASES, DURATIONS)
    for turn, (service, phase, seconds) in enumerate(away):
        # Two durations and five ways have no common divisor with three.
        way = WAYS[turn * 3 % len(WAYS)]
        ways = WAYS if effort == Effort.NIGHTLY else (way,)
        for each in ways:
            yield Outage(service, phase, seconds, each)
