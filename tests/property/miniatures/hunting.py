"""Hunt wrong candidates: how many scenarios until one is told apart."""

import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.equivalence import world_process
from harness.equivalence.campaigns import Profile, search
from harness.equivalence.comparison import Difference
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.pairs import Pair
from harness.equivalence.scenarios import Scenario
from harness.equivalence.sides import CANDIDATE, CONTROL
from harness.equivalence.tally import Tally
from harness.equivalence.world_process import WorldProcess
from tests.property.miniatures.miniature import Miniature, lay_out

# A search begins anew when what it found is not the miniature's fault.
SEARCHES = 3


@dataclass(frozen=True)
class Catch:
    """A wrong candidate that was told from the control.

    Attributes:
        scenarios: How many it took, the last one included.
        difference: Where the two sides part first.
        scenario: In which they part.
        seconds: Real time that it took, making the world included.
    """

    miniature: Miniature
    scenarios: int
    difference: Difference
    scenario: Scenario
    seconds: float


class RealCandidatePartsError(Exception):
    """Each search ended at a difference that is not the miniature's.

    The real candidate parts from the control in the same scenario: that is
    to be mended first.
    """

    def __init__(self, finding: MismatchFoundError | None) -> None:
        super().__init__(f"the real candidate parts, too: {finding}")
        self.finding = finding


class Hunt:
    """The worlds that every hunt shares."""

    def __init__(self, control: WorldProcess, candidate: WorldProcess) -> None:
        self._control = control
        self._sound = Pair(control, candidate)

    def catch(
        self, miniature: Miniature, most: int = 100, seed: int = 0
    ) -> Catch | None:
        """Search until a wrong candidate is told from the control.

        The scenario that does it must be one in which the real candidate
        is not: else something else was found than the miniature.

        Args:
            most: Scenarios to try.
            seed: What is drawn follows from it and from the name, so that
                not all are hunted with the same scenarios.

        Returns:
            None when it was not caught.

        Raises:
            RealCandidatePartsError: Something else was found each time.
        """
        began, tried, found = time.monotonic(), 0, None
        own = seed + zlib.crc32(miniature.name.encode())
        with self._against(miniature) as pair:
            for attempt in range(SEARCHES):
                tally = _search(pair, max(1, most - tried), own + attempt)
                tried += tally.scenarios
                found = tally.finding
                if found is None:
                    return None
                if self._is_sound_in(found.scenario):
                    seconds = time.monotonic() - began
                    return _catch(miniature, tried, found, seconds)
        raise RealCandidatePartsError(found)

    @contextmanager
    def _against(self, miniature: Miniature) -> Iterator[Pair]:
        with tempfile.TemporaryDirectory(prefix="miniature-") as folder:
            wrong = lay_out(miniature, Path(folder))
            with world_process.running(wrong, CONTROL, wrong) as world:
                yield Pair(self._control, world)

    def _is_sound_in(self, scenario: Scenario) -> bool:
        self._sound.open(scenario.setup)
        return all(
            self._sound.perform(step)[1] is None for step in scenario.steps
        )


@contextmanager
def hunt() -> Iterator[Hunt]:
    """Run the worlds of the control and of the real candidate."""
    with (
        world_process.running(CONTROL, CONTROL, CANDIDATE) as control,
        world_process.running(CANDIDATE, CONTROL, CANDIDATE) as candidate,
    ):
        yield Hunt(control, candidate)


def _catch(
    miniature: Miniature,
    scenarios: int,
    finding: MismatchFoundError,
    seconds: float,
) -> Catch:
    difference = finding.mismatch.differences[0]
    return Catch(miniature, scenarios, difference, finding.scenario, seconds)


def _search(pair: Pair, most: int, seed: int) -> Tally:
    profile = Profile("miniature", scenarios=most, handovers=0, shrinks=False)
    return search(pair, profile, seed)
