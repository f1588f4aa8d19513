"""From an HTTP request to an operation and its parameters."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel, Shape

from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.request_texts import RequestTexts
from harness.drs.engine.wire import model, validation


@dataclass(frozen=True)
class Request:
    """An HTTP request; ``path`` is still percent-encoded."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    body: str


def find_operation(
    request: Request, texts: RequestTexts
) -> tuple[OperationModel, Mapping[str, str]]:
    """Find the operation of a request and the parameters in its path.

    Raises:
        InvalidRequestError: Unknown path.
    """
    found = model.find_route(request.method, request.path)
    if found is None:
        raise InvalidRequestError(
            "unknownOperation",
            texts.unknown_operation.format(
                method=request.method, path=request.path
            ),
        )
    return found


def read_parameters(
    request: Request,
    operation: OperationModel,
    in_path: Mapping[str, str],
    texts: RequestTexts,
) -> dict[str, Any]:
    """Read the parameters of a request.

    Args:
        request: Request as it came over the wire.
        operation: Its operation.
        in_path: Those parameters that stand in its path.
        texts: Messages of errors.

    Returns:
        The parameters by their wire names. Members that the model does not
        know, or that are null, are left out.

    Raises:
        InvalidRequestError: No JSON object, or parameters that break a
            constraint of the model.
    """
    parameters = {**_body(request.body, texts), **in_path}
    shape = operation.input_shape
    if shape is None:
        return {}
    parameters.update(_from_query(request.query, shape))
    _check(parameters, shape, texts)
    return dict(_known(parameters, shape))


def _body(text: str, texts: RequestTexts) -> dict[str, Any]:
    try:
        document = json.loads(text) if text.strip() else {}
    except json.JSONDecodeError as error:
        raise InvalidRequestError(
            "cannotParse", texts.not_json.format(error=error)
        ) from error
    if not isinstance(document, dict):
        raise InvalidRequestError("cannotParse", texts.no_object)
    return document


def _from_query(
    query: Mapping[str, Sequence[str]], shape: Shape
) -> Iterator[tuple[str, Any]]:
    for name, member in shape.members.items():  # type: ignore[attr-defined]
        values = query.get(member.serialization.get("name", name))
        if member.serialization.get("location") != "querystring":
            continue
        if values:
            yield name, _from_texts(values, member)


def _from_texts(values: Sequence[str], shape: Shape) -> Any:
    if shape.type_name == "list":
        return list(values)
    if shape.type_name == "integer" and values[0].lstrip("-").isdecimal():
        return int(values[0])
    return values[0]


def _check(
    parameters: Mapping[str, Any], shape: Shape, texts: RequestTexts
) -> None:
    broken = [
        (each.field, each.message(texts))
        for each in validation.violations(parameters, shape, "")
    ]
    if broken:
        members = "; ".join(
            texts.member.format(field=field, message=message)
            for field, message in broken
        )
        raise InvalidRequestError(
            "fieldValidationFailed",
            texts.invalid.format(count=len(broken), members=members),
            broken,
        )


def _known(value: Any, shape: Shape) -> Any:
    if shape.type_name != "structure":
        return value
    members = shape.members  # type: ignore[attr-defined]
    return {
        name: _known(item, members[name])
        for name, item in value.items()
        if name in members and item is not None
    }
