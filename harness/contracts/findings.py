"""What a comparison found, in one sentence that says who breaks."""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.contracts import places
from harness.contracts.engines import pointer
from harness.contracts.loading import Contracts
from harness.contracts.places import Place
from harness.contracts.witnesses import Witness

MAX_VALUE = 60


@dataclass(frozen=True)
class Side:
    """One of two versions.

    Attributes:
        label: How people call it, for example "1.0.0".
        contracts: Its schemas.
    """

    label: str
    contracts: Contracts


@dataclass(frozen=True)
class Finding:
    """One thing that a new version does to those who rely on the old one.

    Attributes:
        schema: Name of the schema.
        direction: "backward" or "forward".
        kind: "refused", "unproved", "removed", "added", "property" for a
            property that is gone, or "unit" for a changed one.
        breaks: Somebody breaks; otherwise it is merely worth knowing.
        rule: Keyword that refuses, or the kind.
        pointer: Place in the document; a step `*` is any item or key.
        sentence: Who breaks, and by what.
        witness: Document that the one side sends and the other refuses.
        waived: Why it is accepted, and by whom.
    """

    schema: str
    direction: str
    kind: str
    breaks: bool
    rule: str
    pointer: str
    sentence: str
    witness: Any = None
    waived: str = ""

    @property
    def identity(self) -> str:
        """How a waiver calls the finding within its schema."""
        return f"{self.rule} {self.pointer}".strip()

    def excused(self, reason: str) -> "Finding":
        """Return the finding as one that is accepted."""
        return dataclasses.replace(self, waived=reason)


@dataclass(frozen=True)
class Pair:
    """A schema in both versions, judged in one direction."""

    schema: str
    direction: str
    old: Side
    new: Side

    @property
    def is_request(self) -> bool:
        """A request; otherwise a response."""
        return self.schema.rpartition("/")[2] == "request"

    @property
    def sender(self) -> Side:
        """The side that writes what the other must read."""
        if self.is_request == (self.direction == "backward"):
            return self.old
        return self.new

    @property
    def receiver(self) -> Side:
        """The side that reads."""
        return self.new if self.sender is self.old else self.old

    @property
    def action(self) -> str:
        """Name for people; a version is said unless it is the first."""
        folder, _, _ = self.schema.rpartition("/")
        version, _, action = folder.partition("/")
        if not action:
            return folder or self.schema
        return action if version == "v1" else f"{action} ({version})"

    def refused(self, witness: Witness) -> Finding:
        """Tell of a document that is sent and refused."""
        way: Place = witness.way
        way = (*way, witness.detail) if witness.detail else way
        return self._finding(
            "refused",
            rule=witness.rule,
            pointer=generic(way),
            sentence=self._who(self._what(witness, way)),
            witness=witness.document,
        )

    def unproved(self, differing: Iterable[Place]) -> Finding:
        """Tell that neither a proof nor a counterexample was found."""
        changed = ", ".join(
            sorted(generic(p) or "the whole" for p in differing)
        )
        return self._finding(
            "unproved",
            rule="unproved",
            pointer="",
            sentence=f"Nobody knows whether {self._peers} "
            f"{self.action} {self.schema.rpartition('/')[2]}s: changed are "
            f"{changed or 'conditions'}. Judge it, then write a waiver.",
        )

    def gone(self) -> Finding:
        """Tell of a request or response that the new version lacks."""
        sentence = (
            f"Whoever was written for {self.old.label} and uses "
            f"{self.schema} breaks: {self.new.label} has none."
        )
        found = self._finding("removed", "removed", "", sentence)
        # New peers do not ask for what they no longer know.
        return dataclasses.replace(found, breaks=self.direction == "backward")

    def added(self) -> Finding:
        """Tell of a request or response that the old version lacks."""
        sentence = (
            f"Whoever uses {self.schema} of {self.new.label} finds none in "
            f"{self.old.label}."
        )
        found = self._finding("added", "added", "", sentence)
        return dataclasses.replace(found, breaks=self.direction == "forward")

    def _finding(
        self,
        kind: str,
        rule: str,
        pointer: str,
        sentence: str,
        witness: Any = None,
    ) -> Finding:
        return Finding(
            self.schema,
            self.direction,
            kind,
            True,
            rule,
            pointer,
            sentence,
            witness,
        )

    def _what(self, witness: Witness, way: Place) -> str:
        place = pointer(step for step in way if step is not None)
        verb = "sends" if self.is_request else "holds"
        if witness.rule == "required":
            return f"leaves out {place}"
        if witness.detail:
            return f"{verb} the key {place}"
        value = places.at(witness.document, witness.way)
        held = f"{place} as {short(value)}" if place else short(value)
        return f"{verb} {held}"

    @property
    def _peers(self) -> str:
        if self.direction == "backward":
            return f"those written for {self.old.label} break at the new"
        return f"those written for {self.new.label} break at the old"

    def _who(self, what: str) -> str:
        backward = self.direction == "backward"
        peer = self.old.label if backward else self.new.label
        if backward:
            other = f"the new {self.action}"
        else:
            other = f"the {self.action} of {self.old.label}"
        if self.is_request:
            return (
                f"A caller written for {peer} that {what} is refused by "
                f"{other}."
            )
        return (
            f"A reader written for {peer} refuses an answer of {other} that "
            f"{what}."
        )


def generic(place: Place) -> str:
    """Write a place as a JSON pointer, any item or key as `*`."""
    steps = ("*" if s is None or isinstance(s, int) else s for s in place)
    return pointer(steps)


def short(value: Any) -> str:
    """Write a value as JSON, a long one cut."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}..."
