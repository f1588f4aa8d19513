"""Requests that break one constraint of the service model each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    Shape,
    StringShape,
    StructureShape,
)

from tests.unit.harness.drs.conformance import schemas
from tests.unit.harness.drs.conformance.examples import EXAMPLES

# No pattern of the model lets this character through.
FOREIGN = "~"
WRONG_TYPES: dict[str, tuple[Any, ...]] = {
    "structure": ([], "text"),
    "list": ({}, "text"),
    "map": ([], "text"),
    "string": (7, True, ["text"]),
    "boolean": ("true", 1),
    "integer": ("many", True, 1.5),
    "long": ("many", True, 1.5),
    "timestamp": (True, ["2026-01-05T10:00:00Z"]),
}


@dataclass(frozen=True)
class Breach:
    """A value with one fault in it.

    Attributes:
        field: Where the fault is, as ``fieldList`` names it.
        rule: Constraint that is broken.
        value: The whole value.
    """

    field: str
    rule: str
    value: Any


def breaches(shape: Shape, field: str = "") -> Iterator[Breach]:
    """Break each constraint of a shape, one at a time.

    Args:
        shape: Shape of the value.
        field: Name of the value, empty for the whole request.

    Yields:
        Values that are sound but for one fault.
    """
    if field:
        for wrong in WRONG_TYPES[shape.type_name]:
            yield Breach(field, "type", wrong)
    match shape.type_name:
        case "structure":
            yield from _structure(cast(StructureShape, shape), field)
        case "list":
            yield from _list(cast(ListShape, shape), field)
        case "map":
            yield from _map(cast(MapShape, shape), field)
        case "string":
            yield from _string(cast(StringShape, shape), field)
        case "integer" | "long":
            yield from _number(shape, field)


def sound(shape: Shape) -> Any:
    """Make the smallest value that breaks no constraint."""
    match shape.type_name:
        case "structure":
            return _sound_structure(cast(StructureShape, shape))
        case "list":
            item = cast(ListShape, shape).member
            return [sound(item)] * max(shape.metadata.get("min", 0), 1)
        case "map":
            return {}
        case "string":
            return _sound_string(cast(StringShape, shape))
        case "boolean":
            return False
        case "timestamp":
            return "2026-01-05T10:00:00Z"
    return shape.metadata.get("min", 0)


def can_be_sent(breach: Breach, operation: OperationModel) -> bool:
    """Tell whether HTTP can carry a breach.

    A path without its variable part is another path, and everything in a
    path or a query is text.
    """
    name = breach.field.split("[")[0].split(".")[0]
    shape = cast(StructureShape, operation.input_shape)
    member = shape.members[name]
    location = member.serialization.get("location")
    if breach.rule == "required":
        return location != "uri"
    if breach.rule == "type" and location is not None:
        return breach.field == name and member.type_name == "integer"
    return True


def _structure(shape: StructureShape, field: str) -> Iterator[Breach]:
    prefix = f"{field}." if field else ""
    whole = {} if shape.is_tagged_union else _sound_structure(shape)
    for name in shape.required_members:
        rest = {key: whole[key] for key in whole if key != name}
        yield Breach(prefix + name, "required", rest)
    for name, member in shape.members.items():
        for inner in breaches(member, prefix + name):
            value = {**whole, name: inner.value}
            yield Breach(inner.field, inner.rule, value)
    if shape.is_tagged_union:
        yield from _union(shape, field)


def _union(shape: StructureShape, field: str) -> Iterator[Breach]:
    yield Breach(field, "union", {})
    if len(shape.members) > 1:
        both = {name: sound(each) for name, each in shape.members.items()}
        yield Breach(field, "union", both)


def _list(shape: ListShape, field: str) -> Iterator[Breach]:
    least, most = _bounds(shape)
    item = sound(shape.member)
    if least > 0:
        yield Breach(field, "size", [item] * (least - 1))
    if most is not None:
        yield Breach(field, "size", [item] * (most + 1))
    for inner in breaches(shape.member, f"{field}[0]"):
        others = [item] * (least - 1)
        yield Breach(inner.field, inner.rule, [inner.value, *others])


def _map(shape: MapShape, field: str) -> Iterator[Breach]:
    least, most = _bounds(shape)
    value = sound(shape.value)
    if least > 0:
        yield Breach(field, "size", {})
    if most is not None:
        many = {f"key{number}": value for number in range(most + 1)}
        yield Breach(field, "size", many)
    for key in _string(cast(StringShape, shape.key), f"{field}.key"):
        yield Breach(key.field, key.rule, {key.value: value})
    name = _sound_string(cast(StringShape, shape.key))
    for inner in breaches(shape.value, f"{field}.{name}"):
        yield Breach(inner.field, inner.rule, {name: inner.value})


def _string(shape: StringShape, field: str) -> Iterator[Breach]:
    least, most = _bounds(shape)
    text = _sound_string(shape)
    # An empty variable part is another path.
    if least > 1 or (least == 1 and field != "resourceArn"):
        yield Breach(field, "length", text[: least - 1])
    if most is not None and not shape.enum:
        padding = (text[-1:] or "a") * (most + 1)
        yield Breach(field, "length", (text + padding)[: most + 1])
    if shape.metadata.get("pattern"):
        yield from _off_pattern(shape, field)
    if shape.enum:
        yield Breach(field, "enum", "UNHEARD_OF")
        yield Breach(field, "enum", shape.enum[0].swapcase())


def _off_pattern(shape: StringShape, field: str) -> Iterator[Breach]:
    """Miss a pattern: altogether, and by what comes before or after."""
    least, most = _bounds(shape)
    text = _sound_string(shape)
    tries = (FOREIGN * max(least, 1), FOREIGN + text, text + FOREIGN)
    for wrong in tries:
        fits = most is None or len(wrong) <= most
        if fits and not schemas.matches(wrong, shape.metadata["pattern"]):
            yield Breach(field, "pattern", wrong)


def _number(shape: Shape, field: str) -> Iterator[Breach]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None:
        yield Breach(field, "range", least - 1)
    if most is not None:
        yield Breach(field, "range", most + 1)


def _bounds(shape: Shape) -> tuple[int, int | None]:
    return shape.metadata.get("min", 0), shape.metadata.get("max")


def _sound_structure(shape: StructureShape) -> dict[str, Any]:
    names = shape.required_members
    if shape.is_tagged_union:
        names = list(shape.members)[:1]
    return {name: sound(shape.members[name]) for name in names}


def _sound_string(shape: StringShape) -> str:
    if shape.enum:
        return str(shape.enum[0])
    if shape.metadata.get("pattern"):
        return EXAMPLES[shape.name]
    return "a" * max(shape.metadata.get("min", 0), 1)
