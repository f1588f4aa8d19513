"""What a search did not reach is named, and only what it could have."""

from harness.equivalence import coverage_tables
from harness.equivalence.coverage import Coverage


def unreached(name: str) -> tuple[str, ...]:
    """Give what a table of a search that did nothing names."""
    table: coverage_tables.Table = getattr(coverage_tables, name)(Coverage())
    return table.unreached


def test_ends_that_an_event_may_lead_to_are_named() -> None:
    coverage = Coverage()
    coverage.transitions[("running", "update_wave_status", "paused")] += 1

    named = coverage_tables.transitions(coverage).unreached

    ends = "running, completed, failed, cancelled, timeout"
    assert f"running x update_wave_status -> {ends}" in named
    assert "not begun x begin" in named


def test_nothing_impossible_is_named() -> None:
    assert "begin (repeat)" in unreached("deliveries")
    assert "begin (stale)" not in unreached("deliveries")
    assert "limit wait x running" in unreached("changes")
