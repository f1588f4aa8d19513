"""Open readers and closed writers, derived from the same schema.

A schema file is the open *reader*: what is accepted, unknown keys included.
The closed *writer* says what its owner sends: nothing but what the schema
names. Neither is written by hand.

Both come self-contained, without references and without annotations, so that
they can be compared and handed to any engine.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin

from harness.contracts.loading import Contracts, Schema, SchemaRegistry

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PART = "if then else not items additionalProperties contains propertyNames"
MAPS = frozenset("properties patternProperties dependentSchemas".split())
LISTS = frozenset("allOf anyOf oneOf prefixItems".split())
PARTS = frozenset(f"{PART} unevaluatedProperties unevaluatedItems".split())
ANNOTATIONS = frozenset(
    "$schema $id $ref $defs $comment $anchor title description examples "
    "x-unit default deprecated readOnly writeOnly".split()
)


class RecursiveReferenceError(Exception):
    """A schema refers to itself, so that it has no self-contained form."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"$ref {reference} leads back to itself; recursive schemas are "
            "not compared"
        )
        self.reference = reference


def opened(contracts: Contracts, name: str) -> Schema:
    """Return what is accepted under a schema's name, self-contained.

    Args:
        contracts: Holds the schema and all that it refers to.
        name: For example "v1/start_wave_recovery/request".

    Raises:
        KeyError: The contracts hold no such schema.
        RecursiveReferenceError: The schema refers to itself.
        referencing.exceptions.Unresolvable: A reference leads nowhere.
    """
    schema = contracts.schemas[name]
    file = _File(contracts.registry, schema["$id"])
    return {"$schema": DIALECT, **file.inline(schema)}


def closed(contracts: Contracts, name: str) -> Schema:
    """Return what is sent under a schema's name, self-contained.

    An object that declares properties takes no other key. Which keys it
    knows is the union of all that applies to it: its own properties, those
    of a reference beside them, those that a relation names. A relation alone
    closes nothing, nor is a map closed, whose values have a schema.

    Raises:
        KeyError: The contracts hold no such schema.
        RecursiveReferenceError: The schema refers to itself.
        referencing.exceptions.Unresolvable: A reference leads nowhere.
    """
    reader = opened(contracts, name)
    shape = Shape()
    shape.add(reader, declares=True)
    return {"$schema": DIALECT, "allOf": [reader, shape.closer()]}


@dataclass(frozen=True)
class _File:
    """Where a schema stands, which says what its references mean.

    Attributes:
        registry: All schemas.
        base: URI of the file.
        path: References that led here, as URIs.
    """

    registry: SchemaRegistry
    base: str
    path: tuple[str, ...] = ()

    def inline(self, schema: Any) -> Any:
        """Put what a reference leads to in its place, as part of `allOf`."""
        if not isinstance(schema, dict):
            return schema
        bare = {
            keyword: self._inline_below(keyword, value)
            for keyword, value in schema.items()
            if keyword not in ANNOTATIONS
        }
        if "$ref" in schema:
            target = self._target(schema["$ref"])
            bare["allOf"] = [*bare.get("allOf", ()), target]
        return bare

    def _inline_below(self, keyword: str, value: Any) -> Any:
        if keyword in MAPS:
            return {name: self.inline(part) for name, part in value.items()}
        if keyword in LISTS:
            return [self.inline(part) for part in value]
        return self.inline(value) if keyword in PARTS else value

    def _target(self, reference: str) -> Any:
        uri = urljoin(self.base, reference)
        if uri in self.path:
            raise RecursiveReferenceError(reference)
        found = self.registry.resolver().lookup(uri)
        base = urldefrag(uri).url
        file = _File(self.registry, base, (*self.path, uri))
        return file.inline(found.contents)


@dataclass
class Shape:
    """The keys that are known at one place of a document, and below it.

    Attributes:
        names: Known keys of an object, each with its own shape.
        items: Shape of an array's items.
        values: Shape of a map's values.
        is_declared: A schema says which properties there are.
        is_named: A schema has it as a property, not a relation alone.
        is_map: Keys are data, such as those of tags.
    """

    names: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    values: "Shape | None" = None
    is_declared: bool = False
    is_named: bool = False
    is_map: bool = False

    def add(self, schema: Any, declares: bool) -> None:
        """Add what a self-contained schema knows of this place.

        Args:
            schema: Applies here, perhaps beside others.
            declares: It is no relation, which only repeats names.
        """
        if not isinstance(schema, dict):
            return
        self.is_declared |= declares and "properties" in schema
        for name, part in schema.get("properties", {}).items():
            below = self.names.setdefault(name, Shape())
            below.is_named |= declares
            below.add(part, declares)
        self._add_children(schema, declares)
        # What a reference brings declares, within a relation as well.
        for part in schema.get("allOf", ()):
            self.add(part, declares=True)
        for part in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
            self.add(part, declares)
        for keyword in ("if", "then", "else", "not"):
            self.add(schema.get(keyword), declares=False)

    def closer(self) -> Any:
        """Return a schema that refuses every key that is not known."""
        closer: dict[str, Any] = {}
        if self.items and (items := self.items.closer()) is not True:
            closer["items"] = items
        known = {name: part.closer() for name, part in self.names.items()}
        if self.is_declared and not self.is_map:
            return closer | {
                "properties": known,
                "additionalProperties": False,
            }
        values = self.values.closer() if self.values else True
        if values is not True:
            return closer | {
                "properties": known,
                "additionalProperties": values,
            }
        if inner := {n: part for n, part in known.items() if part is not True}:
            closer["properties"] = inner
        return closer or True

    def _add_children(self, schema: Schema, declares: bool) -> None:
        if "items" in schema and "prefixItems" not in schema:
            self.items = self.items or Shape()
            self.items.add(schema["items"], declares)
        values = schema.get("additionalProperties")
        if isinstance(values, dict):
            self.values = self.values or Shape()
            self.values.add(values, declares)
        self.is_map |= isinstance(values, dict)
        self.is_map |= "patternProperties" in schema
