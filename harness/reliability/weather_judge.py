"""What an execution must survive, by the rules of BEHAVIOUR.md."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.reliability import invariants
from harness.reliability.outcomes import Outcome
from harness.reliability.weather_watch import Watch

# The state machine's Retry: one try, and six more (section 9).
MAX_TRIES = 7
# Best effort (section 5 step 7, section 4 step 5): nobody asks again.
_DETAILS = re.compile(
    r"The end is another: (launch settings"
    r"|[a-z.]*(waves|wave_results)\[\d+\]\.serverStatuses\[\d+\]\."
    r"(instanceId|privateIp|hostname|instanceType|launchTime)"
    r"|state\.recovery_instance_(ids|ips))"
)
_ANOTHER = "The end is another"
_OPEN_WAVE = re.compile("Wave .* in a history that is FAILED")
_UNCERTAIN = re.compile("uncertain|outcome open|StartUncertain", re.I)
_NOT_ON_RECORD = re.compile("Job (.*) exists, but is not on record")
RETRIED = (
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "HandlerInvocationError",
    "ExecutionHistoryError",
    "RecoveryStartUncertainError",
)


@dataclass(frozen=True)
class Story:
    """What an execution met, as far as the rules need to know.

    Attributes:
        tries: Of the last step.
        took: Virtual seconds from its first try to its last.
        is_hit_at_end: Whether a fault was met at the moment of its last
            try.
    """

    tries: int
    took: float
    is_hit_at_end: bool
    services: frozenset[str] = frozenset()


def story(watch: Watch) -> Story:
    """Tell what an execution met."""
    steps = watch.steps
    took = 0.0
    if steps.began is not None and steps.tried is not None:
        took = (steps.tried - steps.began).total_seconds()
    is_hit = watch.hit_steps[-1:] == [(steps.action, steps.tried)]
    return Story(steps.tries, took, is_hit, frozenset(watch.hits))


def violations(
    outcome: Outcome, undisturbed: Outcome, met: Story
) -> list[str]:
    """Tell what is wrong with the end of an execution in bad weather."""
    found = [
        *(
            each
            for each in invariants.violations(outcome, undisturbed)
            if not is_forgiven(each, outcome, met)
        ),
        *unforgivable_end(outcome, met),
    ]
    # That the end is another says nothing more, once it is a wrong one.
    other = [each for each in found if not each.startswith(_ANOTHER)]
    return other or found


def is_forgiven(violation: str, outcome: Outcome, met: Story) -> bool:
    """Tell whether a rule lets this be so in bad weather."""
    if _DETAILS.match(violation):
        return bool(met.services & {"drs", "ec2", "sts"})
    if _OPEN_WAVE.match(violation):
        # The state machine records the end alone, and the job runs on.
        return "failure" in outcome.state
    job = _NOT_ON_RECORD.match(violation)
    if job is None:
        return False
    # The reason names it, or says that nobody could find out about it.
    is_open = bool(_UNCERTAIN.search(outcome.reason))
    return is_open or job[1] in outcome.reason


def unforgivable_end(outcome: Outcome, met: Story) -> Iterator[str]:
    """Find an end that bad weather does not justify."""
    status = outcome.history.get("status")
    if status in ("TIMEOUT", "CANCELLED"):
        yield f"The weather ended it as {status}: {outcome.reason}"
    if outcome.status != "FAILED" or status == "TIMEOUT":
        return
    failure = outcome.state.get("failure")
    if failure is None:
        yield from _ended_by_function(outcome, met)
    else:
        yield from _ended_by_machine(failure, met)


def _ended_by_function(outcome: Outcome, met: Story) -> Iterator[str]:
    """Judge a step that said that the execution failed.

    Only the start of a wave may (section 4 step 9): polls go on (section
    5 step 4), and DRS itself loses no server in bad weather.
    """
    code = outcome.state.get("error_code")
    if code != "WAVE_START_FAILED":
        yield f"It failed with {code}, which must survive: {outcome.reason}"
    elif not met.is_hit_at_end:
        yield f"A wave failed to start in good weather: {outcome.reason}"


def _ended_by_machine(failure: Mapping[str, Any], met: Story) -> Iterator[str]:
    """Judge a step that was given up: it must have been tried again."""
    error = failure.get("Error")
    if error not in RETRIED:
        yield f"A step was given up for {error}: {failure.get('Cause')}"
    elif met.tries < MAX_TRIES:
        yield f"A step was given up after {met.tries} tries: {error}"
    elif not met.is_hit_at_end:
        yield f"The last try of a step failed in good weather: {error}"
    elif met.took <= 0:
        yield "No time passed between the tries of a step"
