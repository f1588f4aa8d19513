"""The closed writer of a schema takes what its reader names, no more."""

import copy
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from harness.contracts import Contracts, load, writers
from harness.contracts.loading import Schema

CONTRACTS = load(Path(__file__).parents[2] / "contracts")
YES = jsonschema_rs.canonical.Containment.YES
STATE = "v1/common/execution-state"


def small(**rules: Any) -> Contracts:
    """Contracts of one small schema and a part that it may refer to."""
    schema: Schema = {
        "$schema": writers.DIALECT,
        "$id": "https://example.test/small",
        **rules,
    }
    part: Schema = {
        "$schema": writers.DIALECT,
        "$id": "https://example.test/part",
        "properties": {"inner": {"properties": {"known": {}}}},
    }
    return Contracts({"small": schema, "part": part})


def accepts(contracts: Contracts, name: str, document: object) -> bool:
    writer = writers.closed(contracts, name)
    return jsonschema.Draft202012Validator(writer).is_valid(document)


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_reader_takes_all_that_its_own_writer_sends(name: str) -> None:
    reader = jsonschema_rs.canonicalize(writers.opened(CONTRACTS, name))
    writer = jsonschema_rs.canonicalize(writers.closed(CONTRACTS, name))

    assert reader.covers(writer) is YES


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_writer_sends_the_examples_of_its_schema(name: str) -> None:
    writer = jsonschema.Draft202012Validator(writers.closed(CONTRACTS, name))
    documents = CONTRACTS.schemas[name]["examples"]

    assert documents
    assert [d for d in documents if not writer.is_valid(d)] == []


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("accountContext",),
        ("waves", 0),
        ("wave_results", 0),
        ("wave_results", 0, "serverStatuses", 0),
    ],
    ids=str,
)
def test_writer_sends_no_unknown_key(place: tuple[str | int, ...]) -> None:
    schema = CONTRACTS.schemas["v1/start_wave_recovery/response"]
    document = {**schema["examples"][0], "accountContext": {}}
    spoiled = copy.deepcopy(document)
    at: Any = spoiled
    for step in place:
        at = at[step]
    at["unknown"] = 1

    assert accepts(CONTRACTS, STATE, document)
    assert not accepts(CONTRACTS, STATE, spoiled)


def test_writer_knows_the_keys_beside_a_reference_when_it_has_both() -> None:
    contracts = small(**{"$ref": "part", "properties": {"own": {}}})

    assert accepts(contracts, "small", {"own": 1, "inner": {"known": 1}})
    assert not accepts(contracts, "small", {"inner": {"unknown": 1}})


def test_writer_keeps_maps_open() -> None:
    tags = {"type": "object", "additionalProperties": {"$ref": "part"}}
    contracts = small(properties={"tags": tags})

    assert accepts(contracts, "small", {"tags": {"any": {"inner": {}}}})
    assert not accepts(contracts, "small", {"tags": {"any": {"b": 1}}})


def test_writer_knows_the_whole_that_a_relation_refers_to() -> None:
    contracts = small(
        **{
            "properties": {"part": {}},
            "if": {"required": ["part"]},
            "else": {"$ref": "part"},
        }
    )

    assert accepts(contracts, "small", {"inner": {"known": 1}})
    assert not accepts(contracts, "small", {"inner": {"unknown": 1}})


def test_writer_is_not_closed_by_a_relation_alone() -> None:
    relation = {"properties": {"kind": {"const": "a"}}}
    contracts = small(**{"if": relation, "then": {"required": ["name"]}})

    assert accepts(contracts, "small", {"kind": "a", "name": 1, "more": 1})


def test_writer_is_refused_when_a_schema_refers_to_itself() -> None:
    contracts = small(properties={"next": {"$ref": "#"}})

    with pytest.raises(writers.RecursiveReferenceError, match="#"):
        writers.closed(contracts, "small")
