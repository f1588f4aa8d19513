"""What came of cases is counted, summed up and shown."""

from dataclasses import replace

import pytest

from harness.console.options import Effort
from harness.reliability import printing
from harness.reliability.campaign import Tally, Wrong, begun
from harness.reliability.results import Finding, Result, Row, counted, judged
from harness.reliability.worker import Done, Planned, Work
from harness.reliability.worlds import LAMBDA_ROOT
from tests.unit.harness.reliability.wrong_outcomes import (
    completed,
    failed,
    recorded,
)

WORK = Work(
    parts=("crashes",),
    orchestrations=("refactored", "reference"),
    effort=Effort.CI,
    seed=0,
    root=LAMBDA_ROOT,
)
WRONG = Result("it's", faults=1, findings=(Finding("it's", ("bad",)),))


@pytest.mark.parametrize(
    ("result", "counts"),
    [
        (judged("c", completed(), completed()), (1, 1, 0, 0)),
        (judged("c", failed(), completed()), (1, 0, 1, 0)),
        # Equal to an undisturbed end that is a failure: it survived.
        (judged("c", failed(), failed()), (1, 1, 0, 0)),
        (judged("c", failed(reason="")), (1, 0, 0, 1)),
        (counted("c", [completed(), failed()], []), (2, 1, 1, 0)),
        (counted("c", [completed(), failed()], ["bad"]), (2, 1, 0, 1)),
    ],
)
def test_each_run_is_counted_once(
    result: Result, counts: tuple[int, int, int, int]
) -> None:
    row = Row("crashes", "refactored")

    row.add(result)

    assert (row.runs, row.survived, row.ended, row.wrong) == counts


def test_faults_are_those_that_executions_met() -> None:
    outcomes = [replace(completed(), faults=2), replace(failed(), faults=1)]

    assert counted("c", outcomes, []).faults == 3


def told(*results: Result) -> Tally:
    """Make a tally of cases with the first orchestration."""
    tally = begun(WORK)
    tally.add(Planned("crashes", "refactored", len(results)))
    for result in results:
        tally.add(Done("crashes", "refactored", result))
    return tally


def test_the_table_has_a_line_for_each_row_and_their_sum() -> None:
    tally = told(WRONG, Result("fine", 1500, 3000, survived=1500))

    lines = list(printing.table(list(tally.rows.values())))

    assert [line.split()[2:] for line in lines[1:]] == [
        ["1,501", "3,001", "1,500", "0", "1"],
        ["0", "0", "0", "0", "0"],
        ["3,001", "1,500", "0", "1"],
    ]
    assert [line.split()[0] for line in lines] == [
        "part",
        "crashes",
        "crashes",
        "all",
    ]


def test_a_finding_shows_the_command_that_repeats_it() -> None:
    shown = "\n".join(printing.findings(told(WRONG).wrong, WORK))

    assert "WRONG  crashes, refactored: it's\n       bad\n" in shown
    assert (
        "drs-orch reliability --part crashes --orchestration refactored "
        "--profile ci --only 'it'\"'\"'s'"
    ) in shown


def test_only_the_first_findings_are_shown() -> None:
    tally = told(*[WRONG] * 12)

    shown = list(printing.findings(tally.wrong, WORK))

    assert sum(line.startswith("WRONG") for line in shown) == 10
    assert "And 2 more cases are wrong." in shown
    assert len(printing.document(tally, WORK, "wrong")["wrong"]) == 12


def test_a_seed_and_a_folder_are_part_of_the_command() -> None:
    work = replace(WORK, seed=7, root=LAMBDA_ROOT / "elsewhere")
    wrong = Wrong("crashes", "reference", Finding("c", ()))

    command = printing.repeat_command(wrong, work)

    assert f"--seed 7 --lambda-root {LAMBDA_ROOT}/elsewhere" in command


def test_an_end_without_its_undisturbed_one_survived_unless_it_failed() -> (
    None
):
    cancelled = recorded(completed(), status="CANCELLED")

    assert counted("c", [cancelled], []).survived == 1
    assert counted("c", [failed()], []).ended == 1
