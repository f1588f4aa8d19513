"""The page of the contracts tells everything that the schemas say."""

import ast
import copy
import re
from typing import Any

import pytest

from harness.contracts import Contracts, documentation, generated, load
from harness.contracts.checking import subschemas
from harness.contracts.documentation import UnknownPartiesError
from harness.contracts.parties import ERRORS, EVERY_ACTION, PARTIES
from harness.contracts.shapes import Node, Shapes
from harness.contracts.wording import rules, slug, type_of

CONTRACTS = load(generated.ROOT / "contracts")
PAGE = documentation.markdown(CONTRACTS)
PYTHONS_OWN = {"ValueError", "ClientError"}
NODE = Shapes(CONTRACTS).root("v1/common/wave")


def shown(schema: dict[str, Any]) -> str:
    """Give the type that the page shows for a schema."""
    return type_of(Shapes(CONTRACTS), Node(schema, NODE.base))


def told(schema: dict[str, Any]) -> list[str]:
    """Give the rules that the page tells for a schema."""
    return rules(Shapes(CONTRACTS), Node(schema, NODE.base))


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_page_has_every_description_and_every_reason(name: str) -> None:
    texts = [
        part[key]
        for _, part in subschemas(CONTRACTS.schemas[name])
        for key in ("description", "$comment")
        if key in part
    ]

    missing = [text for text in texts if text.replace("|", "\\|") not in PAGE]

    assert missing == []


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_page_has_a_row_for_every_property(name: str) -> None:
    keys = {
        place[-1]
        for place, _ in subschemas(CONTRACTS.schemas[name])
        if len(place) > 1 and place[-2] == "properties"
    }
    rows = re.findall(r"^\| `(?:[\w.]+(?:\[\])?\.)?(\w+)` \|", PAGE, re.M)

    assert keys <= set(rows)


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    headings = [slug(h) for h in re.findall(r"^#+ (.+)$", PAGE, re.M)]

    assert links <= set(headings)
    assert len(headings) == len(set(headings))


def test_every_error_is_one_that_a_lambda_raises() -> None:
    classes = {
        node.name
        for path in (generated.ROOT / "lambda").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    named = {error for each in PARTIES.values() for error in each.errors}

    assert set(ERRORS) == named | set(EVERY_ACTION)
    assert set(ERRORS) <= classes | PYTHONS_OWN


def test_every_action_has_its_parties() -> None:
    actions = {
        name.split("/", 1)[1].removesuffix("/request")
        for name in CONTRACTS.schemas
        if name.endswith("/request")
    }

    assert set(PARTIES) == actions


def test_page_is_refused_when_nobody_says_who_serves_an_action() -> None:
    schemas = copy.deepcopy(CONTRACTS.schemas)
    for direction in ("request", "response"):
        known = schemas[f"v1/query_servers_by_tags/{direction}"]
        moved = known["$id"].replace("query_servers_by_tags", "forget")
        schemas[f"v1/forget/{direction}"] = {**known, "$id": moved}

    with pytest.raises(UnknownPartiesError, match="forget: add to"):
        documentation.markdown(Contracts(schemas))


@pytest.mark.parametrize(
    "schema, text",
    [
        ({"type": "string", "minLength": 1}, "string, not empty"),
        ({"type": ["integer", "null"]}, "integer or null"),
        ({"type": "integer", "minimum": 0}, "integer, at least 0"),
        ({"type": "string", "maxLength": 5}, "string, at most 5 characters"),
        (
            {"type": "string", "minLength": 3, "maxLength": 3},
            "string, 3 characters",
        ),
        ({"type": "string", "pattern": "^a|b"}, "string, fits `^a|b`"),
        ({"const": "1"}, '`"1"`'),
        ({"enum": ["a", None]}, '`"a"` or `null`'),
        ({"type": "array"}, "list"),
        (
            {"type": "array", "items": {"type": "string", "minLength": 1}},
            "list of (string, not empty)",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "string"}},
            "map to string",
        ),
        ({"$ref": "wave.schema.json"}, "[Plan wave](#plan-wave)"),
        ({}, "anything"),
        (
            {
                "type": "string",
                "if": {"minLength": 1},
                "then": {"pattern": "^a"},
            },
            "string, unless empty: fits `^a`",
        ),
    ],
)
def test_type_is_told_in_words(schema: dict[str, Any], text: str) -> None:
    assert shown(schema) == text


@pytest.mark.parametrize(
    "condition, demand, text",
    [
        (
            {"required": ["a"], "properties": {"a": {"enum": ["x", "y"]}}},
            {"required": ["b"], "properties": {"b": {"type": "string"}}},
            'When `a` is `"x"` or `"y"`: `b` is required and is a string.',
        ),
        (
            {"required": ["a"], "properties": {"a": {"type": "null"}}},
            {"properties": {"b": {"maxItems": 0}}},
            "When `a` is null: `b` is empty.",
        ),
        (
            {"properties": {"a": {"maxLength": 0}}},
            {"properties": {"b": {"const": 0}}},
            "When `a` is missing or empty: `b` is `0`.",
        ),
        (
            {"required": ["a"]},
            {"$ref": "wave.schema.json"},
            "When `a` is there: the object is a [Plan wave](#plan-wave) as "
            "well.",
        ),
        (
            {"required": ["a"]},
            {"properties": {"b": {"multipleOf": 2}}},
            'When `a` is there: `b` fits `{"multipleOf": 2}`.',
        ),
    ],
)
def test_rule_is_told_in_words(
    condition: dict[str, Any], demand: dict[str, Any], text: str
) -> None:
    why = "Because."

    assert told({"if": condition, "then": demand}) == [text]
    assert told({"$comment": why, "if": condition, "then": demand}) == [
        f"{text} {why}"
    ]
