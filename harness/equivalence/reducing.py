"""Leave out of a scenario whatever its mismatch does not need.

Hypothesis makes scenarios smaller by what they were drawn from, and may end
with a step or a trouble that says nothing. Here each is left out once.
"""

from collections.abc import Iterator
from dataclasses import replace

from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.pairs import Pair
from harness.equivalence.scenarios import Scenario


def reduced(pair: Pair, finding: MismatchFoundError) -> MismatchFoundError:
    """Give a finding from which no step and no trouble can be left out.

    Args:
        pair: Two worlds that are free.
        finding: A scenario in which they part after its last step.

    Returns:
        The same, or one with fewer steps or troubles.

    Raises:
        WorldFailedError: The harness broke.
    """
    for smaller in _smaller(finding.scenario):
        found = _carried_out(pair, smaller)
        if found is not None:
            return reduced(pair, found)
    return finding


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Give each scenario that lacks one step, or one trouble."""
    steps = scenario.steps
    for index, step in enumerate(steps):
        before, after = steps[:index], steps[index + 1 :]
        yield replace(scenario, steps=(*before, *after))
        for n in range(len(step.troubles)):
            left = step.troubles[:n] + step.troubles[n + 1 :]
            calmer = replace(step, troubles=left)
            yield replace(scenario, steps=(*before, calmer, *after))


def _carried_out(pair: Pair, scenario: Scenario) -> MismatchFoundError | None:
    """Take the steps, up to one after which the two worlds part."""
    pair.open(scenario.setup)
    for number, step in enumerate(scenario.steps, start=1):
        _, mismatch = pair.perform(step)
        if mismatch is not None:
            played = replace(scenario, steps=scenario.steps[:number])
            return MismatchFoundError(played, mismatch)
    return None
