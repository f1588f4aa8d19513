"""What the faults do to a request as a whole."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from botocore.model import OperationModel

from harness.drs.engine import fault_reading
from harness.drs.engine.errors import DrsError
from harness.drs.engine.faults import (
    ApiDenied,
    ApiError,
    InternalError,
    LostResponse,
    Throttle,
    TimeFormat,
    Uninitialized,
)
from harness.drs.engine.options import EmulatorOptions
from harness.drs.engine.region import Region
from harness.drs.engine.wire import model


class ResponseLostError(Exception):
    """The operation was carried out, but its answer must not arrive.

    Whoever carries answers has to break the connection.
    """

    def __init__(self, operation: str) -> None:
        """Name the operation."""
        super().__init__(f"The response of {operation} is lost")


def is_declared(fault: ApiError) -> bool:
    """Tell whether the service model lets the operation raise the error."""
    operation = model.service().operation_model(fault.operation)
    return fault.code in {shape.name for shape in operation.error_shapes}


def refuse(region: Region, operation: OperationModel) -> None:
    """Answer with an error if a fault says so.

    Raises:
        DrsError: The error of the fault.
    """
    name, texts = operation.name, region.options.error_texts
    if fault_reading.strike(region, ApiDenied, name):
        text = texts.denied.format(
            account_id=region.account_id, operation=name
        )
        raise DrsError("AccessDeniedException", text)
    wait = fault_reading.over_rate(region, name)
    if wait is not None:
        seconds = ceil(wait.total_seconds())
        raise DrsError(
            "ThrottlingException", texts.throttled, retryAfterSeconds=seconds
        )
    if throttle := fault_reading.strike(region, Throttle, name):
        raise _error("ThrottlingException", texts.throttled, throttle)
    if internal := fault_reading.strike(region, InternalError, name):
        raise _error("InternalServerException", texts.internal, internal)
    if other := fault_reading.strike(region, ApiError, name):
        raise _error(other.code, other.message, other)


def is_initialized(region: Region) -> bool:
    """Tell whether the account may use DRS, as far as faults let it."""
    unset = fault_reading.latest(region, Uninitialized) is None
    return region.initialized and unset


def lose_response(region: Region, operation: OperationModel) -> None:
    """Break the connection after an operation if a fault says so.

    Raises:
        ResponseLostError: The answer must not arrive.
    """
    if fault_reading.strike(region, LostResponse, operation.name):
        raise ResponseLostError(operation.name)


def wire_options(region: Region) -> EmulatorOptions:
    """Find the options for writing an answer."""
    fault = fault_reading.latest(region, TimeFormat)
    if fault is None:
        return region.options
    return replace(region.options, time_format=fault.form)


def _error(
    code: str, message: str, fault: Throttle | InternalError | ApiError
) -> DrsError:
    if fault.retry_after is None:
        return DrsError(code, message)
    return DrsError(code, message, retryAfterSeconds=fault.retry_after)
