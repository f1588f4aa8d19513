"""Search many scenarios for one in which the two sides part."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from harness.equivalence.coverage import Coverage
from harness.equivalence.machine import (
    MismatchFoundError,
    Search,
    machine_for,
)
from harness.equivalence.pairs import Pair, side_by_side
from harness.equivalence.scenarios import Step
from harness.equivalence.sides import CANDIDATE, CONTROL
from harness.equivalence.world import Outcome

# Scenarios in the same two processes.
PORTION = 350
SEEDS_APART = 1_000_003


@dataclass(frozen=True)
class Profile:
    """How long to search.

    Attributes:
        scenarios: How many in which the candidate handles every event.
        handovers: How many in which each event is handled by either side.
        steps: At most in a scenario; a step may let several events happen.
        shrinks: Whether a mismatch is made as small as can be.
    """

    name: str
    scenarios: int
    handovers: int
    steps: int = 12
    shrinks: bool = True


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("quick", scenarios=70, handovers=30),
        Profile("ci", scenarios=700, handovers=300),
        Profile("nightly", scenarios=14_000, handovers=6_000, steps=25),
    )
}


@dataclass
class Tally:
    """What a campaign has done so far.

    Attributes:
        scenarios: Tried by now, those of the shrinking left out.
        handovers: How many of them mixed the two sides.
        steps: Things that happened in all of them.
        shrinking: Scenarios tried to make a mismatch smaller.
        began: Real time at which the search began, of `time.monotonic`.
        finding: The smallest mismatch that was found; None so far.
    """

    scenarios: int = 0
    handovers: int = 0
    steps: int = 0
    shrinking: int = 0
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0
    coverage: Coverage = field(default_factory=Coverage)
    finding: MismatchFoundError | None = None


Listener = Callable[[Tally], None]


def run(
    profile: Profile,
    control: Path = CONTROL,
    candidate: Path = CANDIDATE,
    seed_number: int = 0,
    listener: Listener = lambda _: None,
) -> Tally:
    """Search until a mismatch is found or the profile is done.

    Args:
        control: Folder of the orchestration Lambda that is the measure.
        candidate: Folder of the one that is compared with it.
        seed_number: What is drawn follows from it.
        listener: Told after each scenario.

    Raises:
        NotALambdaError: A folder holds no Lambda.
        WorldFailedError: The harness broke.
    """
    tally = Tally()
    for number, portion in enumerate(portions(profile)):
        if tally.finding is None:
            # The first portion is drawn as a search that has no other.
            drawn_from = seed_number + SEEDS_APART * number
            with side_by_side(control, candidate) as pair:
                search(pair, portion, drawn_from, listener, tally)
    return tally


def search(
    pair: Pair,
    profile: Profile,
    seed_number: int = 0,
    listener: Listener = lambda _: None,
    tally: Tally | None = None,
) -> Tally:
    """Search as `run` does, in two worlds that run already.

    Args:
        tally: Of the search that this is a portion of.

    Raises:
        WorldFailedError: The harness broke.
    """
    tally = tally or Tally()
    for handover, number in (
        (False, profile.scenarios),
        (True, profile.handovers),
    ):
        if number and tally.finding is None:
            leg = _Leg(pair, handover, tally, listener)
            leg.run(number, profile, seed_number)
    tally.seconds = time.monotonic() - tally.began
    return tally


def portions(profile: Profile) -> Iterator[Profile]:
    """Split a search, because a world grows with every scenario."""
    for part in _parts(profile.scenarios):
        yield replace(profile, scenarios=part, handovers=0)
    for part in _parts(profile.handovers):
        yield replace(profile, scenarios=0, handovers=part)


def _parts(number: int) -> Iterator[int]:
    for done in range(0, number, PORTION):
        yield min(PORTION, number - done)


class _Leg:
    """A part of a campaign: all events to the candidate, or to either."""

    def __init__(
        self, pair: Pair, handover: bool, tally: Tally, listener: Listener
    ) -> None:
        self._search = Search(pair, handover, self._seen, self._ended)
        self._handover = handover
        self._tally = tally
        self._listener = listener

    def run(self, number: int, profile: Profile, seed_number: int) -> None:
        """Try a number of scenarios."""
        phases = [Phase.generate, *[Phase.shrink] * profile.shrinks]
        machine = seed(seed_number)(machine_for(self._search))
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=number,
                    stateful_step_count=profile.steps,
                    database=None,
                    deadline=None,
                    derandomize=False,
                    phases=phases,
                    report_multiple_bugs=False,
                    suppress_health_check=list(HealthCheck),
                    verbosity=Verbosity.quiet,
                ),
            )
        except MismatchFoundError as finding:
            self._tally.finding = finding

    def _seen(self, step: Step, before: str | None, outcome: Outcome) -> None:
        if self._tally.finding is None:
            self._tally.steps += 1
            self._tally.coverage.add(step, before, outcome)

    def _ended(self, finding: MismatchFoundError | None) -> None:
        if self._tally.finding is not None:
            self._tally.shrinking += 1
        else:
            self._tally.scenarios += 1
            self._tally.handovers += self._handover
        if finding is not None:
            self._tally.finding = finding
        self._listener(self._tally)
