"""Places of documents, and which rules of a schema hold there."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from harness.contracts.loading import Schema
from harness.contracts.writers import LISTS, MAPS, PARTS

# Steps to one value of a document, and to all values of a kind: there 0
# stands for any item of an array, and None for any value of a map.
Way = tuple[str | int, ...]
Place = tuple[str | int | None, ...]
Rules = dict[Place, list[Schema]]

ALWAYS_HERE = ("allOf", "anyOf", "oneOf")
HERE = (*ALWAYS_HERE, "if", "then", "else", "not")


def rules(schema: Any, conditional: bool = True) -> Rules:
    """Sort the parts of a self-contained schema by the place they judge.

    Args:
        schema: Without references.
        conditional: Also what holds only under a condition, and the
            conditions themselves.
    """
    found: Rules = defaultdict(list)
    steps = HERE if conditional else ALWAYS_HERE
    for place, part in _parts(schema, (), steps):
        found[place].append(part)
    return dict(found)


def differing(one: Rules, other: Rules) -> set[Place]:
    """Return the places of which two schemas say different things."""
    found = set()
    for place in one.keys() | other.keys():
        parts = one.get(place, []), other.get(place, [])
        if _said(parts[0]) != _said(parts[1]):
            found.add(place)
        # Of a changed relation each part matters, the unchanged as well.
        for relation in _relations(parts[0]) ^ _relations(parts[1]):
            below = rules(json.loads(relation))
            found |= {(*place, *deeper) for deeper in below}
    return found


def _relations(parts: list[Schema]) -> set[str]:
    keywords = ("if", "then", "else", "not", "anyOf", "oneOf")
    relations = ({k: p[k] for k in keywords if k in p} for p in parts)
    return {json.dumps(r, sort_keys=True) for r in relations if r}


def units(schema: Any, place: Place = ()) -> dict[Place, str]:
    """Return the unit of each property that a schema file itself says."""
    found: dict[Place, str] = {}
    if isinstance(schema, bool):
        return found
    for name, part in schema.get("properties", {}).items():
        if isinstance(part, dict) and "x-unit" in part:
            found[(*place, name)] = part["x-unit"]
        found |= units(part, (*place, name))
    if isinstance(schema.get("items"), dict):
        found |= units(schema["items"], (*place, 0))
    return found


def values(document: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Walk a document: each value within it, with the way to it."""
    yield way, document
    if isinstance(document, dict):
        for key, value in document.items():
            yield from values(value, (*way, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from values(value, (*way, index))


def place_of(way: Way, known: Rules) -> Place:
    """Return the place of which the rules speak that a way leads to."""
    place: Place = ()
    for step in way:
        if isinstance(step, int):
            place = (*place, 0)
        else:
            place = (*place, step if (*place, step) in known else None)
    return place


def changed(document: Any, way: Way, value: Any) -> Any:
    """Return a document with one value put in place; the rest is shared."""
    if not way:
        return value
    step, *rest = way
    copy = document.copy()
    if not rest:
        copy[step] = value
    else:
        copy[step] = changed(document[step], tuple(rest), value)
    return copy


def without(document: Any, way: Way) -> Any:
    """Return a document without one key or item; the rest is shared."""
    step, *rest = way
    copy = document.copy()
    if not rest:
        del copy[step]
    else:
        copy[step] = without(document[step], tuple(rest))
    return copy


def at(document: Any, way: Way) -> Any:
    """Return the value that a way leads to.

    Raises:
        LookupError: The document has no such place.
        TypeError: The way goes on where the document ends.
    """
    for step in way:
        document = document[step]
    return document


def _parts(
    schema: Any, place: Place, steps: tuple[str, ...]
) -> Iterator[tuple[Place, Schema]]:
    if schema is False:
        schema = {"enum": []}
    if not isinstance(schema, dict):
        return
    yield place, schema
    for keyword in steps:
        value = schema.get(keyword)
        for part in value if isinstance(value, list) else [value]:
            yield from _parts(part, place, steps)
    for name, part in schema.get("properties", {}).items():
        yield from _parts(part, (*place, name), steps)
    for part in [schema.get("items"), *schema.get("prefixItems", ())]:
        yield from _parts(part, (*place, 0), steps)
    values = schema.get("additionalProperties")
    yield from _parts(values, (*place, None), steps)


def _said(parts: list[Schema]) -> list[str]:
    deeper = MAPS | LISTS | PARTS
    said = [
        {
            keyword: sorted(value) if keyword == "required" else value
            for keyword, value in part.items()
            if keyword not in deeper
        }
        for part in parts
    ]
    return sorted(json.dumps(rule, sort_keys=True) for rule in said if rule)
