"""Rules that every schema of the contracts keeps.

Each check takes the contracts, or one schema, and returns complaints; none
means that the rule is kept.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import jsonschema
import jsonschema_rs
from referencing.exceptions import Unresolvable

from harness.contracts.engines import Finding, pointer, reference_findings
from harness.contracts.loading import Contracts, Schema
from harness.contracts.writers import DIALECT

TEXTS = ("$schema", "$id", "title", "description", "examples")
ID_BASE = "https://drs-orchestration.example/contracts/"

# What both engines judge alike; and none whose expected value would be taken
# from the document, which may hold a secret.
KEYWORDS = frozenset(
    "$schema $id $ref $comment title description examples x-unit type enum "
    "const required properties additionalProperties items minimum minLength "
    "maxLength minItems maxItems pattern allOf if then else".split()
)
# Line ends, other alphabets, and what only one syntax knows: a length says
# what `$` says, and characters are listed.
UNSAFE_IN_PATTERNS = {
    "$": r"(?<!\\)\$",
    "an escaped letter or digit": r"\\[A-Za-z0-9]",
    "(?": r"\(\?",
    "a named or nested class": r"\[\^?[^\]]*(\[|&&|--|~~)",
    "a character beyond ASCII": r"[^\x00-\x7f]",
}
# Which type each of these keywords speaks of; it says nothing of others.
TYPE_OF = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "minItems": "array",
    "maxItems": "array",
    "minLength": "string",
    "maxLength": "string",
    "pattern": "string",
    "minimum": "integer",
}

_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems")

Place = tuple[str | int, ...]


def meta_schema_complaints(schema: Schema) -> list[str]:
    """Say where a schema is no schema of JSON Schema 2020-12.

    What passes is safe to walk, and both engines make a validator of it.
    """
    try:
        found = _breaches(schema) or _unreadable_patterns(schema)
    except RecursionError:
        return [": nested too deeply"]
    return [
        f"{place}: breaks {rule} of JSON Schema itself"
        for place, rule in sorted(found)
    ]


def _breaches(schema: Schema) -> set[Finding]:
    if schema.get("$schema", DIALECT) != DIALECT:
        return {("/$schema", "const")}
    # A hundred times faster, but it does not name all places.
    if jsonschema_rs.meta.is_valid({**schema, "$schema": DIALECT}):
        return set()
    meta = jsonschema.Draft202012Validator(
        jsonschema.Draft202012Validator.META_SCHEMA
    )
    return reference_findings(meta, schema)


def _unreadable_patterns(schema: Schema) -> set[Finding]:
    return {
        (pointer([*place, "pattern"]), "format")
        for place, part in subschemas(schema)
        if "pattern" in part and not _is_readable(part["pattern"])
    }


def _is_readable(pattern: str) -> bool:
    try:
        re.compile(pattern)
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (re.error, jsonschema_rs.ValidationError):
        return False
    return True


def text_complaints(name: str, schema: Schema) -> list[str]:
    """Say which of its own texts a schema lacks, and a wrong ``$id``."""
    missing = [f"no {key}" for key in TEXTS if not schema.get(key)]
    expected = f"{ID_BASE}{name}.schema.json"
    if schema.get("$id") != expected:
        missing.append(f"$id is not {expected}")
    return missing


def reference_complaints(contracts: Contracts, name: str) -> list[str]:
    """Say which ``$ref`` of a schema leads to no schema of the contracts."""
    schema = contracts.schemas[name]
    resolver = contracts.registry.resolver(schema["$id"])
    found = []
    for place, part in subschemas(schema):
        try:
            resolver.lookup(part.get("$ref", ""))
        except Unresolvable:
            target = urljoin(schema["$id"], part["$ref"])
            found.append(f"{pointer(place)}: no {target}")
    return found


def property_complaints(schema: Schema) -> list[str]:
    """Say which property has no description, or a number without unit."""
    found = []
    for place, part in subschemas(schema):
        if len(place) < 2 or place[-2] != "properties" or is_relation(place):
            continue
        if not part.get("description"):
            found.append(f"{pointer(place)}: no description")
        types = part.get("type", ())
        if "integer" in types or "number" in types:
            if not part.get("x-unit"):
                found.append(f"{pointer(place)}: no x-unit")
    return found


def keyword_complaints(schema: Schema) -> list[str]:
    """Say where a schema uses what the engines may judge differently."""
    found = []
    for place, part in subschemas(schema):
        for keyword in sorted(part.keys() - KEYWORDS):
            found.append(f"{pointer(place)}: {keyword} is not used here")
        found += [f"{pointer(place)}: {text}" for text in _unsafe(part)]
    return found


def _unsafe(part: Schema) -> Iterator[str]:
    pattern = part.get("pattern", "")
    for what, expression in UNSAFE_IN_PATTERNS.items():
        if re.search(expression, pattern):
            yield f"pattern holds {what}"
    for value in [*part.get("enum", ()), *_constant(part)]:
        if not isinstance(value, str | int | None):
            yield f"{value!r} is no text, whole number, boolean or null"
    limits = part.keys() & {"minimum", *_LENGTHS}
    for keyword in sorted(limits):
        if not isinstance(part[keyword], int):
            yield f"{keyword} is no whole number"
    yield from _idle(part)


def _constant(part: Schema) -> list[Any]:
    return [part["const"]] if "const" in part else []


def _idle(part: Schema) -> Iterator[str]:
    """Say which keyword can never refuse anything."""
    types = part.get("type", ())
    for keyword in part.keys() & TYPE_OF.keys() if types else ():
        if TYPE_OF[keyword] not in types:
            yield f"{keyword} says nothing of {types}"
    if ("if" in part) != bool(part.keys() & {"then", "else"}):
        yield "if without then and else, or one of these without if"


def closed_complaints(schema: Schema) -> list[str]:
    """Say which object refuses keys that it does not know."""
    return [
        f"{pointer(place)}: closed"
        for place, part in subschemas(schema)
        if part.get("additionalProperties") is False
    ]


def subschemas(
    schema: Schema, place: Place = ()
) -> Iterator[tuple[Place, Schema]]:
    """Walk a schema and all schemas within it, each with its place.

    Of a boolean, which is a schema, too, there is nothing to see.
    """
    if isinstance(schema, bool):
        yield place, {}
        return
    yield place, schema
    for keyword, value in schema.items():
        if keyword in ("properties", "$defs"):
            for name, part in value.items():
                yield from subschemas(part, (*place, keyword, name))
        elif keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for index, part in enumerate(value):
                yield from subschemas(part, (*place, keyword, index))
        elif keyword in ("if", "then", "else", "not", "items") or (
            keyword == "additionalProperties" and isinstance(value, dict)
        ):
            yield from subschemas(value, (*place, keyword))


def is_relation(place: Place) -> bool:
    """Tell whether a place lies within a relation between properties.

    A relation repeats the names of properties, not what they mean.
    """
    return bool({"if", "then", "else"} & set(place))
