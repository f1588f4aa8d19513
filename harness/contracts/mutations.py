"""Every small change that makes a schema say something else.

Weaker: one rule is taken away or widened. Stricter: one tolerance is taken
away, which breaks whoever relied on it.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.contracts.checking import Place, is_relation, subschemas
from harness.contracts.engines import pointer
from harness.contracts.loading import Schema

LIMITS = {
    "minimum": -1,
    "minLength": -1,
    "minItems": -1,
    "maxLength": 1,
    "maxItems": 1,
}
WHOLE = (
    "const",
    "enum",
    "pattern",
    "type",
    "$ref",
    "items",
    "additionalProperties",
    "then",
    "else",
    *LIMITS,
)

Change = Callable[[Schema], object]


@dataclass(frozen=True)
class Mutation:
    """One change of one schema.

    Attributes:
        schema: Name of the schema in ``Contracts``.
        place: The part of it that is changed.
        keyword: Keyword that is changed.
        what: What is done to it.
        mutated: The whole schema, changed.
    """

    schema: str
    place: Place
    keyword: str
    what: str
    mutated: Schema

    def __str__(self) -> str:
        return f"{self.schema}#{pointer(self.place)}: {self.what}"


def of(name: str, schema: Schema) -> Iterator[Mutation]:
    """Make every mutation of a schema, each with a copy of its own."""
    for place, part in subschemas(schema):
        for keyword, what, change in _changes(place, part):
            mutated = copy.deepcopy(schema)
            change(_at(mutated, place))
            yield Mutation(name, place, keyword, what, mutated)


_Changes = Iterator[tuple[str, str, Change]]


def _changes(place: Place, part: Schema) -> _Changes:
    for keyword in WHOLE:
        if keyword in part:
            yield keyword, f"without {keyword}", partial(_drop, keyword)
    for keyword in ("required", "enum", "type"):
        yield from _without_entries(keyword, part.get(keyword))
    for keyword, wider in LIMITS.items():
        if keyword in part:
            yield from _moved_limits(keyword, part[keyword], wider)
    yield from _wider_types(part.get("type"))
    if not is_relation(place):
        # A relation narrows properties whose numbers are whole already.
        yield from _numbers(part.get("type"))
        yield from _narrower_objects(part)


def _without_entries(keyword: str, entries: Any) -> _Changes:
    if (
        not isinstance(entries, list)
        or len(entries) + (keyword == "required") < 2
    ):
        return
    for entry in entries:
        rest = [other for other in entries if other != entry]
        what = f"{keyword} without {entry}"
        yield keyword, what, partial(_set, keyword, rest)


def _moved_limits(keyword: str, limit: int, wider: int) -> _Changes:
    for moved in (limit + wider, limit - wider):
        if moved >= 0 or keyword == "minimum":
            change = partial(_set, keyword, moved)
            yield keyword, f"{keyword} {limit} as {moved}", change


def _wider_types(types: Any) -> _Changes:
    if types is not None and "null" not in _listed(types):
        more = [*_listed(types), "null"]
        yield "type", "type with null", partial(_set, "type", more)


def _numbers(types: Any) -> _Changes:
    if types is not None and "integer" in _listed(types):
        wider = [
            "number" if name == "integer" else name for name in _listed(types)
        ]
        yield "type", "number for integer", partial(_set, "type", wider)


def _listed(types: str | list[str]) -> list[str]:
    return types if isinstance(types, list) else [types]


def _narrower_objects(part: Schema) -> _Changes:
    properties = part.get("properties", {})
    required = part.get("required", [])
    # What stands beside a reference may be required there.
    optional = set() if "$ref" in part else properties.keys() - set(required)
    for name in sorted(optional):
        more = [*required, name]
        change = partial(_set, "required", more)
        yield "optional", f"{name} required", change
    if properties and "additionalProperties" not in part:
        change = partial(_set, "additionalProperties", False)
        yield "open", "closed", change


def _drop(keyword: str, part: Schema) -> None:
    del part[keyword]


def _set(keyword: str, value: Any, part: Schema) -> None:
    part[keyword] = value


def _at(schema: Schema, place: Place) -> Schema:
    part: Any = schema
    for step in place:
        part = part[step]
    found: Schema = part
    return found
