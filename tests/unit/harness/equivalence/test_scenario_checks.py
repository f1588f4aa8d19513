"""A scenario that no world could carry out is refused by its place."""

from typing import Any

import pytest

from harness.equivalence.scenario_checks import check
from harness.equivalence.scenarios import ScenarioError, from_document


def scenario_of(step: dict[str, Any]) -> Any:
    """Make a document with one step."""
    return {"setup": {}, "steps": [step]}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"setup": {"seed": "0"}}, "/setup/seed: an integer is expected"),
        ({"setup": {"account": "hubb"}}, "/setup/account: 'hub' or 'target'"),
        (
            {"setup": {"waves": [{"servers": ["x"]}]}},
            "/setup/waves/0/servers: a list is expected",
        ),
        (
            scenario_of({"do": "wait", "value": "10"}),
            "/steps/0/value: an integer is expected",
        ),
        (
            scenario_of({"do": "stale", "value": ["resume", 0]}),
            "/steps/0/value: a list is expected",
        ),
        (
            scenario_of({"do": "add server", "value": {"tier": "x"}}),
            "/steps/0/value/tier: an integer is expected",
        ),
        (
            scenario_of({"do": "put group", "value": {"group": {}}}),
            "/steps/0/value/index: an integer is expected",
        ),
        (
            scenario_of(
                {"do": "go on", "troubles": [{"operation": "S", "kind": "?"}]}
            ),
            "/steps/0/troubles/0/kind: ",
        ),
    ],
)
def test_scenario_is_refused_when_a_value_is_none_that_can_be(
    document: Any, message: str
) -> None:
    with pytest.raises(ScenarioError, match=f"^{message}"):
        check(from_document(document))


@pytest.mark.parametrize(
    "step",
    [
        {"do": "go on"},
        {"do": "stale", "value": ["begin", 3]},
        {"do": "fail server", "value": [1, None]},
        {"do": "add server", "value": {"tier": 1, "fails": "launch"}},
        {"do": "put group", "value": {"index": 0, "group": {"tier": None}}},
    ],
)
def test_scenario_is_taken_when_a_world_can_carry_it_out(
    step: dict[str, Any],
) -> None:
    check(from_document(scenario_of(step)))
