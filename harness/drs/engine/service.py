"""From an HTTP request to DRS to its HTTP response."""

from harness.drs.engine.errors import DrsError, NotSimulatedError
from harness.drs.engine.operations import OPERATIONS, WITHOUT_ACCOUNT
from harness.drs.engine.region import Region
from harness.drs.engine.wire.requests import Request, decode
from harness.drs.engine.wire.responses import Response, encode, encode_error


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
        return _perform(region, request)
    except DrsError as error:
        return encode_error(error)


def _perform(region: Region, request: Request) -> Response:
    model, parameters = decode(request)
    operation = OPERATIONS.get(model.name)
    if operation is None:
        raise NotSimulatedError(model.name)
    if model.name not in WITHOUT_ACCOUNT and not region.initialized:
        raise _uninitialized(region)
    result = operation(region, parameters)
    return encode(model, result, region.options)


def _uninitialized(region: Region) -> DrsError:
    text = region.options.error_texts.uninitialized
    return DrsError(
        "UninitializedAccountException",
        text.format(account_id=region.account_id, region=region.name),
    )
