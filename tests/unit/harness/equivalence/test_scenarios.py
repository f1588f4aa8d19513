"""A scenario is written to a file and read again as it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.equivalence import draws, trouble_draws
from harness.equivalence.scenarios import (
    Scenario,
    ScenarioError,
    Step,
    from_document,
    to_document,
)

steps = st.builds(
    Step,
    do=st.sampled_from(["go on", "wait", "cancel"]),
    value=st.none() | st.integers(0, 600),
    troubles=st.lists(
        trouble_draws.any_of(trouble_draws.OPERATIONS), max_size=2
    ).map(tuple),
    by=draws.implementations,
)
scenarios = st.builds(
    Scenario, draws.setups, st.lists(steps, max_size=4).map(tuple)
)


@given(scenario=scenarios)
def test_scenario_is_the_same_when_it_was_written_and_read(
    scenario: Scenario,
) -> None:
    written = json.dumps(to_document(scenario))

    assert from_document(json.loads(written)) == scenario


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "/: an object is expected"),
        ({"steps": {}}, "/steps: a list is expected"),
        ({"steps": [{"do": "wait", "vlaue": 1}]}, "/steps/0/vlaue: unknown"),
        ({"setup": {"waves": [3]}}, "/setup/waves/0: an object is expected"),
        ({"steps": [{}]}, "/steps/0: .*do"),
    ],
)
def test_document_is_refused_when_it_is_no_scenario(
    document: object, message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        from_document(document)
