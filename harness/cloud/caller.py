"""Who is running in this thread: a Lambda, or something outside of all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from harness.cloud.calls import PendingCall

_invocation: ContextVar[str | None] = ContextVar("invocation", default=None)
_function: ContextVar[str | None] = ContextVar("function", default=None)
_pending: ContextVar[PendingCall | None] = ContextVar("call", default=None)


def function() -> str | None:
    """Name the Lambda function whose code runs here."""
    return _function.get()


def invocation() -> str | None:
    """Give the request id of the invocation that runs here."""
    return _invocation.get()


def pending_call() -> PendingCall | None:
    """Give the AWS call that is being made here."""
    return _pending.get()


def set_pending_call(call: PendingCall | None) -> None:
    """Note the AWS call that is being made here."""
    _pending.set(call)


@contextmanager
def running(function_name: str, request_id: str) -> Iterator[None]:
    """Run code as a Lambda's."""
    with _set(function_name, request_id):
        yield


@contextmanager
def outside() -> Iterator[None]:
    """Run code as nobody's: what AWS does is no call of the Lambda."""
    with _set(None, None):
        yield


@contextmanager
def _set(function_name: str | None, request_id: str | None) -> Iterator[None]:
    tokens = _function.set(function_name), _invocation.set(request_id)
    call = _pending.set(None)
    try:
        yield
    finally:
        _function.reset(tokens[0])
        _invocation.reset(tokens[1])
        _pending.reset(call)
