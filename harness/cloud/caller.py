"""Who is running in this thread: a Lambda, or something outside of all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

from harness.cloud.calls import PendingCall


class FunctionDiedError(BaseException):
    """The function that runs here died: nothing of its code runs on.

    No Exception, so that no code takes it for an error of its own.
    """

    def __init__(self, error_type: str) -> None:
        self.error_type = error_type
        super().__init__(f"The function died: {error_type}")


class Life:
    """One invocation, shared by all threads that work for it.

    Attributes:
        death: How it died, in Lambda's word; None while it lives.
    """

    def __init__(self) -> None:
        self.death: str | None = None

    def end(self, error_type: str) -> NoReturn:
        """Let the invocation die.

        Raises:
            FunctionDiedError: Always.
        """
        self.death = error_type
        raise FunctionDiedError(error_type)

    def go_on(self) -> None:
        """Let the code of a living invocation go on.

        Raises:
            FunctionDiedError: It is dead: this is another thread of it, or
                code that should not have run on.
        """
        if self.death is not None:
            raise FunctionDiedError(self.death)


_invocation: ContextVar[str | None] = ContextVar("invocation", default=None)
_function: ContextVar[str | None] = ContextVar("function", default=None)
_pending: ContextVar[PendingCall | None] = ContextVar("call", default=None)
_life: ContextVar[Life | None] = ContextVar("life", default=None)
_asked_about: ContextVar[str] = ContextVar("asked about", default="")


def function() -> str | None:
    """Name the Lambda function whose code runs here."""
    return _function.get()


def invocation() -> str | None:
    """Give the request id of the invocation that runs here."""
    return _invocation.get()


def life() -> Life | None:
    """Give the life of the invocation that runs here."""
    return _life.get()


def pending_call() -> PendingCall | None:
    """Give the AWS call that is being made here."""
    return _pending.get()


def set_pending_call(call: PendingCall | None) -> None:
    """Note the AWS call that is being made here."""
    _pending.set(call)


def asked_about() -> str:
    """Name what the call that is being prepared here is about."""
    return _asked_about.get()


def set_asked_about(subject: str) -> None:
    """Note what the call that is being prepared here is about."""
    _asked_about.set(subject)


@contextmanager
def running(function_name: str, request_id: str) -> Iterator[Life]:
    """Run code as a Lambda's, and give its life."""
    own = Life()
    with _set(function_name, request_id, own):
        yield own


@contextmanager
def outside() -> Iterator[None]:
    """Run code as nobody's: what AWS does is no call of the Lambda."""
    with _set(None, None, None):
        yield


@contextmanager
def _set(
    function_name: str | None, request_id: str | None, own: Life | None
) -> Iterator[None]:
    tokens = _function.set(function_name), _invocation.set(request_id)
    call = _pending.set(None)
    before = _life.set(own)
    try:
        yield
    finally:
        _life.reset(before)
        _function.reset(tokens[0])
        _invocation.reset(tokens[1])
        _pending.reset(call)
