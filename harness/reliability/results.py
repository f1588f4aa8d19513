"""What came of cases, and the sums of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.reliability import invariants
from harness.reliability.outcomes import Outcome


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        case: The case's name, by which it is run again.
        violations: Sentences.
    """

    case: str
    violations: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What came of one case: one run, or many small ones.

    Attributes:
        case: Its name.
        runs: How many executions or requests there were.
        faults: How many faults they met.
        survived: How many ended as if nothing had happened.
        ended: How many ended otherwise, for a reason that is told.
        findings: What is wrong; each counts as one wrong run.
        peaks: The most that one run took, by what is measured; unlike
            all else it differs from machine to machine.
    """

    case: str
    runs: int = 1
    faults: int = 0
    survived: int = 0
    ended: int = 0
    findings: tuple[Finding, ...] = ()
    peaks: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Row:
    """A line of the table: one part with one orchestration.

    Attributes:
        planned: How many cases there are to be; 0 while unknown.
        peaks: The most that one run took.
    """

    part: str
    orchestration: str
    planned: int = 0
    cases: int = 0
    runs: int = 0
    faults: int = 0
    survived: int = 0
    ended: int = 0
    wrong: int = 0
    peaks: dict[str, float] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Count a result in."""
        self.cases += 1
        self.runs += result.runs
        self.faults += result.faults
        self.survived += result.survived
        self.ended += result.ended
        self.wrong += len(result.findings)
        for name, peak in result.peaks.items():
            self.peaks[name] = max(peak, self.peaks.get(name, 0))


def never_met(case: str) -> Result:
    """Tell of a case whose fault no execution met: nothing was shown."""
    finding = Finding(case, ("The execution never came there.",))
    return Result(case, findings=(finding,))


def judged(
    case: str, outcome: Outcome, undisturbed: Outcome | None = None
) -> Result:
    """Judge a run by the invariants.

    Args:
        undisturbed: See `invariants.violations`.
    """
    found = invariants.violations(outcome, undisturbed)
    return counted(case, [outcome], found, undisturbed)


def counted(
    case: str,
    outcomes: Sequence[Outcome],
    violations: Iterable[str],
    undisturbed: Outcome | None = None,
) -> Result:
    """Count what came of executions, with violations found by others.

    Survived means: the same end as the undisturbed execution, if there is
    one; else any end but FAILED and TIMEOUT.
    """
    faults = sum(outcome.faults for outcome in outcomes)
    found = tuple(violations)
    runs = len(outcomes)
    if found:
        # One of several executions of a case counts as the wrong one.
        finding = Finding(case, found)
        return Result(case, runs, faults, runs - 1, findings=(finding,))
    ended = sum(map(invariants.ended_with_reason, outcomes))
    same = undisturbed is not None and all(
        invariants.equals(outcome, undisturbed) for outcome in outcomes
    )
    ended = 0 if same else ended
    return Result(case, runs, faults, survived=runs - ended, ended=ended)
