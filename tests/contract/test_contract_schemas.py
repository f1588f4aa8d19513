"""Every schema of the contracts keeps the rules of the house."""

import copy
from pathlib import Path

import pytest

from harness.contracts import Contracts, checking, load
from harness.contracts.loading import Schema

CONTRACTS = load(Path(__file__).parents[2] / "contracts")
NAMES = list(CONTRACTS.schemas)
WAVE = "v1/common/wave"
STATE = "v1/common/execution-state"
ACTIONS = [
    "start_wave_recovery",
    "poll_wave_status",
    "query_servers_by_tags",
    "orchestration/begin",
    "orchestration/update_wave_status",
    "orchestration/store_task_token",
    "orchestration/resume_wave",
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_action_has_a_contract(action: str, direction: str) -> None:
    assert f"v1/{action}/{direction}" in CONTRACTS.schemas


@pytest.mark.parametrize("name", NAMES)
def test_schema_fits_the_meta_schema(name: str) -> None:
    schema = CONTRACTS.schemas[name]

    assert checking.meta_schema_complaints(schema) == []


@pytest.mark.parametrize("name", NAMES)
def test_schema_has_id_title_description_and_examples(name: str) -> None:
    assert checking.text_complaints(name, CONTRACTS.schemas[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_resolves_offline(name: str) -> None:
    assert checking.reference_complaints(CONTRACTS, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_described_with_its_unit(name: str) -> None:
    assert checking.property_complaints(CONTRACTS.schemas[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_schema_uses_only_what_both_engines_judge_alike(name: str) -> None:
    assert checking.keyword_complaints(CONTRACTS.schemas[name]) == []


@pytest.fixture
def wave() -> Schema:
    """A schema to spoil."""
    return copy.deepcopy(CONTRACTS.schemas[WAVE])


def test_schema_is_refused_when_a_keyword_has_the_wrong_type(
    wave: Schema,
) -> None:
    wave["properties"]["waveNumber"]["minimum"] = "0"

    assert checking.meta_schema_complaints(wave) == [
        "/properties/waveNumber/minimum: breaks type of JSON Schema itself"
    ]


@pytest.mark.parametrize("text", checking.TEXTS)
def test_schema_is_refused_when_a_text_is_missing(
    wave: Schema, text: str
) -> None:
    del wave[text]

    assert f"no {text}" in checking.text_complaints(WAVE, wave)


def test_schema_is_refused_when_its_id_is_not_its_path(wave: Schema) -> None:
    complaints = checking.text_complaints("v1/common/moved", wave)

    assert len(complaints) == 1


def test_schema_is_refused_when_a_reference_leads_nowhere(
    wave: Schema,
) -> None:
    items = wave["properties"]["serverIds"]["items"]
    items["$ref"] = "missing.schema.json"
    spoiled = Contracts({**CONTRACTS.schemas, WAVE: wave})

    complaints = checking.reference_complaints(spoiled, WAVE)

    assert [c.split(":")[0] for c in complaints] == [
        "/properties/serverIds/items"
    ]


@pytest.mark.parametrize("key", ["description", "x-unit"])
def test_schema_is_refused_when_a_property_is_not_explained(
    wave: Schema, key: str
) -> None:
    del wave["properties"]["waveNumber"][key]

    assert checking.property_complaints(wave) == [
        f"/properties/waveNumber: no {key}"
    ]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"unevaluatedProperties": False},
        {"format": "date-time"},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"$defs": {"name": {"type": "string"}}},
        {"pattern": "^\\d"},
        {"pattern": "^\\w"},
        {"pattern": "^\\S"},
        {"pattern": "^a\\Z"},
        {"pattern": "\\bname"},
        {"pattern": "^\\pL"},
        {"pattern": "^(a)\\1"},
        {"pattern": "^a$"},
        {"pattern": "^(a|$)"},
        {"pattern": "(?i)name"},
        {"pattern": "^(?!name)"},
        {"pattern": "^[[:alpha:]]"},
        {"pattern": "^[a-z&&b]"},
        {"pattern": "^\u00fc"},
        {"const": 0.5},
        {"const": ["name"]},
        {"enum": ["name", {}]},
        {"minLength": 1.0},
        {"minimum": 1},
        {"maxItems": 1},
        {"properties": {}},
        {"if": {"minLength": 1}},
        {"then": {"minLength": 1}},
    ],
    ids=str,
)
def test_schema_is_refused_when_engines_would_differ_or_a_rule_is_idle(
    wave: Schema, spoiled: Schema
) -> None:
    wave["properties"]["waveName"] |= spoiled

    complaints = checking.keyword_complaints(wave)

    assert len(complaints) == 1


@pytest.mark.parametrize("pattern", ["^i-[0-9a-fA-F]{8}", "^[^a-z]\\.\\$x"])
def test_pattern_is_accepted_when_engines_read_it_alike(
    wave: Schema, pattern: str
) -> None:
    wave["properties"]["waveName"]["pattern"] = pattern

    assert checking.keyword_complaints(wave) == []


@pytest.mark.parametrize("name", NAMES)
def test_unknown_keys_pass_in_every_object(name: str) -> None:
    assert checking.closed_complaints(CONTRACTS.schemas[name]) == []


def test_schema_is_refused_when_an_object_is_closed(wave: Schema) -> None:
    wave["additionalProperties"] = False

    assert checking.closed_complaints(wave) == [": closed"]


def test_state_describes_every_key_that_begin_creates() -> None:
    response = CONTRACTS.schemas["v1/orchestration/begin/response"]
    described = CONTRACTS.schemas[STATE]["properties"]

    required = {*response["required"], *CONTRACTS.schemas[STATE]["required"]}
    assert required == set(described) - {"account_context"}
