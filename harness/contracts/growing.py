"""Values made from a schema: whole ones, and ones that are mended to fit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

from harness.contracts import places, samples
from harness.contracts.loading import Schema
from harness.contracts.places import Place, Way

MAX_VALUES = 80
MAX_DEPTH = 12
MAX_ITEMS = 100
MAX_MENDINGS = 12
ABOUT_KEYS = ("required", "additionalProperties")
FIRST_OF_TYPE: dict[str, Any] = {
    "object": {},
    "array": [],
    "string": "a",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "null": None,
}


@dataclass
class Grower:
    """Makes documents that a schema accepts.

    Attributes:
        schema: Self-contained.
        others: More schemas whose rules say which values are worth a try.
        examples: Documents to begin with.
    """

    schema: Schema
    others: tuple[Schema, ...] = ()
    examples: tuple[Any, ...] = ()
    _values: dict[Place, list[Any]] = field(default_factory=dict)

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """Judges what was made."""
        return jsonschema_rs.Draft202012Validator(self.schema)

    @cached_property
    def own_rules(self) -> places.Rules:
        """What the schema says of each place, whatever else is there."""
        return places.rules(self.schema, conditional=False)

    @cached_property
    def rules(self) -> places.Rules:
        """What the schema and the others say of each place."""
        merged: places.Rules = {}
        for other in (self.schema, *self.others):
            for place, parts in places.rules(other).items():
                merged.setdefault(place, []).extend(parts)
        return merged

    def documents(self) -> Iterator[Any]:
        """Propose whole documents that the schema accepts."""
        for document in [*self.examples, self.grown(())]:
            mended = self.mended(document)
            if mended is not None:
                yield mended[0]

    def grown(self, place: Place) -> Any:
        """Make the least value that the rules of a place seem to ask for."""
        parts = self.own_rules.get(place) or self.rules.get(place, [])
        values = [value for part in parts for value in samples.leaves(part)]
        if len(place) > MAX_DEPTH or not parts:
            return values[0] if values else "a"
        types = _types(parts)
        if types[:1] == ["object"]:
            return self._object(place, parts)
        if types[:1] == ["array"]:
            least = max(part.get("minItems", 0) for part in parts)
            return [self.grown((*place, 0))] * least
        fitting = [v for v in values if _has_type(v, types)]
        return [*fitting, *values, FIRST_OF_TYPE[types[0]]][0]

    def values(self, place: Place) -> list[Any]:
        """Propose values for a place, as different as its rules know."""
        if place not in self._values:
            proposed = list(islice(self._propose(place), MAX_VALUES))
            unlike = {_identity(value): value for value in reversed(proposed)}
            self._values[place] = list(reversed(unlike.values()))
        return self._values[place]

    def mended(self, document: Any, kept: Way = ()) -> tuple[Any] | None:
        """Change a document until the schema accepts it.

        Args:
            document: What to begin with.
            kept: Way to the value that shall stay as it is.

        Returns:
            The document alone in a tuple, since it may be None; or nothing.
        """
        for _ in range(MAX_MENDINGS):
            error = next(self.validator.iter_errors(document), None)
            if error is None:
                return (document,)
            way = tuple(error.instance_path)
            # An object that is kept may still gain and lose keys.
            if kept and way == kept and error.kind.name not in ABOUT_KEYS:
                return None
            try:
                document = self._mend(document, way, error)
            except (LookupError, TypeError, ValueError):
                return None
        return None

    def _propose(self, place: Place) -> Iterator[Any]:
        known = self.rules.get(place, [])
        yield self.grown(place)
        for document in self.examples:
            for way, value in places.values(document):
                if places.place_of(way, self.rules) == place:
                    yield value
        for part in known:
            yield from samples.leaves(part)
        yield from self._objects_and_arrays(place, known)
        yield from samples.everything()

    def _objects_and_arrays(
        self, place: Place, known: list[Schema]
    ) -> Iterator[Any]:
        names = [p[-1] for p in self.rules if p[:-1] == place and p]
        keys = [name for name in names if isinstance(name, str)]
        if keys:
            yield {key: self.grown((*place, key)) for key in keys}
        counts = [
            part[keyword] + more
            for part in known
            for keyword in ("minItems", "maxItems")
            for more in (0, 1)
            if keyword in part
        ]
        for count in counts:
            yield [self.grown((*place, 0))] * min(count, MAX_ITEMS)

    def _object(self, place: Place, parts: list[Schema]) -> dict[str, Any]:
        names = [name for part in parts for name in part.get("required", ())]
        return {name: self.grown((*place, name)) for name in names}

    def _mend(
        self, document: Any, way: Way, error: jsonschema_rs.ValidationError
    ) -> Any:
        kind = error.kind
        if kind.name == "required":
            name = getattr(kind, "property")
            place = places.place_of((*way, name), self.rules)
            return places.changed(document, (*way, name), self.grown(place))
        if kind.name == "additionalProperties":
            for name in getattr(kind, "unexpected"):
                document = places.without(document, (*way, name))
            return document
        rules = self._failing(error)
        return places.changed(document, way, self._fitting(way, rules))

    def _failing(self, error: jsonschema_rs.ValidationError) -> Schema:
        """Return the part of the schema that refused."""
        part: Any = self.schema
        for step in list(error.schema_path)[:-1]:
            part = part[step]
        if not isinstance(part, dict):
            raise ValueError("nothing fits")
        return part

    def _fitting(self, way: Way, rules: Schema) -> Any:
        validator = jsonschema_rs.Draft202012Validator(rules)
        place = places.place_of(way, self.rules)
        proposed = [*self.values(place), *samples.leaves(rules), []]
        for value in proposed:
            if validator.is_valid(value):
                return value
        raise ValueError("nothing fits")


def _types(parts: list[Schema]) -> list[str]:
    """Return the types that all parts allow, as far as they say it."""
    allowed = list(FIRST_OF_TYPE)
    for part in parts:
        said = part.get("type", allowed)
        said = [said] if isinstance(said, str) else said
        allowed = [t for t in allowed if t in said] or allowed
    if any("type" in part for part in parts):
        return allowed
    if any("properties" in part or "required" in part for part in parts):
        return ["object"]
    return ["array"] if any("items" in p for p in parts) else ["string"]


def _has_type(value: Any, types: list[str]) -> bool:
    return jsonschema_rs.is_valid({"type": types}, value)


def _identity(value: Any) -> str:
    # True is 1 and 1 is 1.0 for Python, and not for a schema.
    return repr(value)
