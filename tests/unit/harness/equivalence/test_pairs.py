"""What must be equal after a step, and what a trouble excuses."""

from typing import Any

import pytest

from harness.equivalence.observations import canonical
from harness.equivalence.pairs import Mismatch, Pair
from harness.equivalence.scenarios import Step, Trouble
from harness.equivalence.world import Outcome

TOKEN = "token-of-the-gate"
START = {"service": "drs", "operation": "StartRecovery"}
WRITE = {"service": "dynamodb", "operation": "UpdateItem"}
ITEM = canonical({"service": "dynamodb", "operation": "GetItem"})
JOBS = canonical({"service": "drs", "operation": "DescribeJobs"})


class Told:
    """The other end of a world that gives one answer."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def ask(self, question: object) -> None:
        """Take any question."""

    def answer(self) -> Outcome:
        """Give the answer."""
        return self._outcome


def outcome(trouble: Trouble | None = None, **seen: Any) -> Outcome:
    """Make an outcome in which the only step did little."""
    attempt: dict[str, Any] = {
        "error": None,
        "state": {},
        "input_changed": False,
    }
    observation: dict[str, Any] = {
        "attempts": [attempt],
        "items": {},
        "jobs": {},
        "compute": {"us-east-1": {"launch configurations": {}}},
        "mutations": [START],
        "reads": frozenset({JOBS}),
        "lines": [],
        "confidential": frozenset({TOKEN}),
    }
    met = () if trouble is None else (trouble,)
    return Outcome({**observation, **seen}, "begin", "running", met)


def mismatch(left: Outcome, right: Outcome) -> Mismatch | None:
    """Take a step in two worlds that answer so."""
    pair = Pair(Told(left), Told(right))  # type: ignore[arg-type]
    return pair.perform(Step("go on"))[1]


def paths(left: Outcome, right: Outcome) -> list[str]:
    """Name where two worlds part."""
    found = mismatch(left, right)
    return [] if found is None else [d.path for d in found.differences]


def test_one_read_differs_when_one_of_many_is_missing() -> None:
    names = [f"Describe{letter}" for letter in "ABCDEFG"]
    reads = [canonical({"operation": name}) for name in names]
    left, right = frozenset(reads), frozenset(reads[1:])

    assert paths(outcome(reads=left), outcome(reads=right)) == [
        "reads[DescribeA]"
    ]


def test_a_secret_is_hidden_when_a_line_tells_it() -> None:
    found = mismatch(outcome(), outcome(lines=[f"INFO {TOKEN}"]))

    assert found is not None
    assert "INFO ***" in str(found) and TOKEN not in str(found)


def test_no_secret_is_compared_when_one_side_was_told_another() -> None:
    assert not paths(outcome(), outcome(confidential=frozenset()))


@pytest.mark.parametrize("kind", ["throttled", "lost", "duplicated"])
def test_lines_and_writes_may_differ_when_an_invocation_is_run_again(
    kind: str,
) -> None:
    again = outcome(
        Trouble("Invoke", kind=kind),
        lines=["again"],
        mutations=[WRITE, START, WRITE],
        reads=frozenset({JOBS, ITEM}),
    )

    assert not paths(outcome(), again)


@pytest.mark.parametrize("kind", ["throttled", "lost", "duplicated"])
@pytest.mark.parametrize(
    ("changed", "path"),
    [
        (
            {"compute": {"us-east-1": {"launch configurations": {"s": 1}}}},
            "compute[us-east-1][launch configurations].s",
        ),
        ({"items": {"e-1": {}}}, "items[e-1]"),
        (
            {
                "attempts": [
                    {"error": {}, "state": None, "input_changed": True},
                    {"error": None, "state": {}, "input_changed": False},
                ]
            },
            "input_changed",
        ),
        ({"mutations": [START, START]}, "mutations[1]"),
    ],
)
def test_nothing_else_may_differ_when_an_invocation_is_run_again(
    kind: str, changed: dict[str, Any], path: str
) -> None:
    again = outcome(Trouble("Invoke", kind=kind), **changed)

    assert paths(outcome(), again) == [path]


@pytest.mark.parametrize(
    ("kind", "excused"),
    [("throttled", False), ("timed out after effect", True)],
)
def test_reads_may_differ_when_code_ran_that_nobody_heard_of(
    kind: str, excused: bool
) -> None:
    again = outcome(Trouble("Invoke", kind=kind), reads=frozenset())

    assert (paths(outcome(), again) == []) is excused
