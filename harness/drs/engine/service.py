"""From an HTTP request to DRS to its HTTP response."""

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from harness.drs.engine import fault_effects, lagging_reads
from harness.drs.engine.errors import DrsError, NotSimulatedError
from harness.drs.engine.operations import OPERATIONS
from harness.drs.engine.region import Region
from harness.drs.engine.wire.requests import (
    Request,
    find_operation,
    read_parameters,
)
from harness.drs.engine.wire.responses import Response, encode, encode_error

READS = ("Describe", "Get", "List")
UNINITIALIZED = "UninitializedAccountException"


def answer(region: Region, request: Request) -> Response:
    """Answer a request, after everything that is due has happened.

    Args:
        region: Account and Region the request was sent to.
        request: Request as it came over the wire.

    Returns:
        The response: an answer in the model's shape, or an error. An
        operation that is not simulated gets a NotImplemented error, never
        an empty success.

    Raises:
        ResponseLostError: A fault breaks the connection instead.
    """
    region.advance_to(region.now())
    try:
        response = _perform(region, request)
    except DrsError as error:
        response = encode_error(error, region.options.errors)
    return response.with_header("x-amzn-requestid", region.new_request_id())


def _perform(region: Region, request: Request) -> Response:
    model, in_path = find_operation(request, region.options.request_texts)
    operation = OPERATIONS.get(model.name)
    if operation is None:
        raise NotSimulatedError(model.name)
    parameters = _admit(region, request, model, in_path)
    lagging_reads.remember(region)
    if model.name.startswith(READS):
        seen = lagging_reads.seen_by(region, model.name)
        result = operation(seen, parameters)
    else:
        result = operation(region, parameters)
        lagging_reads.remember(region, region.now())
    fault_effects.lose_response(region, model)
    return encode(model, result, fault_effects.wire_options(region))


def _admit(
    region: Region,
    request: Request,
    model: OperationModel,
    in_path: Mapping[str, str],
) -> dict[str, Any]:
    parameters: dict[str, Any] | None = None
    texts = region.options.request_texts
    for check in region.options.check_order:
        if check == "request":
            parameters = read_parameters(request, model, in_path, texts)
        elif check == "faults":
            fault_effects.refuse(region, model)
        else:
            _refuse_uninitialized(region, model)
    if parameters is None:
        return read_parameters(request, model, in_path, texts)
    return parameters


def _refuse_uninitialized(region: Region, model: OperationModel) -> None:
    if _needs_account(model) and not fault_effects.is_initialized(region):
        raise _uninitialized(region)


def _needs_account(model: OperationModel) -> bool:
    return any(shape.name == UNINITIALIZED for shape in model.error_shapes)


def _uninitialized(region: Region) -> DrsError:
    text = region.options.error_texts.uninitialized
    return DrsError(
        UNINITIALIZED,
        text.format(account_id=region.account_id, region=region.name),
    )
