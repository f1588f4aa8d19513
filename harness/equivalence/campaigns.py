"""Search many scenarios for one in which the two sides part."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from harness.equivalence import trouble_draws
from harness.equivalence.machine import (
    MismatchFoundError,
    Search,
    machine_for,
)
from harness.equivalence.memory import Memory
from harness.equivalence.pairs import Pair, side_by_side
from harness.equivalence.reducing import reduced
from harness.equivalence.scenarios import Scenario, Step
from harness.equivalence.sides import CANDIDATE, CONTROL
from harness.equivalence.tally import Tally
from harness.equivalence.trouble_draws import Focus
from harness.equivalence.world import Outcome

# Scenarios in the same two processes.
PORTION = 350
# Two worlds that wait for each other leave half of two cores idle.
PARALLEL = 2
SEEDS_APART = 1_000_003
# Scenarios with the same focus. Hypothesis repeats itself, and gives draws
# up: it is asked again, some times more than must be, for what is missing.
ROUND = 10
MORE_ROUNDS = 20
SEEDS_OF_ROUNDS = 7_919


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


Listener = Callable[[Tally], None]


class SearchOverError(BaseException):
    """The search ended elsewhere; no error that Hypothesis would examine."""


def run(
    profile: Profile,
    control: Path = CONTROL,
    candidate: Path = CANDIDATE,
    seed_number: int = 0,
    listener: Listener = lambda _: None,
) -> Tally:
    """Search until a mismatch is found or the profile is done.

    Some portions are searched at the same time: which of two mismatches is
    found first may change.

    Args:
        control: Folder of the orchestration Lambda that is the measure.
        candidate: Folder of the one that is compared with it.
        seed_number: What is drawn follows from it.
        listener: Told after each scenario, by one thread at a time.

    Raises:
        NotALambdaError: A folder holds no Lambda.
        WorldFailedError: The harness broke.
    """
    tally = Tally()
    with ThreadPoolExecutor(PARALLEL) as pool:
        portions_at_work = [
            pool.submit(
                _search_alone,
                (control, candidate),
                portion,
                # The first portion is drawn as a search that has no other.
                seed_number + SEEDS_APART * number,
                listener,
                tally,
            )
            for number, portion in enumerate(portions(profile))
        ]
        try:
            for each in portions_at_work:
                each.result()
        except BaseException:
            tally.is_over = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    tally.seconds = time.monotonic() - tally.began
    return tally


def _search_alone(
    sides: tuple[Path, Path],
    portion: Profile,
    seed_number: int,
    listener: Listener,
    tally: Tally,
) -> None:
    """Search a portion in two worlds of its own."""
    if tally.is_over or tally.finding is not None:
        return
    with side_by_side(*sides) as pair, suppress(SearchOverError):
        search(pair, portion, seed_number, listener, tally)


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
    parts = max(PARALLEL if number > 1 else 1, -(-number // PORTION))
    for part in range(parts if number else 0):
        yield number * (part + 1) // parts - number * part // parts


class _Leg:
    """A part of a campaign: all events to the candidate, or to either."""

    def __init__(
        self, pair: Pair, handover: bool, tally: Tally, listener: Listener
    ) -> None:
        self._search = Search(
            pair, handover, Focus(), Memory(), self._seen, self._ended
        )
        self._handover = handover
        self._tally = tally
        self._listener = listener
        self._own = 0
        self._troubled = False
        self._shrinks = False
        self._last = time.monotonic()

    def run(self, number: int, profile: Profile, seed_number: int) -> None:
        """Try a number of different scenarios."""
        wanted = self._own + number
        for turn in range(2 * number // ROUND + MORE_ROUNDS):
            missing = wanted - self._own
            if missing <= 0 or self._tally.finding is not None:
                return
            drawn_from = seed_number + SEEDS_OF_ROUNDS * turn
            self._round(min(missing, ROUND), profile, drawn_from)

    def _round(self, number: int, profile: Profile, seed_number: int) -> None:
        phases = [Phase.generate, *[Phase.shrink] * profile.shrinks]
        search = replace(self._search, focus=trouble_draws.focus(seed_number))
        machine = seed(seed_number)(machine_for(search))
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
            if profile.shrinks:
                smallest = reduced(self._search.pair, finding)
                self._tally.finding = smallest

    def _seen(self, step: Step, before: str | None, outcome: Outcome) -> None:
        with self._tally.lock:
            if self._tally.finding is None:
                self._tally.steps += 1
                self._tally.coverage.add(step, before, outcome)
                self._troubled |= bool(outcome.troubles_met)

    def _ended(
        self, scenario: Scenario, finding: MismatchFoundError | None
    ) -> None:
        with self._tally.lock:
            self._give_up_if_over()
            if self._shrinks:
                self._tally.shrinking += 1
            else:
                self._count(scenario)
            if finding is not None:
                self._tally.finding, self._shrinks = finding, True
            self._listener(self._tally)

    def _give_up_if_over(self) -> None:
        is_found_elsewhere = self._tally.finding and not self._shrinks
        if self._tally.is_over or is_found_elsewhere:
            raise SearchOverError

    def _count(self, scenario: Scenario) -> None:
        now = time.monotonic()
        self._tally.durations.append(now - self._last)
        new = self._tally.count(scenario, self._handover, self._troubled)
        self._own += new
        self._last, self._troubled = now, False
