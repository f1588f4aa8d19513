"""JSON Schemas of the shapes of DRS, made from botocore's service model.

They are a second opinion: the emulator checks requests with other code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import jsonschema_rs
from botocore.model import (
    ListShape,
    MapShape,
    Shape,
    StringShape,
    StructureShape,
)

from harness.drs.engine.wire import model

Schema = dict[str, Any]


@dataclass(frozen=True)
class KnownViolation:
    """What the wire is known to hold against the model.

    Attributes:
        shape: Shape that the model declares.
        pattern: What is seen in its place.
        source: Who saw it.
    """

    shape: str
    pattern: str
    source: str


KNOWN_VIOLATIONS = (
    KnownViolation(
        "JobLogEvent",
        "^LAUNCH_END$",
        "DRS_SERVICE.md 1.4: the log of a drill recorded in December 2022; "
        "the enumeration has LAUNCH_START and LAUNCH_FAILED only",
    ),
    KnownViolation(
        "ISO8601DatetimeString",
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$",
        "DRS_SERVICE.md 1.5: three independent recordings; the pattern "
        "demands Z",
    ),
)
# How rest-json writes a timestamp of the format iso8601.
ISO_8601 = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$"


@cache
def validator(
    name: str, known: Sequence[KnownViolation] = KNOWN_VIOLATIONS
) -> jsonschema_rs.Draft202012Validator:
    """Make the validator of a shape.

    Args:
        name: Name of the shape in the service model.
        known: Violations to let through.
    """
    definitions: Schema = {}
    reference = _reference(model.service().shape_for(name), definitions)
    for violation in known:
        definitions[violation.shape] = {
            "anyOf": [
                definitions.get(violation.shape, True),
                {"type": "string", "pattern": violation.pattern},
            ]
        }
    return jsonschema_rs.Draft202012Validator(
        {**reference, "$defs": definitions}
    )


def matches(text: str, pattern: str) -> bool:
    """Tell whether a whole text has a pattern of the model."""
    schema = {"pattern": _whole(pattern)}
    return jsonschema_rs.Draft202012Validator(schema).is_valid(text)


def _reference(shape: Shape, definitions: Schema) -> Schema:
    if shape.name not in definitions:
        definitions[shape.name] = True
        definitions[shape.name] = _schema(shape, definitions)
    return {"$ref": f"#/$defs/{shape.name}"}


def _schema(shape: Shape, definitions: Schema) -> Schema:
    match shape.type_name:
        case "structure":
            return _structure(cast(StructureShape, shape), definitions)
        case "list":
            item = cast(ListShape, shape).member
            return {
                "type": "array",
                "items": _reference(item, definitions),
                **_limits(shape, "minItems", "maxItems"),
            }
        case "map":
            return _map(cast(MapShape, shape), definitions)
        case "string":
            return _string(cast(StringShape, shape))
        case "timestamp":
            return {"type": "string", "pattern": ISO_8601}
        case "boolean":
            return {"type": "boolean"}
        case "integer" | "long":
            limits = _limits(shape, "minimum", "maximum")
            return {"type": "integer", **limits}
    raise NotImplementedError(f"no schema for {shape.type_name} {shape.name}")


def _structure(shape: StructureShape, definitions: Schema) -> Schema:
    members = {
        name: _reference(member, definitions)
        for name, member in shape.members.items()
        if member.serialization.get("location") != "header"
    }
    schema: Schema = {
        "type": "object",
        "properties": members,
        "required": [n for n in shape.required_members if n in members],
        "additionalProperties": False,
    }
    if shape.is_tagged_union:
        schema |= {"minProperties": 1, "maxProperties": 1}
    return schema


def _map(shape: MapShape, definitions: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": _reference(shape.key, definitions),
        "additionalProperties": _reference(shape.value, definitions),
        **_limits(shape, "minProperties", "maxProperties"),
    }


def _string(shape: StringShape) -> Schema:
    schema = {"type": "string", **_limits(shape, "minLength", "maxLength")}
    pattern = shape.metadata.get("pattern")
    if pattern:
        schema["pattern"] = _whole(pattern)
    if shape.enum:
        schema["enum"] = list(shape.enum)
    return schema


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _limits(shape: Shape, least: str, most: str) -> Schema:
    limits = {least: shape.metadata.get("min")}
    limits[most] = shape.metadata.get("max")
    return {name: each for name, each in limits.items() if each is not None}
