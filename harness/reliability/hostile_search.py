"""Try many drawn inputs, and make what goes wrong as small as can be."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import seed as seeded
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky

from harness.reliability.hostile_judge import Wrong, kinds

Input = TypeVar("Input")
# Hypothesis remembers a whole round, and repeats itself less in a new one.
ROUND = 100
SEEDS_OF_ROUNDS = 7_919
MORE_ROUNDS = 10
# Smaller inputs that are tried for one that is wrong: each costs a request.
MAX_SHRINKS = 120


class WrongError(AssertionError):
    """An input led to something wrong that was not found before."""


@dataclass
class Search(Generic[Input]):
    """The inputs that were tried, and what is wrong with some.

    Attributes:
        strategy: What inputs are drawn from.
        attempt: Tries one; gives what is wrong.
        tried: How many there were, those of shrinking left out.
        found: The smallest input found for each kind of wrong.
    """

    strategy: st.SearchStrategy[Input]
    attempt: Callable[[Input], list[Wrong]]
    tried: int = 0
    found: dict[frozenset[str], tuple[Input, list[Wrong]]] = field(
        default_factory=dict
    )
    _shrinks: int = 0
    _last: tuple[Input, list[Wrong]] | None = None

    @property
    def is_shrinking(self) -> bool:
        """Whether what is tried now is a smaller form of what was wrong."""
        return self._last is not None

    def run(self, number: int, seed: int) -> None:
        """Try a number of inputs, which follow from a seed."""
        with tempfile.TemporaryDirectory() as folder:
            # Hypothesis would leave a folder wherever it is run.
            set_hypothesis_home_dir(folder)
            try:
                self._rounds(number, seed)
            finally:
                set_hypothesis_home_dir(None)

    def _rounds(self, number: int, seed: int) -> None:
        for turn in range(number // ROUND + MORE_ROUNDS):
            missing = number - self.tried
            if missing <= 0:
                return
            self._round(min(missing, ROUND), seed + SEEDS_OF_ROUNDS * turn)

    def _round(self, number: int, seed: int) -> None:
        self._shrinks, self._last = 0, None
        test = settings(
            max_examples=number,
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )(seeded(seed)(given(self.strategy)(self._try)))
        try:
            test()
        except (WrongError, Flaky):
            assert self._last is not None
            self.found[kinds(self._last[1])] = self._last

    def _try(self, drawn: Any) -> None:
        if self._last is None:
            self.tried += 1
        else:
            self._shrinks += 1
            if self._shrinks > MAX_SHRINKS:
                # Hypothesis then takes the fault for a passing one.
                return
        wrongs = self.attempt(drawn)
        if wrongs and kinds(wrongs) not in self.found:
            self._note(drawn, wrongs)

    def _note(self, drawn: Any, wrongs: list[Wrong]) -> None:
        if self._last and kinds(wrongs) != kinds(self._last[1]):
            # Another way to go wrong: its turn comes in a later round.
            return
        if self._last is None or _size(drawn) <= _size(self._last[0]):
            self._last = drawn, wrongs
        raise WrongError(str(wrongs[0]))


def _size(drawn: object) -> int:
    return len(repr(drawn))
