"""Rules that every schema of the contracts keeps.

Each check takes the contracts, or one schema, and returns complaints; none
means that the rule is kept.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

import jsonschema
from referencing.exceptions import Unresolvable

from harness.contracts.engines import pointer, reference_findings
from harness.contracts.loading import Contracts, Schema

TEXTS = ("$schema", "$id", "title", "description", "examples")
ID_BASE = "https://drs-orchestration.example/contracts/"

# What both engines judge alike; and none whose expected value would be taken
# from the document, which may hold a secret.
KEYWORDS = frozenset(
    "$schema $id $ref $comment title description examples x-unit type enum "
    "const required properties additionalProperties items minimum minLength "
    "maxLength minItems maxItems pattern allOf if then else".split()
)
# Non-ASCII characters and line ends: the engines differ on these.
UNSAFE_IN_PATTERNS = ("\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\Z", "\\p")

Place = tuple[str | int, ...]


def meta_schema_complaints(schema: Schema) -> list[str]:
    """Say where a schema is no schema of JSON Schema 2020-12."""
    meta = jsonschema.Draft202012Validator(
        jsonschema.Draft202012Validator.META_SCHEMA
    )
    return [str(finding) for finding in reference_findings(meta, schema)]


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
        found += [
            f"{pointer(place)}: pattern holds {unsafe}"
            for unsafe in UNSAFE_IN_PATTERNS
            if unsafe in part.get("pattern", "")
        ]
        if part.get("pattern", "").endswith("$") and "maxLength" not in part:
            found.append(f"{pointer(place)}: pattern ends in $, no maxLength")
    return found


def subschemas(
    schema: Schema, place: Place = ()
) -> Iterator[tuple[Place, Schema]]:
    """Walk a schema and all schemas within it, each with its place."""
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
