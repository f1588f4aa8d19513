"""What `drs-orch contracts` says to schemas and payloads that are amiss."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app

BASE = "https://drs-orchestration.example/contracts/"
NAME = "v1/query/request"
TEXT = {"type": "string", "description": "Text."}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"{BASE}{NAME}.schema.json",
    "title": "Request",
    "description": "Asks.",
    "type": "object",
    "properties": {"name": TEXT},
    "examples": [{"name": "a"}],
}
NO_SCHEMAS = [
    ({"properties": []}, "", "/properties: breaks type"),
    ({"allOf": {}}, "", "/allOf: breaks type"),
    ({"type": "text"}, "", "/type: breaks anyOf"),
    ({"pattern": "["}, "name", "/properties/name/pattern: breaks format"),
    # One engine reads it, the other does not.
    ({"pattern": "(?a)b"}, "name", "/properties/name/pattern: breaks format"),
    ({"pattern": 3}, "name", "/properties/name/pattern: breaks type"),
    ({"enum": 3}, "name", "/properties/name/enum: breaks type"),
    ({"$ref": 3}, "name", "/properties/name/$ref: breaks type"),
    ({"$id": 3}, "", "/$id: breaks type"),
    (
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        "",
        "/$schema: breaks const",
    ),
]


def run(*arguments: object, stdin: str = "") -> Result:
    texts = [str(argument) for argument in arguments]
    result = CliRunner().invoke(app, ["contracts", *texts], input=stdin)
    assert result.exception is None or isinstance(
        result.exception, SystemExit
    ), result.exception
    return result


def write(folder: Path, schema: dict[str, Any]) -> Path:
    path = folder / f"{NAME}.schema.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema))
    return path


def changed(change: dict[str, Any], name: str = "") -> dict[str, Any]:
    if name:
        return SCHEMA | {"properties": {name: TEXT | change}}
    return SCHEMA | change


@pytest.mark.parametrize(("change", "name", "told"), NO_SCHEMAS)
def test_check_names_the_place_when_a_file_is_no_schema(
    tmp_path: Path, change: dict[str, Any], name: str, told: str
) -> None:
    write(tmp_path, changed(change, name))

    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert f"request.schema.json#{told}" in result.stdout
    assert "keywords                 skipped" in result.stdout


@pytest.mark.parametrize(("change", "name", "told"), NO_SCHEMAS)
def test_nothing_is_compared_with_what_is_no_schema(
    tmp_path: Path, change: dict[str, Any], name: str, told: str
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    files = write(old, SCHEMA), write(new, changed(change, name))

    results = [run("diff", old, new), run("diff", *files)]

    assert [r.exit_code for r in results] == [2, 2]
    assert all(told in r.stderr for r in results)


@pytest.mark.parametrize("command", ["validate", "mutants"])
def test_nothing_is_judged_by_what_is_no_schema(
    tmp_path: Path, command: str
) -> None:
    write(tmp_path, changed({"pattern": "["}, "name"))
    arguments = {
        "validate": ("query", "request", "-", "--contracts", tmp_path),
        "mutants": (tmp_path,),
    }

    result = run(command, *arguments[command], stdin="{}")

    assert result.exit_code == 2
    assert "/properties/name/pattern: breaks format" in result.stderr


def test_bundle_is_refused_when_it_holds_no_schema(tmp_path: Path) -> None:
    bundle = tmp_path / "1.0.0.json"
    schemas = {NAME: SCHEMA | {"type": "text"}}
    bundle.write_text(json.dumps({"version": "1.0.0", "schemas": schemas}))

    result = run("diff", bundle, bundle)

    assert result.exit_code == 2
    assert f"{NAME}: /type: breaks anyOf" in result.stderr


def test_schemas_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    write(tmp_path, SCHEMA)
    (tmp_path / "v1/query/response.schema.json").write_text(json.dumps(SCHEMA))

    result = run("diff", tmp_path, tmp_path)

    assert result.exit_code == 2
    assert "v1/query/response has the $id of v1/query/request" in result.stderr


def test_check_says_so_when_a_dialect_is_not_said(tmp_path: Path) -> None:
    write(tmp_path, {k: v for k, v in SCHEMA.items() if k != "$schema"})

    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert "request.schema.json: no $schema" in result.stdout


@pytest.mark.parametrize(
    ("part", "codes"),
    # Nothing was sent there before; then either all or nothing may be.
    [(True, [0, 0]), (False, [0, 0])],
)
def test_boolean_is_a_schema(
    tmp_path: Path, part: bool, codes: list[int]
) -> None:
    properties = SCHEMA["properties"] | {"more": part}
    old = write(tmp_path / "old", SCHEMA)
    new = write(tmp_path / "new", SCHEMA | {"properties": properties})

    results = [
        run("diff", old, new, "--direction", direction)
        for direction in ("request", "response")
    ]

    assert [r.exit_code for r in results] == codes
    assert "#/properties/more: no description" in (
        run("check", tmp_path / "new").stdout
    )


def test_complaint_names_the_edit_of_a_file_of_edits(tmp_path: Path) -> None:
    write(tmp_path, SCHEMA)
    file = tmp_path / "v1/query/examples/valid/request-edits.json"
    file.parent.mkdir(parents=True)
    patch = [{"op": "replace", "path": "/name", "value": 7}]
    edits = [{"name": "a number", "patch": patch}]
    file.write_text(json.dumps([{"base": {"name": "a"}, "edits": edits}]))

    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert "request-edits.json: a number: jsonschema found" in result.stdout


@pytest.mark.parametrize("content", [{"base": {}, "edits": []}, [[]], [7]])
def test_form_is_told_when_a_file_of_edits_has_another(
    tmp_path: Path, content: object
) -> None:
    write(tmp_path, SCHEMA)
    file = tmp_path / "v1/query/examples/invalid/request-edits.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(content))

    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert "request-edits.json: not of the form" in result.stdout


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """Contracts of one request, which takes texts only."""
    folder = tmp_path / "contracts"
    schema = {"additionalProperties": {"type": "object"}, "properties": {}}
    write(folder, SCHEMA | schema | {"examples": [{}]})
    return folder


def judged(contracts: Path, document: str, suffix: str = ".json") -> Result:
    file = contracts.parent / f"payload{suffix}"
    file.write_text(document, encoding="utf-8")
    return run("validate", "query", "request", file, "--contracts", contracts)


@pytest.mark.parametrize(
    "name",
    [
        "apiKey",
        "access_key_id",
        "Authorization",
        "private-key",
        "passphrase",
        "Cookie",
        "signature",
        "external_id",
        "sessionToken",
    ],
)
def test_value_is_hidden_when_its_key_sounds_like_a_secret(
    contracts: Path, name: str
) -> None:
    result = judged(contracts, json.dumps({name: "hush"}))

    assert result.exit_code == 1
    assert "hush" not in result.stdout
    assert "a text of 4 characters, hidden" in result.stdout


def test_of_a_long_text_only_the_length_is_told(contracts: Path) -> None:
    result = judged(contracts, json.dumps({"name": "s" * 40}))

    assert result.exit_code == 1
    assert "sss" not in result.stdout
    assert "found a text of 40 characters" in result.stdout


@pytest.mark.parametrize("name", ["a\nb: ok", "a\x1b[31mb", "a\u2028b"])
def test_line_of_a_violation_stays_one_line(
    contracts: Path, name: str
) -> None:
    within, above = {name: 7}, {"keys": [{name: 1}]}

    result = judged(contracts, json.dumps(within | above))

    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    assert name not in result.stdout


def test_line_ends_where_json_lines_end(contracts: Path) -> None:
    lines = [
        json.dumps({"a": {t: t}}, ensure_ascii=False) for t in "\u2028\x85"
    ]

    result = judged(contracts, "\r\n".join(lines), ".jsonl")

    assert result.exit_code == 0
    assert "payload.jsonl:2: ok" in result.stdout


def test_schema_is_refused_when_a_key_comes_twice(tmp_path: Path) -> None:
    path = write(tmp_path, SCHEMA)
    path.write_text(path.read_text().replace("{", '{"title": "One", ', 1))

    result = run("check", tmp_path)

    assert result.exit_code == 2
    assert "key 'title' comes twice" in result.stderr


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_payloads_are_refused_when_a_file_holds_none(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "payloads.jsonl"
    file.write_text(text)

    result = run("validate", "orchestration/begin", "request", file)

    assert result.exit_code == 2
    assert "holds no document" in result.stderr


def test_payload_is_refused_when_a_key_comes_twice(tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text('{"action": "begin", "action": "begin"}')

    result = run("validate", "orchestration/begin", "request", file)

    assert result.exit_code == 2
    assert "key 'action' comes twice" in result.stderr
