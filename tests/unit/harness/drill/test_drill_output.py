"""What a person reads at the end of a drill."""

from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from harness.drill import verdict
from harness.drill.approvals import SameAgain
from harness.drill.printing import clock_time
from harness.equivalence import Comparison, Difference
from harness.equivalence.comparison import Count

COUNTS = (Count("transitions", 7, 8), Count("log lines", 2, 2))


def shown(comparison: Comparison) -> list[str]:
    paper = StringIO()
    names = "refactored", "reference"
    verdict.show(Console(file=paper, width=40), comparison, names)
    return paper.getvalue().splitlines()


def test_path_and_both_values_are_shown_when_two_runs_differ() -> None:
    difference = Difference("tables.x[y].status", "COMPLETED", "FAILED")

    lines = shown(Comparison(COUNTS, (difference,)))

    assert lines[1:] == [
        "tables.x[y].status",
        "  refactored: COMPLETED",
        "  reference:  FAILED",
        "Compared (refactored/reference): 7/8 transitions, 2/2 log lines.",
        "DIFFERENT: 1 difference.",
    ]


def test_the_rest_is_counted_when_many_values_differ() -> None:
    differences = tuple(Difference(f"lines[{n}]", 1, 2) for n in range(13))

    lines = shown(Comparison(COUNTS, differences))

    assert "lines[9]" in lines
    assert "lines[10]" not in lines
    assert "... and 3 more; --json lists them all." in lines


def test_the_last_line_says_equal_when_nothing_differs() -> None:
    lines = shown(Comparison(COUNTS, ()))

    assert lines[-1].startswith("EQUAL: ")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00:00"),
        (59.9, "0:00:59"),
        (3661, "1:01:01"),
        (90000, "25:00:00"),
    ],
)
def test_hours_minutes_and_seconds_are_written_when_time_passes(
    seconds: float, text: str
) -> None:
    assert clock_time(timedelta(seconds=seconds)) == text


class OneQuestion:
    """A person who answers once and will not be asked again."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def approves(self, wave_number: int, wave_name: str) -> bool:
        assert wave_number not in self.asked
        self.asked.append(wave_number)
        return wave_number != 2


def test_a_person_is_asked_once_when_both_orchestrations_pause() -> None:
    approver = SameAgain(OneQuestion())

    answers = [approver.approves(n, "Web") for n in (1, 2, 1, 2)]

    assert answers == [True, False, True, False]
