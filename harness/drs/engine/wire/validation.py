"""The constraints of the service model, checked as the service would.

botocore itself checks only required members and minimum lengths before it
sends a request.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from botocore.model import (
    ListShape,
    MapShape,
    Shape,
    StringShape,
    StructureShape,
)

from harness.drs.engine.request_texts import RequestTexts

LENGTH = ("too_short", "too_long")
AMOUNT = ("too_small", "too_large")


class Violation(NamedTuple):
    """A field and the constraint it breaks.

    ``text`` is the name of a text in ``RequestTexts``, ``value`` stands in
    it.
    """

    field: str
    text: str
    value: str = ""

    def message(self, texts: RequestTexts) -> str:
        """Say in a sentence what is wrong."""
        form: str = getattr(texts, self.text)
        return form.format(
            kind=self.value,
            names=self.value,
            limit=self.value,
            pattern=self.value,
        )


def violations(value: Any, shape: Shape, field: str) -> Iterator[Violation]:
    """Find every constraint of a shape that a value breaks.

    Args:
        value: Value as parsed from JSON.
        shape: Shape it should have.
        field: Name of the value, used as a prefix: ``sourceServers[0]``.

    Yields:
        One violation for each broken constraint.
    """
    expected, check = _CHECKS[shape.type_name]
    if not isinstance(value, expected) or (
        isinstance(value, bool) and shape.type_name != "boolean"
    ):
        yield Violation(field, "wrong_type", shape.type_name)
        return
    yield from check(value, shape, field)


def _structure(
    value: Mapping[str, Any], shape: Shape, field: str
) -> Iterator[Violation]:
    structure = cast(StructureShape, shape)
    prefix = f"{field}." if field else ""
    for name in structure.required_members:
        if value.get(name) is None:
            yield Violation(prefix + name, "missing")
    for name, member in structure.members.items():
        if value.get(name) is not None:
            yield from violations(value[name], member, prefix + name)
    if structure.is_tagged_union:
        yield from _union(value, structure, field)


def _union(
    value: Mapping[str, Any], shape: StructureShape, field: str
) -> Iterator[Violation]:
    given = [name for name in shape.members if value.get(name) is not None]
    if len(given) != 1:
        names = ", ".join(shape.members)
        yield Violation(field, "not_one", names)


def _list(value: list[Any], shape: Shape, field: str) -> Iterator[Violation]:
    yield from _size(len(value), shape, field, LENGTH)
    for index, item in enumerate(value):
        member = cast(ListShape, shape).member
        yield from violations(item, member, f"{field}[{index}]")


def _map(
    value: Mapping[str, Any], shape: Shape, field: str
) -> Iterator[Violation]:
    yield from _size(len(value), shape, field, LENGTH)
    for key, item in value.items():
        yield from violations(key, cast(MapShape, shape).key, f"{field}.key")
        member = cast(MapShape, shape).value
        yield from violations(item, member, f"{field}.{key}")


def _string(value: str, shape: Shape, field: str) -> Iterator[Violation]:
    yield from _size(len(value), shape, field, LENGTH)
    pattern = shape.metadata.get("pattern")
    # The model's patterns carry no anchors but mean the whole value.
    if pattern and not re.fullmatch(pattern, value, re.DOTALL):
        yield Violation(field, "bad_pattern", pattern)
    allowed = cast(StringShape, shape).enum
    if allowed and value not in allowed:
        yield Violation(field, "not_in_enum", ", ".join(allowed))


def _number(value: float, shape: Shape, field: str) -> Iterator[Violation]:
    yield from _size(value, shape, field, AMOUNT)


def _anything(value: Any, shape: Shape, field: str) -> Iterator[Violation]:
    yield from ()


def _size(
    size: float, shape: Shape, field: str, texts: tuple[str, str]
) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield Violation(field, texts[0], str(least))
    if most is not None and size > most:
        yield Violation(field, texts[1], str(most))


_Check = Callable[[Any, Shape, str], Iterator[Violation]]
_CHECKS: dict[str, tuple[type | tuple[type, ...], _Check]] = {
    "structure": (dict, _structure),
    "list": (list, _list),
    "map": (dict, _map),
    "string": (str, _string),
    "integer": (int, _number),
    "long": (int, _number),
    "boolean": (bool, _anything),
    "timestamp": ((str, int, float), _anything),
}
