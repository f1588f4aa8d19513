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
                {
                    "do": "go on",
                    "troubles": [{"operation": "GetItem", "kind": "?"}],
                }
            ),
            "/steps/0/troubles/0/kind: ",
        ),
        (
            scenario_of(
                {"do": "go on", "troubles": [{"operation": "StartRecover"}]}
            ),
            "/steps/0/troubles/0/operation: unknown to .* StartRecovery",
        ),
        (
            scenario_of(
                {
                    "do": "go on",
                    "troubles": [{"operation": "GetItem", "nth": -3}],
                }
            ),
            "/steps/0/troubles/0/nth: a number from 1 is expected, or 0",
        ),
        (
            {"setup": {"servers": [{}, {"fails": "boot"}]}},
            "/setup/servers/1/fails: 'snapshot' or 'conversion' or 'launch'",
        ),
        (
            scenario_of({"do": "add server", "value": {"fails": "boot"}}),
            "/steps/0/value/fails: 'snapshot' or 'conversion' or 'launch'",
        ),
        (
            {"setup": {"servers": [{"site": "x"}]}},
            "/setup/servers/0/site: an integer is expected",
        ),
        (
            {"setup": {"groups": [{"site": "x"}]}},
            "/setup/groups/0/site: an integer or null is expected",
        ),
        (
            {"setup": {"context_key": "context"}},
            "/setup/context_key: 'accountContext' or 'account_context'",
        ),
        (
            {"setup": {"left_out": ["planId"]}},
            "/setup/left_out: a list of 'planName' or 'waves' or ",
        ),
        (
            {"setup": {"null": ["isDrill"]}},
            "/setup/null: a list of 'planName' or 'accountContext' or ",
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
        {"do": "go on", "troubles": [{"operation": "Invoke", "nth": 0}]},
        {"do": "go on", "troubles": [{"operation": "TransactWriteItems"}]},
    ],
)
def test_scenario_is_taken_when_a_world_can_carry_it_out(
    step: dict[str, Any],
) -> None:
    check(from_document(scenario_of(step)))


def test_scenario_of_an_earlier_version_is_taken_as_it_was_meant() -> None:
    scenario = from_document(
        {
            "setup": {
                "waves": [{"group": 0}],
                "groups": [{"tier": 0}],
                "servers": [{"tier": 0, "fails": "launch"}],
                "account": "target",
            }
        }
    )

    check(scenario)

    setup = scenario.setup
    assert (setup.context_key, setup.left_out, setup.null) == (
        "accountContext",
        (),
        (),
    )
    assert (setup.groups[0].site, setup.servers[0].site) == (None, 0)
