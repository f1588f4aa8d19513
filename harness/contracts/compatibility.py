"""Say what a new version of the contracts breaks, and for whom.

On the wire a closed writer meets an open reader of another version. So a
change is judged between those two: first by comparing the schemas, which is
a proof, otherwise by a document that the one sends and the other refuses.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from harness.contracts import places, proofs, vanished, writers
from harness.contracts.findings import Finding, Pair, Side
from harness.contracts.loading import Contracts
from harness.contracts.witnesses import Search, Witness


class Mode(StrEnum):
    """Who must not break: old peers, new peers of an old Lambda, or both."""

    BACKWARD = "backward"
    FORWARD = "forward"
    FULL = "full"

    @property
    def directions(self) -> list[str]:
        """The single directions that the mode stands for."""
        return ["backward", "forward"] if self is Mode.FULL else [self.value]


@dataclass(frozen=True)
class Comparison:
    """What came out of comparing two versions.

    Attributes:
        findings: What breaks, and what is merely worth knowing.
        proved: Names and directions for which nothing can break.
    """

    findings: list[Finding] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)


def compare(
    old: Side, new: Side, mode: Mode, thorough: bool = False
) -> Comparison:
    """Compare two versions of the contracts.

    Args:
        old: Released, or at least relied upon.
        new: What shall take its place.
        mode: Who must not break.
        thorough: Look for all breaks, not only for the nearest. Needed where
            some are waived, which must not hide others.

    Raises:
        RecursiveReferenceError: A schema refers to itself.
        referencing.exceptions.Unresolvable: A reference leads nowhere.
    """
    result = Comparison()
    for name in sorted(_judged(old.contracts) & _judged(new.contracts)):
        for direction in mode.directions:
            pair = Pair(name, direction, old, new)
            found = list(_broken(pair, thorough))
            result.findings.extend(found)
            if not found:
                result.proved.append(f"{name} {direction}")
    for direction in mode.directions:
        result.findings.extend(_gone_and_added(old, new, direction))
    result.findings.extend(vanished.units(old, new))
    if "backward" in mode.directions:
        result.findings.extend(vanished.properties(old, new))
    return result


def _judged(contracts: Contracts) -> set[str]:
    """Return the names of what crosses the wire as a whole."""
    kinds = ("request", "response")
    return {n for n in contracts.schemas if n.rpartition("/")[2] in kinds}


def _broken(pair: Pair, thorough: bool) -> Iterator[Finding]:
    sender, receiver = pair.sender.contracts, pair.receiver.contracts
    sent = writers.opened(sender, pair.schema)
    read = writers.opened(receiver, pair.schema)
    if json.dumps(sent) == json.dumps(read):
        return
    written = writers.closed(sender, pair.schema)
    examples = sender.schemas[pair.schema].get("examples", [])
    texts = map(json.dumps, (read, written, examples))
    witnesses = _counterexamples(*texts, thorough)
    if witnesses is None:
        return
    for witness in witnesses:
        yield pair.refused(witness)
    if not witnesses:
        differing = places.differing(places.rules(sent), places.rules(read))
        yield pair.unproved(differing)


@lru_cache(maxsize=256)
def _counterexamples(
    read: str, written: str, examples: str, thorough: bool
) -> list[Witness] | None:
    """Judge a reader and a writer, which several actions may share.

    Returns:
        Nothing where the reader is proved to take all of the writer; else
        what it refuses, as far as that was found.
    """
    reader, writer = json.loads(read), json.loads(written)
    documents = tuple(json.loads(examples))
    # A short look first: a counterexample is found sooner than a proof.
    witnesses = Search(writer, reader, documents).run(rounds=1)
    if witnesses and not thorough:
        return witnesses
    if not witnesses and proofs.accepts_all(reader, writer):
        return None
    return Search(writer, reader, documents).run(thorough=thorough)


def _gone_and_added(old: Side, new: Side, direction: str) -> Iterator[Finding]:
    before, after = _judged(old.contracts), _judged(new.contracts)
    for name in sorted(before - after):
        yield Pair(name, direction, old, new).gone()
    for name in sorted(after - before):
        yield Pair(name, direction, old, new).added()
