"""What a search has done so far."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from harness.equivalence.coverage import Coverage
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.scenarios import Scenario
from harness.equivalence.world import DELIVERIES


@dataclass
class Tally:
    """What a campaign has done so far.

    Attributes:
        scenarios: Different ones tried by now, in which at least one event
            was delivered; those of the shrinking left out.
        handovers: How many of them mixed the two sides.
        troubled: How many of them an AWS call went wrong in.
        repeated: Drawn once more than needed, and counted nowhere else.
        steps: Things that happened in all of them.
        shrinking: Scenarios tried to make a mismatch smaller.
        began: Real time at which the search began, of `time.monotonic`.
        durations: Real seconds that each scenario took.
        is_over: Whether nothing more is to be tried.
        finding: The smallest mismatch that was found; None so far.
    """

    scenarios: int = 0
    handovers: int = 0
    troubled: int = 0
    repeated: int = 0
    steps: int = 0
    shrinking: int = 0
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0
    coverage: Coverage = field(default_factory=Coverage)
    durations: list[float] = field(default_factory=list, repr=False)
    is_over: bool = False
    finding: MismatchFoundError | None = None
    lock: Any = field(default_factory=threading.Lock, repr=False)
    _known: set[str] = field(default_factory=set, repr=False)

    def count(
        self, scenario: Scenario, handover: bool, troubled: bool
    ) -> bool:
        """Count a scenario, if it is one and new; tell whether it was."""
        if not any(step.do in DELIVERIES for step in scenario.steps):
            return False
        digest = hashlib.sha256(repr(scenario).encode()).hexdigest()
        if digest in self._known:
            self.repeated += 1
            return False
        self._known.add(digest)
        self.scenarios += 1
        self.handovers += handover
        self.troubled += troubled
        return True
