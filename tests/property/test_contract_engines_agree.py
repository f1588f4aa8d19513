"""Law: both engines of JSON Schema give the same verdict, at the same places.

The Lambdas run jsonschema_rs, everything else measures with jsonschema.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from harness.cloud import environment
from harness.contracts import Contracts, load
from harness.contracts.engines import (
    Finding,
    fast_findings,
    reference_findings,
)
from harness.contracts.loading import Schema
from shared import contracts
from shared.contract_engines import UnknownEngineError
from shared.contracts import Violation
from tests.contract import mutations, states

CONTRACTS = load(Path(__file__).parents[2] / "contracts")
CONTRACTS_OF_ACTIONS = [
    name
    for name in CONTRACTS.schemas
    if name.endswith(("/request", "/response"))
]
ACTION = "v1/start_wave_recovery"
RUNTIME_ENGINES = ("jsonschema-rs", "jsonschema")
STATE = "v1/common/execution-state"
# Draws that each schema gets; a state takes jsonschema some milliseconds.
SHARE = settings(max_examples=max(5, settings.default.max_examples // 5))
EDITS = 4


class Engines:
    """Both validators of a schema."""

    def __init__(self, contracts: Contracts, name: str) -> None:
        self._reference = contracts.reference_validator(name)
        self._fast = contracts.fast_validator(name)

    def judge(self, document: object) -> tuple[set[Finding], set[Finding]]:
        """Give what each engine finds, jsonschema's first."""
        return (
            reference_findings(self._reference, document),
            fast_findings(self._fast, document),
        )

    def differ(self, document: object) -> bool:
        """Tell whether the engines do not agree."""
        reference, fast = self.judge(document)
        return reference != fast


ENGINES = {name: Engines(CONTRACTS, name) for name in CONTRACTS.schemas}


@pytest.mark.parametrize("name", CONTRACTS.schemas)
@SHARE
@given(data=st.data())
def test_engines_agree_on_a_valid_document_and_on_single_edits_of_it(
    name: str, data: st.DataObject
) -> None:
    schema = CONTRACTS.schemas[name]
    document = data.draw(states.documents(name, schema))
    edits = data.draw(st.lists(mutations.edits(document), max_size=EDITS))

    reference, fast = ENGINES[name].judge(document)

    assert (reference, fast) == (set(), set())
    for edit in edits:
        reference, fast = ENGINES[name].judge(edit.apply(document))
        assert reference == fast, edit


@pytest.mark.parametrize("name", CONTRACTS_OF_ACTIONS)
@SHARE
@given(data=st.data())
def test_lambda_tells_the_same_violations_whichever_engine_it_is_given(
    name: str, data: st.DataObject
) -> None:
    document = data.draw(states.documents(name, CONTRACTS.schemas[name]))
    edited = data.draw(mutations.edits(document)).apply(document)

    told = [violations(engine, name, edited) for engine in RUNTIME_ENGINES]

    assert told[0] == told[1]


def test_engine_that_the_environment_names_is_the_one_that_judges() -> None:
    with pytest.raises(UnknownEngineError):
        violations("none", f"{ACTION}/request", {})


def violations(engine: str, name: str, document: object) -> list[Violation]:
    """Give what a Lambda finds with the engine that its environment names."""
    version, _, path = name.partition("/")
    action, _, direction = path.rpartition("/")
    with environment.applied({"CONTRACT_ENGINE": engine}):
        return contracts.find_violations(
            action,
            "request" if direction == "request" else "response",
            document,
            version.removeprefix("v"),
        )


@pytest.mark.parametrize(
    "spoiled",
    [
        {"pattern": "^[0-9]+$"},
        {"pattern": "^\\d+"},
        {"pattern": "\\w"},
    ],
    ids=["end of text", "digits", "letters"],
)
def test_difference_is_found_when_a_pattern_is_read_differently(
    spoiled: Schema,
) -> None:
    among = with_state_property("execution_id", spoiled)
    document = copy.deepcopy(CONTRACTS.schemas[STATE]["examples"][0])
    document["execution_id"] = "1"
    engines = Engines(among, STATE)

    edit = find(
        mutations.edits(document),
        lambda drawn: engines.differ(drawn.apply(document)),
        settings=settings(SHARE, max_examples=20000, phases=[Phase.generate]),
    )

    assert edit.place == ("execution_id",)
    assert not engines.differ(document)


def with_state_property(name: str, spoiled: Schema) -> Contracts:
    """Give the contracts with another schema for a key of the state."""
    state: dict[str, Any] = copy.deepcopy(CONTRACTS.schemas[STATE])
    state["properties"][name] |= spoiled
    return Contracts(CONTRACTS.schemas | {STATE: state})
