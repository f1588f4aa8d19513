"""Find a document that a writer may send and a reader refuses.

The search is deterministic and bounded by a count: no clock, no chance. It
edits known documents where the two schemas differ: one value, one key, one
item; then two of them, since a relation needs a premise and a breach.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import Any

import jsonschema_rs

from harness.contracts import places
from harness.contracts.growing import Grower
from harness.contracts.loading import Schema
from harness.contracts.places import Place, Way

MAX_TRIALS = 60_000
MAX_BASES = 40
# A relation takes two edits, a relation in a list that was empty four.
MAX_ROUNDS = 4
UNKNOWN_KEY = "unknown_key"

Breach = tuple[Place, str, str]


@dataclass(frozen=True)
class Witness:
    """A document that one side sends and the other refuses.

    Attributes:
        document: Small, but rarely the smallest.
        way: To the value that is refused.
        rule: Keyword that refuses it.
        detail: The key that is missing or not allowed, else nothing.
        expected: What the rule asks for.
    """

    document: Any
    way: Way
    rule: str
    detail: str
    expected: Any


@dataclass
class Search:
    """Looks for documents that `writer` accepts and `reader` refuses.

    Attributes:
        writer: Closed schema of the side that sends.
        reader: Open schema of the side that receives.
        examples: Documents to begin with.
    """

    writer: Schema
    reader: Schema
    examples: tuple[Any, ...] = ()
    found: dict[Breach, Witness] = field(default_factory=dict)
    trials: int = 0

    def __post_init__(self) -> None:
        self.grower = Grower(self.writer, (self.reader,), self.examples)
        self.reads = jsonschema_rs.Draft202012Validator(self.reader)
        sent = places.rules(self.writer["allOf"][0])
        differing = places.differing(sent, places.rules(self.reader))
        self.places = differing or set(self.grower.rules)
        self.ways_there = {
            place[:length]
            for place in self.places
            for length in range(len(place) + 1)
        }
        self.passed: dict[str, Any] = {}
        self.edited: dict[str, Place] = {}

    def run(
        self, rounds: int = MAX_ROUNDS, thorough: bool = False
    ) -> list[Witness]:
        """Return a witness for each place and rule that refuses one.

        Args:
            rounds: How many edits a document may take.
            thorough: Go on after the first round that finds something.
        """
        bases = list(islice(self.grower.documents(), MAX_BASES))
        for base in bases:
            self._judge(base)
        for _ in range(rounds):
            known = set(self.passed)
            self._edit(bases)
            if self.found and not thorough:
                break
            bases = self._next_bases(known)
        return [self._shrunk(witness) for witness in self.found.values()]

    def _next_bases(self, known: set[str]) -> list[Any]:
        """Choose from what passed last, in turn from each edited place."""
        groups: dict[Place, list[str]] = {}
        for text in self.passed:
            if text not in known:
                groups.setdefault(self.edited[text], []).append(text)
        for group in groups.values():
            group.sort(key=self._reach, reverse=True)
        turns = zip_longest(*groups.values())
        chosen = [text for turn in turns for text in turn if text]
        return [self.passed[text] for text in chosen[:MAX_BASES]]

    def _reach(self, text: str) -> int:
        reached = {
            places.place_of(way, self.grower.rules)
            for way, _ in places.values(self.passed[text])
        }
        return len(reached & self.ways_there)

    def _edit(self, bases: list[Any]) -> None:
        for base in bases:
            for document, kept in self._edits(base):
                self.trials += 1
                if self.trials > MAX_TRIALS:
                    return
                mended = self.grower.mended(document, kept)
                if mended is not None:
                    self._judge(mended[0], kept)

    def _judge(self, document: Any, edited: Way = ()) -> None:
        refusals = self._refusals(document)
        for breach, witness in refusals.items():
            known = self.found.get(breach)
            if known is None or _size(witness) < _size(known):
                self.found[breach] = witness
        if not refusals:
            place = places.place_of(edited, self.grower.rules)
            self.edited.setdefault(repr(document), place)
            self.passed.setdefault(repr(document), document)

    def _refusals(self, document: Any) -> dict[Breach, Witness]:
        found: dict[Breach, Witness] = {}
        for error in self.reads.iter_errors(document):
            witness = _witness(document, error)
            place = places.place_of(witness.way, self.grower.rules)
            found.setdefault((place, witness.rule, witness.detail), witness)
        return found

    def _edits(self, base: Any) -> Iterator[tuple[Any, Way]]:
        for way, value in places.values(base):
            place = places.place_of(way, self.grower.rules)
            if place in self.places:
                yield from self._replaced(base, way, place)
            if place in self.ways_there:
                yield from self._inside(base, way, value)

    def _replaced(
        self, base: Any, way: Way, place: Place
    ) -> Iterator[tuple[Any, Way]]:
        for value in self.grower.values(place):
            yield places.changed(base, way, value), way

    def _inside(
        self, base: Any, way: Way, value: Any
    ) -> Iterator[tuple[Any, Way]]:
        """Take a key or an item away, or add one."""
        if isinstance(value, list):
            place = places.place_of((*way, 0), self.grower.rules)
            for item in [*value[:1], *self.grower.values(place)]:
                yield places.changed(base, way, [*value, item]), way
        if isinstance(value, dict):
            for key in value:
                yield places.without(base, (*way, key)), ()
            for key, new in self._additions(value, way):
                added = (*way, key)
                yield places.changed(base, added, new), added

    def _additions(
        self, value: dict[str, Any], way: Way
    ) -> Iterator[tuple[str, Any]]:
        here = places.place_of(way, self.grower.rules)
        for place in self.grower.rules:
            if not place or place[:-1] != here or place[-1] == 0:
                continue
            if here not in self.places and place not in self.ways_there:
                continue
            key = UNKNOWN_KEY if place[-1] is None else str(place[-1])
            if key not in value:
                for new in self.grower.values(place):
                    yield key, new

    def _shrunk(self, witness: Witness) -> Witness:
        """Take away all that the writer and the refusal do not need."""
        place = places.place_of(witness.way, self.grower.rules)
        breach = (place, witness.rule, witness.detail)
        changes = True
        while changes:
            changes = False
            for smaller in _smaller(witness.document):
                if not self.grower.validator.is_valid(smaller):
                    continue
                still = self._refusals(smaller).get(breach)
                if still is not None:
                    witness, changes = still, True
                    break
        return witness


def _witness(document: Any, error: jsonschema_rs.ValidationError) -> Witness:
    kind = error.kind
    detail = str(getattr(kind, "property", ""))
    if kind.name == "additionalProperties":
        detail = str(getattr(kind, "unexpected")[0])
    way = tuple(error.instance_path)
    return Witness(document, way, kind.name, detail, kind.value)


def _smaller(document: Any) -> Iterator[Any]:
    steps = [way for way, _ in places.values(document) if way]
    for way in steps:
        yield places.without(document, way)
    for way, value in places.values(document):
        for small in chain(([],) if isinstance(value, list) else (), (0,)):
            if _length(small) < _length(value):
                yield places.changed(document, way, small)


def _size(witness: Witness) -> int:
    return _length(witness.document)


def _length(value: Any) -> int:
    return len(repr(value))
