"""What is done to a good document to make a hostile one of it.

In the manner of schemathesis: each edit changes one place of a valid
document. Many edits are such that a tolerant contract lets them pass, so
that what lies behind the contract is reached.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from harness.reliability.hostile_json import (
    HUGE_PIECES,
    ODD_KEYS,
    ODD_NUMBERS,
    ODD_PIECES,
    ODD_TEXTS,
    Twice,
)

Way = tuple[str | int, ...]
_RARELY = 40
_MAX_EDITS = 4
SECRET_KEYS = ("externalId", "taskToken", "credentials", "secretAccessKey")
# What grows out of one value must end somewhere.
_MAX_REPEATS = 1_000


@dataclass(frozen=True)
class Edit:
    """One change.

    Attributes:
        kind: Key of EDITS.
        place: Which of the document's places, counted round.
        value: What the edit puts there, if it puts something.
        key: Under which key, if it adds one.
    """

    kind: str
    place: int
    value: Any = None
    key: str = "unknown"


def apply(document: Any, edits: list[Edit]) -> Any:
    """Copy a document and change it, edit by edit."""
    holder = {"": copy.deepcopy(document)}
    for edit in edits:
        ways = [way for way in places(holder) if way]
        if not ways:
            break
        way = ways[edit.place % len(ways)]
        # A value that is drawn twice is one object: it must not grow.
        _change(holder, way, replace(edit, value=copy.deepcopy(edit.value)))
    return holder.get("")


def places(document: Any, way: Way = ()) -> Iterator[Way]:
    """Walk through a document; what is written raw has no inside."""
    yield way
    if isinstance(document, dict):
        for key in document:
            yield from places(document[key], (*way, key))
    elif isinstance(document, list):
        for index, item in enumerate(document[:_MAX_REPEATS]):
            yield from places(item, (*way, index))


def edits(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Edit]]:
    """Draw a few edits.

    Args:
        values: What stands elsewhere in the same world: ids, statuses,
            numbers that mean something.
    """
    drawn = st.builds(
        Edit,
        kind=st.sampled_from([*EDITS, *["add", "swap"] * 3]),
        place=st.integers(0, 2**10),
        value=values | odd_values,
        key=st.sampled_from(ODD_KEYS),
    )
    return st.lists(drawn, min_size=1, max_size=_MAX_EDITS)


odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_PIECES),
    st.sampled_from(([], {}, [[]], {" ": ""}, [None], [0], [{}])),
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    # A huge value costs a hundred times what a small one does.
    st.integers(0, _RARELY).flatmap(
        lambda turn: (
            st.just(0) if turn < _RARELY else st.sampled_from(HUGE_PIECES)
        )
    ),
)


def _replace(parent: Any, step: str | int, edit: Edit) -> None:
    parent[step] = edit.value


def _drop(parent: Any, step: str | int, edit: Edit) -> None:
    del parent[step]


def _add(parent: Any, step: str | int, edit: Edit) -> None:
    """Add a key, which contracts let pass, or an item."""
    inner = parent[step]
    if isinstance(inner, dict):
        inner.setdefault(edit.key, edit.value)
    elif isinstance(inner, list):
        inner.append(edit.value)
    else:
        parent[step] = edit.value


def _swap(parent: Any, step: str | int, edit: Edit) -> None:
    """Put something of the same kind in the place of a value."""
    inner, value = parent[step], edit.value
    if isinstance(inner, bool):
        parent[step] = not inner
    elif isinstance(inner, int):
        parent[step] = value if isinstance(value, int) else inner + 1
    elif isinstance(inner, str):
        parent[step] = value if isinstance(value, str) else inner + "x"
    elif isinstance(inner, list):
        inner.reverse()
    else:
        parent[step] = value


def _repeat(parent: Any, step: str | int, edit: Edit) -> None:
    inner = parent[step]
    if isinstance(inner, list):
        times = 2 + edit.place % 50
        parent[step] = (inner * times)[:_MAX_REPEATS]
    elif isinstance(inner, str):
        parent[step] = inner * 2
    elif isinstance(inner, (int, float)):
        parent[step] = -inner - 1


def _empty(parent: Any, step: str | int, edit: Edit) -> None:
    parent[step] = type(parent[step])() if parent[step] is not None else None


def _double(parent: Any, step: str | int, edit: Edit) -> None:
    """Give a key twice; json.loads takes the second."""
    inner = parent[step]
    if isinstance(inner, dict) and inner:
        keys = list(inner)
        key = keys[edit.place % len(keys)]
        parent[step] = Twice(inner, key, edit.value)


def _rename(parent: Any, step: str | int, edit: Edit) -> None:
    # A secret is recognised by its name: under another it is none.
    is_secret = str(step) in SECRET_KEYS
    if isinstance(parent, dict) and step and not is_secret:
        parent[edit.key] = parent.pop(str(step))


def _wrap(parent: Any, step: str | int, edit: Edit) -> None:
    inner = parent[step]
    parent[step] = [inner] if edit.place % 2 else {edit.key: inner}


EDITS: dict[str, Callable[[Any, str | int, Edit], None]] = {
    "add": _add,
    "swap": _swap,
    "drop": _drop,
    "replace": _replace,
    "repeat": _repeat,
    "empty": _empty,
    "double": _double,
    "rename": _rename,
    "wrap": _wrap,
}


def _change(holder: Any, way: Way, edit: Edit) -> None:
    parent = holder
    for step in way[:-1]:
        parent = parent[step]
    if len(way) == 1 and edit.kind in ("drop", "rename"):
        return
    try:
        EDITS[edit.kind](parent, way[-1], edit)
    except (TypeError, ValueError, OverflowError):
        # Not every edit fits every value: Raw has no empty one.
        parent[way[-1]] = edit.value
