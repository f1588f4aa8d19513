"""What differs can be seen at once, however long the values are."""

from harness.equivalence.coverage_tables import Table
from harness.equivalence.printing import short_pair, step_text, table_lines
from harness.equivalence.scenarios import Step, Trouble


def test_values_are_shown_whole_when_they_are_short() -> None:
    assert short_pair({"a": 1}, "é") == ('{"a": 1}', "é")


def test_values_are_cut_to_where_they_part_when_they_are_long() -> None:
    same = "x" * 1000

    left, right = short_pair(f"{same}old{same}", f"{same}new{same}", width=60)

    assert "xold" in left and "xnew" in right
    assert left.startswith("...") and left.endswith("...")
    assert max(len(left), len(right)) <= 66


def test_values_are_cut_when_one_goes_on_where_the_other_ends() -> None:
    same = "x" * 1000

    left, right = short_pair(same, f"{same}more", width=60)

    assert left.endswith("xxx") and right.endswith("xmore")


def test_step_is_told_with_its_troubles_and_who_handles_it() -> None:
    troubles = (
        Trouble("StartRecovery", 2, "lost", "s-1"),
        Trouble("UpdateItem", 0, "throttled"),
    )

    text = step_text(Step("stale", ("begin", 1), troubles, "control"))

    assert text == (
        'stale ["begin", 1], handled by the control; '
        "StartRecovery 2 about s-1 lost; every UpdateItem throttled"
    )


def test_table_is_aligned_and_names_what_was_never_reached() -> None:
    table = Table("T", ("a", "b"), (("long one", "1"), ("x", "-")), ("x",))

    assert list(table_lines(table)) == [
        "T",
        "  a         b",
        "  long one  1",
        "  x         -",
        "  Never: x",
    ]
