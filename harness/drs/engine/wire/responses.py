"""From an answer or an error to an HTTP response."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    Shape,
    StructureShape,
)

from harness.drs.engine.error_options import ErrorOptions
from harness.drs.engine.errors import DrsError
from harness.drs.engine.options import EmulatorOptions
from harness.drs.engine.wire import model

NOT_IMPLEMENTED = 501


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: str

    def with_header(self, name: str, value: str) -> "Response":
        """Make the same response with one more header."""
        return replace(self, headers={**self.headers, name: value})


def encode(
    operation: OperationModel,
    answer: Mapping[str, Any],
    options: EmulatorOptions,
) -> Response:
    """Write an answer as the model's output shape says.

    Members that are None or unknown to the shape are left out; datetimes
    get the text form of the options.
    """
    status = operation.http.get("responseCode", 200)
    shape = operation.output_shape
    body = "" if shape is None else json.dumps(_write(answer, shape, options))
    if status == 204:
        body = ""
    return Response(status, _headers(), body)


def encode_error(error: DrsError, options: ErrorOptions) -> Response:
    """Write an error with the status and members of its shape.

    The header names the class: without it botocore takes the body's
    ``code`` as the error code and the exception class is lost.
    """
    headers = _headers() | {"x-amzn-errortype": error.code}
    members = {"message": error.message, **error.members}
    if error.code not in model.service().shape_names:
        return Response(NOT_IMPLEMENTED, headers, json.dumps(members))
    shape = cast(StructureShape, model.service().shape_for(error.code))
    if "code" in shape.members and options.shows_code:
        members.setdefault("code", error.code)
    if members.get("reason") == "other":
        members["reason"] = options.other_reason
    for name, member in shape.members.items():
        if member.serialization.get("location") == "header":
            header, value = member.serialization["name"], members.pop(name, "")
            headers |= {header: str(value)} if value else {}
    status = shape.metadata["error"]["httpStatusCode"]
    return Response(status, headers, json.dumps(members))


def iso_time(at: datetime, options: EmulatorOptions) -> str:
    """Write a time with microseconds.

    DRS was seen to write ``+00:00`` where the model demands ``Z``.
    """
    ending = "Z" if options.time_format == "zulu" else "+00:00"
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + ending


def _headers() -> dict[str, str]:
    return {"content-type": "application/json"}


def _write(value: Any, shape: Shape, options: EmulatorOptions) -> Any:
    if shape.type_name == "structure":
        return {
            name: _write(value[name], member, options)
            for name, member in cast(StructureShape, shape).members.items()
            if value.get(name) is not None
        }
    if shape.type_name == "list":
        member = cast(ListShape, shape).member
        return [_write(item, member, options) for item in value]
    if shape.type_name == "map":
        member = cast(MapShape, shape).value
        return {k: _write(item, member, options) for k, item in value.items()}
    return iso_time(value, options) if isinstance(value, datetime) else value
