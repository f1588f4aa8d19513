"""Documents that differ from a valid one by a single edit.

Most are invalid; which, and where, is for the engines to say.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Place = tuple[str | int, ...]

NUMBERS = (-1, 0, 1, 0.5, 1.0, -0.0, 2**31, 2**63, 2**64, 1e300)
EMPTY: tuple[Any, ...] = ("", [], {}, None)
OTHERS = ("UNKNOWN", "1", " ", "\u0663", True, False, [None], {"a": None})
# Of the kinds of text that the engines' patterns might judge differently.
TAILS = ("\n", "x", "\u0000", "\U0001f4be", "z" * 40)


@dataclass(frozen=True)
class Edit:
    """What is changed at one place of a document.

    Attributes:
        kind: put, drop or add.
        place: Keys and indexes that lead there; empty for the whole.
        value: What is put there, or added with an unknown key.
    """

    kind: str
    place: Place
    value: Any = None

    def apply(self, document: Any) -> Any:
        """Give the changed document; the given one stays."""
        root = [copy.deepcopy(document)]
        target: Any = root
        steps = (0, *self.place)
        for step in steps[:-1]:
            target = target[step]
        last = steps[-1]
        if self.kind == "drop":
            del target[last]
        elif self.kind == "add":
            target[last]["added-later"] = copy.deepcopy(self.value)
        else:
            target[last] = copy.deepcopy(self.value)
        return root[0]


def places(document: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Walk a document: every value with its place, itself first."""
    yield place, document
    if isinstance(document, dict):
        for key, value in document.items():
            yield from places(value, (*place, key))
    if isinstance(document, list):
        for index, value in enumerate(document):
            yield from places(value, (*place, index))


@st.composite
def edits(draw: st.DrawFn, document: Any) -> Edit:
    """Draw a single edit of a document."""
    place, value = draw(st.sampled_from(list(places(document))))
    kinds = ["put"]
    kinds += ["drop"] if place else []
    kinds += ["add"] if isinstance(value, dict) else []
    kind = draw(st.sampled_from(kinds))
    replacements = (*NUMBERS, *EMPTY, *OTHERS, *_near(value))
    return Edit(kind, place, draw(st.sampled_from(replacements)))


def _near(value: Any) -> tuple[Any, ...]:
    """List values that are nearly the given one."""
    if isinstance(value, str):
        return (value[:-1], *(value + tail for tail in TAILS))
    if isinstance(value, list):
        return (value[1:], value * 2)
    if isinstance(value, int) and not isinstance(value, bool):
        return (value - 1, value + 1, float(value), str(value))
    return ()
