"""Prove that a reader accepts everything that a writer sends.

`jsonschema_rs` compares two schemas and never errs, but often cannot tell. So
the reader is taken apart first: it accepts what all of its rules accept, and
a rule that the writer keeps at the same place needs no more proof. Only what
is left is compared, and patterns, of which the comparer knows nothing, as
the regular languages that they are.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from jsonschema_rs import canonical

from harness.contracts import patterns
from harness.contracts.loading import Schema
from harness.contracts.places import Place
from harness.contracts.writers import ANNOTATIONS

# Keywords that judge together; a rule of its own is every other one.
GROUPS = (
    ("if", "then", "else"),
    ("contains", "minContains", "maxContains"),
)
# These look at what other keywords have judged.
WHOLE = frozenset(
    "unevaluatedProperties unevaluatedItems prefixItems patternProperties "
    "$dynamicRef".split()
)


def accepts_all(reader: Schema, writer: Schema) -> bool:
    """Say whether it is proved that a reader accepts all of a writer.

    Args:
        reader: Self-contained.
        writer: Self-contained.

    Returns:
        False also where nobody can tell.
    """
    sent = defaultdict(list)
    for place, rule in _rules(writer, ()):
        sent[place].append(rule)
    kept = {place: {_text(r) for r in rules} for place, rules in sent.items()}
    left = [
        (place, rule)
        for place, rule in _rules(reader, ())
        if _text(rule) not in kept.get(place, set())
        and not _follows(rule, sent.get(place, []))
    ]
    return not left or covers(_rebuilt(left), writer)


def covers(reader: Schema, writer: Schema) -> bool:
    """Ask the comparer whether a schema accepts all of another."""
    try:
        proof = _canonical(reader).covers(_canonical(writer))
    except (canonical.CanonicalizationError, jsonschema_rs.ValidationError):
        return False
    return proof is canonical.Containment.YES


def _canonical(schema: Any) -> jsonschema_rs.CanonicalSchema:
    return jsonschema_rs.canonicalize(schema, offline=True)


def _follows(rule: Any, others: list[Any]) -> bool:
    """Say whether a rule follows from others of the same place."""
    known = [text for other in others if (text := _as_pattern(other))]
    # Not maxLength: of two engines one lets a line end follow `$`.
    asked = "" if "maxLength" in rule else _as_pattern(rule)
    if asked and known and patterns.includes(asked, *known):
        return True
    return covers(rule, {"allOf": others})


def _as_pattern(rule: Any) -> str:
    """Write a rule for texts as a pattern; nothing where it is none."""
    keyword, value = next(iter(rule.items()), ("", None))
    if len(rule) != 1:
        return ""
    lengths = {"minLength": f"{{{value},}}", "maxLength": f"{{0,{value}}}"}
    if keyword in lengths:
        return f"^[\\x00-\\U0010ffff]{lengths[keyword]}$"
    return str(value) if keyword == "pattern" else ""


def _rules(schema: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Take a schema apart into rules which together mean the same."""
    if schema is True:
        return
    if schema is False or WHOLE & schema.keys():
        yield place, {"not": {}} if schema is False else schema
        return
    grouped = {keyword for group in GROUPS for keyword in group}
    for group in GROUPS:
        if rule := {k: schema[k] for k in group if k in schema}:
            yield place, rule
    for keyword in schema.keys() - grouped - ANNOTATIONS:
        yield from _single(keyword, schema, place)


def _single(
    keyword: str, schema: Schema, place: Place
) -> Iterator[tuple[Place, Any]]:
    value = schema[keyword]
    if keyword == "properties":
        for name, part in value.items():
            yield from _rules(part, (*place, name))
    elif keyword == "items":
        yield from _rules(value, (*place, 0))
    elif keyword == "allOf":
        for part in value:
            yield from _rules(part, place)
    elif keyword == "required":
        for name in value:
            yield place, {"required": [name]}
    elif keyword == "additionalProperties":
        names = {name: True for name in schema.get("properties", {})}
        yield place, {"properties": names, "additionalProperties": value}
    else:
        yield place, {keyword: value}


def _rebuilt(rules: list[tuple[Place, Any]]) -> Schema:
    """Put rules together again, each at its place in the document."""
    parts = []
    for place, rule in rules:
        for step in reversed(place):
            if step == 0:
                rule = {"items": rule}
            else:
                rule = {"properties": {step: rule}}
        parts.append(rule)
    return {"allOf": parts}


def _text(rule: Any) -> str:
    return json.dumps(rule, sort_keys=True)
