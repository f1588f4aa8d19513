"""What a comparison of open schemas does not see.

A property that is renamed or removed is an unknown key from then on, and
passes. A number whose unit changes is as valid as before. Both break whoever
relied on it, and no document shows it.
"""

from collections.abc import Iterator
from typing import Any

from harness.contracts import places, writers
from harness.contracts.findings import Finding, Side, generic
from harness.contracts.growing import Grower
from harness.contracts.places import Place
from harness.contracts.writers import Shape


def properties(old: Side, new: Side) -> Iterator[Finding]:
    """Tell of each property that the new version no longer names."""
    for name in old.contracts.schemas.keys() & new.contracts.schemas.keys():
        kind = name.rpartition("/")[2]
        if kind not in ("request", "response"):
            continue
        before = _named(writers.opened(old.contracts, name))
        after = _named(writers.opened(new.contracts, name))
        gone = before - after
        added = sorted(generic(place) for place in after - before)
        for place in sorted(gone, key=str):
            # Below a property that is gone everything is.
            above = {place[:length] for length in range(len(place))}
            if not above & gone:
                yield _gone(old, name, place, added)


def units(old: Side, new: Side) -> Iterator[Finding]:
    """Tell of each number that is counted in something else."""
    for name in sorted(old.contracts.schemas.keys()):
        before = places.units(old.contracts.schemas[name])
        after = places.units(new.contracts.schemas.get(name, {}))
        for place in sorted(before.keys() & after.keys(), key=str):
            if before[place] != after[place]:
                yield Finding(
                    name,
                    "backward",
                    "unit",
                    True,
                    "x-unit",
                    generic(place),
                    f"Whoever was written for {old.label} takes "
                    f"{generic(place)} of {name} for {before[place]}, and it "
                    f"is {after[place]}.",
                )


def _gone(old: Side, name: str, place: Place, added: list[str]) -> Finding:
    if name.endswith("request"):
        who = f"A caller written for {old.label} that sends"
        effect = "is not heard: nobody reads it any more"
    else:
        who = f"A reader written for {old.label} that looks for"
        effect = "finds it no more"
    hint = f" New there: {', '.join(added)}." if added else ""
    return Finding(
        name,
        "backward",
        "property",
        True,
        "property",
        generic(place),
        f"{who} {generic(place)} {effect}.{hint}",
        _holding(old, name, place),
    )


def _holding(old: Side, name: str, place: Place) -> Any:
    """Make a document of the old version that holds a property."""
    grower = Grower(
        writers.closed(old.contracts, name),
        (),
        tuple(old.contracts.schemas[name].get("examples", ())),
    )
    for document in grower.documents():
        held = _with(document, place, grower, ())
        mended = grower.mended(held, ())
        if mended is not None:
            return mended[0]
    return None


def _with(document: Any, place: Place, grower: Grower, at: Place) -> Any:
    """Put a property into a document, and all that leads to it."""
    if not place:
        return document
    step, rest = place[0], place[1:]
    below = (*at, step)
    if step == 0:
        items = document if isinstance(document, list) else []
        first = items[0] if items else grower.grown(below)
        return [_with(first, rest, grower, below), *items[1:]]
    key = "any" if step is None else step
    found = document if isinstance(document, dict) else {}
    value = found.get(key, grower.grown(below))
    return {**found, key: _with(value, rest, grower, below)}


def _named(schema: Any) -> set[Place]:
    shape = Shape()
    shape.add(schema, declares=True)
    return set(_names(shape, ()))


def _names(shape: Shape, place: Place) -> Iterator[Place]:
    for name, below in shape.names.items():
        if below.is_named:
            yield (*place, name)
        yield from _names(below, (*place, name))
    if shape.items:
        yield from _names(shape.items, (*place, 0))
    if shape.values:
        yield from _names(shape.values, (*place, None))
