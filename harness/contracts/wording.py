"""Schemas in words: types, limits and the rules between properties."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from harness.contracts.shapes import Node, Shapes

Limits = Mapping[str, Any]

LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
    "pattern": "fits {}",
}
PLAIN = {
    ("maxItems", 0): "empty",
    ("maxLength", 0): "empty",
    ("minItems", 1): "not empty",
    ("minLength", 1): "not empty",
}
SAID_ELSEWHERE = {"$comment", "description", "x-unit", "title", "examples"}


def heading(shapes: Shapes, name: str) -> str:
    """Give the title of a file's schema."""
    return str(shapes.root(name).schema["title"])


def link(shapes: Shapes, name: str) -> str:
    """Link to where a common part is described."""
    title = heading(shapes, name)
    return f"[{title}](#{slug(title)})"


def slug(text: str) -> str:
    """Give the anchor that a Markdown heading gets."""
    kept = [c for c in text.lower() if c.isalnum() or c in " -_"]
    return "".join(kept).replace(" ", "-")


def type_of(shapes: Shapes, node: Node) -> str:
    """Say which values a schema takes, with a link to a common part."""
    if "$ref" in node.schema:
        return link(shapes, shapes.target(node))
    if values := _values(node.schema):
        return values
    kinds = [_kind(shapes, node, kind) for kind in node.types]
    limits = _limits(node.schema)
    said = [" or ".join(kinds)] if kinds else ([] if limits else ["anything"])
    said += limits
    if "if" in node.schema and "properties" not in node.schema:
        said.append(_value_rule(shapes, node))
    return ", ".join(said)


def note(schema: Limits) -> str:
    """Give what a schema says beside its rules, to those who read it."""
    return "" if "if" in schema else str(schema.get("$comment", ""))


def rules(shapes: Shapes, node: Node) -> list[str]:
    """Say what holds between the properties of an object, and why."""
    if node.types and "object" not in node.types:
        return []
    conditions = [node.schema, *node.schema.get("allOf", ())]
    return [
        sentence
        for schema in conditions
        if "if" in schema
        for sentence in _rule(shapes, node.part(schema))
    ]


def _rule(shapes: Shapes, node: Node) -> Iterator[str]:
    why = node.schema.get("$comment", "")
    branches = [("then", "When"), ("else", "Unless")]
    for branch, word in branches:
        demand = node.schema.get(branch)
        if demand:
            condition = _condition(node.schema["if"])
            demands = _demands(shapes, node.part(demand))
            said = f"{word} {condition}: {demands}."
            yield f"{said} {why}".strip()


def _value_rule(shapes: Shapes, node: Node) -> str:
    """Say what holds of a value that is no object."""
    condition, then = node.schema["if"], node.schema.get("then", {})
    if condition == {"minLength": 1} and "else" not in node.schema:
        return f"unless empty: {type_of(shapes, node.part(then))}"
    rest = {key: node.schema.get(key) for key in ("if", "then", "else")}
    return f"fits {_code(rest)}"


def _condition(schema: Limits) -> str:
    required = schema.get("required", ())
    asked = [
        f"`{key}` {_demand(limits, key not in required)}"
        for key, limits in schema.get("properties", {}).items()
    ]
    named = set(schema.get("properties", {}))
    there = [
        f"`{k}` is there" for k in schema.get("required", ()) if k not in named
    ]
    return " and ".join(there + asked) or f"it fits {_code(schema)}"


def _demands(shapes: Shapes, node: Node) -> str:
    limits = node.schema.get("properties", {})
    required = node.schema.get("required", [])
    said = []
    if "$ref" in node.schema:
        part = link(shapes, shapes.target(node))
        article = "an" if part[1] in "AEIOU" else "a"
        said.append(f"the object is {article} {part} as well")
    for key in dict.fromkeys([*required, *limits]):
        demand = _demand(limits[key]) if key in limits else ""
        must = "is required" if key in required else ""
        said.append(f"`{key}` " + " and ".join(filter(None, [must, demand])))
    others = set(node.schema) - {"$ref", "properties", "required"}
    if others - SAID_ELSEWHERE:
        said.append(f"it fits {_code(node.schema)}")
    return ", ".join(said)


def _demand(schema: Limits, may_be_missing: bool = False) -> str:
    """Say what a value must be, as the end of a sentence."""
    verb = "is missing or" if may_be_missing else "is"
    if values := _values(schema):
        return f"{verb} {values}"
    kinds = schema.get("type", [])
    names = [kinds] if isinstance(kinds, str) else kinds
    said = [" or ".join(map(_article, names))] if names else []
    said += _limits(schema)
    known = {*LIMITS, *SAID_ELSEWHERE, "type"}
    if set(schema) - known or not said:
        return f"fits {_code(schema)}"
    return f"{verb} {' and '.join(said)}"


def _values(schema: Limits) -> str:
    if "const" in schema:
        return _code(schema["const"])
    return " or ".join(_code(value) for value in schema.get("enum", ()))


def _limits(schema: Limits) -> list[str]:
    if schema.get("minLength") == schema.get("maxLength", ""):
        exact = [f"{schema['minLength']} characters"]
        rest = {k: v for k, v in schema.items() if not k.endswith("Length")}
        return exact + _limits(rest)
    return [
        PLAIN.get((key, value)) or text.format(_shown(value))
        for key, text in LIMITS.items()
        if (value := schema.get(key)) is not None
    ]


def _kind(shapes: Shapes, node: Node, kind: str) -> str:
    if kind == "array" and "items" in node.schema:
        items = node.part(node.schema["items"])
        entry = type_of(shapes, items)
        return f"list of {f'({entry})' if ', ' in entry else entry}"
    if kind == "object" and isinstance(
        values := node.schema.get("additionalProperties"), dict
    ):
        return f"map to {type_of(shapes, node.part(values))}"
    return "list" if kind == "array" else kind


def _article(kind: str) -> str:
    if kind == "null":
        return kind
    return f"an {kind}" if kind[0] in "aio" else f"a {kind}"


def _shown(value: object) -> str:
    return f"`{value}`" if isinstance(value, str) else str(value)


def _code(value: object) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"
