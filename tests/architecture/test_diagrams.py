"""Diagrams in the documentation show what is there."""

import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "cfn" / "README.md"
ARROW = re.compile(r"^  (\w+) --> (\w+)", re.MULTILINE)


def transitions(states: dict[str, Any]) -> set[tuple[str, str]]:
    found = set()
    for name, state in states.items():
        branches = [state, *state.get("Choices", []), *state.get("Catch", [])]
        ends = [branch.get("Next") for branch in branches]
        found |= {(name, end) for end in [*ends, state.get("Default")] if end}
    return found


def test_the_diagram_shows_all_but_common_failures_when_drawn(
    states: dict[str, Any],
) -> None:
    drawn = set(ARROW.findall(README.read_text("utf-8")))

    actual = {
        (start, end)
        for start, end in transitions(states)
        if end != "RecordPlanFailed"
    }

    assert drawn == actual
