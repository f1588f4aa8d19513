"""A mutant survives where no example misses what it lacks."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from harness.contracts import Contracts, commands, mutants, mutations
from harness.contracts.examples import Example

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BASE = "https://drs-orchestration.example/contracts/"
NAME = {
    "$schema": DIALECT,
    "$id": BASE + "name.schema.json",
    "type": "string",
    "maxLength": 1,
}
WAVE: dict[str, Any] = {
    "$schema": DIALECT,
    "$id": BASE + "wave.schema.json",
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"$ref": "name.schema.json"},
        "count": {"type": ["integer", "null"], "minimum": 0},
        "status": {"enum": ["on", "off"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "if": {"required": ["status"], "properties": {"status": {"const": "on"}}},
    "then": {"required": ["count"]},
}
CONTRACTS = Contracts({"name": NAME, "wave": WAVE})


def example(
    schema: str, document: object, *findings: tuple[str, str]
) -> Example:
    return Example(schema, document, frozenset(findings))


EXAMPLES = [
    example("name", "a"),
    example("name", "ab", ("", "maxLength")),
    example("name", None, ("", "type")),
    example("name", 1, ("", "type")),
    example("wave", {"name": "a"}),
    example("wave", {"name": "a", "more": 1}),
    example("wave", {"name": "a", "count": 0, "tags": ["x"]}),
    example("wave", {"name": "a", "count": None, "status": "on"}),
    example("wave", {"name": "a", "status": "off"}),
    example("wave", {"name": "a", "status": "on"}, ("", "required")),
    example("wave", {"name": "a", "status": "ON"}, ("/status", "enum")),
    example("wave", {"name": 1}, ("/name", "type")),
    example("wave", {}, ("", "required")),
    example("wave", [], ("", "type")),
    example("wave", None, ("", "type")),
    example("wave", {"name": "a", "count": 0.5}, ("/count", "type")),
    example("wave", {"name": "a", "count": "1"}, ("/count", "type")),
    example("wave", {"name": "a", "count": -1}, ("/count", "minimum")),
    example("wave", {"name": "a", "tags": {}}, ("/tags", "type")),
    example("wave", {"name": "a", "tags": None}, ("/tags", "type")),
    example("wave", {"name": "a", "tags": [1]}, ("/tags/0", "type")),
    example("wave", {"name": "a", "tags": [None]}, ("/tags/0", "type")),
]


def put_schema(folder: Path) -> None:
    (folder / "v1").mkdir()
    (folder / "v1" / "name.schema.json").write_text(json.dumps(NAME))


def test_no_mutant_survives_when_examples_show_every_rule() -> None:
    outcome = mutants.try_all(CONTRACTS, EXAMPLES, {})

    assert outcome.survivors == {}
    assert outcome.is_good
    assert outcome.counts["enum"] == (3, 3)
    assert outcome.counts["type"][0] > 10


@pytest.mark.parametrize(
    "document, survivor",
    [
        ({"name": "a", "tags": None}, "tags: type with null"),
        ({"name": "a", "more": 1}, "wave#: closed"),
        ({"name": "a", "count": -1}, "minimum 0 as -1"),
        ({"name": "a", "status": "on"}, "wave#: without then"),
        ({"name": "a", "status": "off"}, "enum without off"),
        ({"name": "a", "tags": [None]}, "type with null"),
        ({"name": "a", "count": 0.5}, "number for integer"),
        ("ab", "name#: without maxLength"),
    ],
    ids=str,
)
def test_mutant_survives_when_the_example_of_its_rule_is_missing(
    document: object, survivor: str
) -> None:
    fewer = [each for each in EXAMPLES if each.document != document]

    outcome = mutants.try_all(CONTRACTS, fewer, {})

    assert any(survivor in name for name in outcome.survivors)
    assert not outcome.is_good


def test_survivor_is_accepted_when_its_reason_is_known() -> None:
    fewer = [
        each for each in EXAMPLES if each.document != {"name": "a", "more": 1}
    ]
    name = "wave#: closed"

    outcome = mutants.try_all(CONTRACTS, fewer, {name: "why"})

    assert outcome.survivors == {name: "why"}
    assert outcome.is_good


def test_reason_is_complained_of_when_its_mutant_is_killed() -> None:
    outcome = mutants.try_all(CONTRACTS, EXAMPLES, {"wave#: gone": "why"})

    assert outcome.unused == ("wave#: gone",)
    assert not outcome.is_good


def test_mutant_of_a_part_is_killed_when_only_its_user_has_examples() -> None:
    part = {key: NAME[key] for key in ("$schema", "$id", "type")}
    contracts = Contracts({"name": part, "wave": WAVE})
    users = [each for each in EXAMPLES if each.schema == "wave"]

    outcome = mutants.try_all(contracts, users, {})

    assert "name#: without type" not in outcome.survivors


def test_mutant_is_killed_when_only_the_reference_engine_sees_it() -> None:
    name = NAME | {"pattern": "^a$"}
    line_end = example("name", "a\n", ("", "maxLength"))
    contracts = Contracts({"name": name})
    jury = mutants.Jury(contracts, (line_end,))
    [unlimited] = [
        mutation
        for mutation in mutations.of("name", name)
        if mutation.what == "without maxLength"
    ]

    assert jury.kills(unlimited)


def test_schema_stays_as_it_was_when_it_is_mutated() -> None:
    before = copy.deepcopy(WAVE)

    made = list(mutations.of("wave", WAVE))

    assert WAVE == before
    assert all(mutation.mutated != before for mutation in made)
    assert len({str(mutation) for mutation in made}) == len(made)


def test_folder_is_tried_with_the_reasons_that_it_lists(
    tmp_path: Path,
) -> None:
    put_schema(tmp_path)
    (tmp_path / mutants.KNOWN).write_text('{"name#: gone": "why"}')

    outcome = mutants.try_folder(tmp_path)

    assert "v1/name#: without maxLength" in outcome.survivors
    assert outcome.unused == ("name#: gone",)


def test_survivors_and_needless_reasons_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_schema(tmp_path)
    (tmp_path / mutants.KNOWN).write_text('{"name#: gone": "why"}')

    code = commands.mutants(tmp_path, as_json=False)

    printed = capsys.readouterr().out
    assert code == 1
    assert "survived  v1/name#: without maxLength" in printed
    assert "unused    name#: gone" in printed


def test_json_is_printed_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_schema(tmp_path)

    code = commands.mutants(tmp_path, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert (code, told["good"], told["killed"]) == (1, False, 0)
    assert told["keywords"]["maxLength"] == {"mutants": 3, "killed": 0}
    survivor = {"mutant": "v1/name#: without maxLength", "reason": None}
    assert survivor in told["survivors"]


@pytest.mark.parametrize(
    "file, content, said",
    [
        (mutants.KNOWN, "[]", "no object"),
        (mutants.KNOWN, "{", "no JSON"),
        ("v1/examples/valid/stray.json", "{}", "begin the name"),
        ("v1/examples/valid/name-long.json", '"ab"', "contracts check"),
        ("v1/examples/valid/name-edits.json", "[1]", "an example"),
    ],
)
def test_person_is_told_when_a_file_cannot_be_used(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    content: str,
    said: str,
) -> None:
    put_schema(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(content)

    code = commands.mutants(tmp_path, as_json=False)

    assert code == 2
    assert said in capsys.readouterr().err
