"""From an HTTP request to DRS to its HTTP response."""

from botocore.model import OperationModel

from harness.drs.engine.errors import DrsError, NotSimulatedError
from harness.drs.engine.operations import OPERATIONS
from harness.drs.engine.region import Region
from harness.drs.engine.wire.requests import Request, decode
from harness.drs.engine.wire.responses import Response, encode, encode_error

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
    """
    region.advance_to(region.settings.now())
    try:
        response = _perform(region, request)
    except DrsError as error:
        response = encode_error(error)
    return response.with_header("x-amzn-requestid", region.new_request_id())


def _perform(region: Region, request: Request) -> Response:
    model, parameters = decode(request)
    operation = OPERATIONS.get(model.name)
    if operation is None:
        raise NotSimulatedError(model.name)
    if _needs_account(model) and not region.initialized:
        raise _uninitialized(region)
    result = operation(region, parameters)
    return encode(model, result, region.options)


def _needs_account(model: OperationModel) -> bool:
    return any(shape.name == UNINITIALIZED for shape in model.error_shapes)


def _uninitialized(region: Region) -> DrsError:
    text = region.options.error_texts.uninitialized
    return DrsError(
        UNINITIALIZED,
        text.format(account_id=region.account_id, region=region.name),
    )
