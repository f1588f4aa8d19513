"""Listen to the calls of every botocore session that is made from now on.

botocore registers its built-in handlers with each new session; moto adds
its own to the same list. A client keeps the handlers that it was made
with, for ever, so these only pass on to whoever listens at the time: a
client that outlives one local cloud works in the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class CallListener(Protocol):
    """Is told of the stages of each call; see botocore's events."""

    def keep_params(
        self, params: Any, context: dict[str, Any], **_: Any
    ) -> None:
        """Before anybody has worked on the parameters; they are changed
        in place until the call begins."""

    def begin(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        """Before the call's first attempt."""

    def end(self, http_response: Any, parsed: Any, **_: Any) -> None:
        """After the call, whatever AWS answered."""

    def end_without_answer(self, exception: Exception, **_: Any) -> None:
        """After a call that AWS did not answer."""


class Sender(Protocol):
    """Answers requests instead of the network."""

    def send(
        self, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> AWSResponse:
        """Answer one attempt of a call."""


class _Ears:
    listener: CallListener | None = None
    sender: Sender | None = None


def _before_send(**event: Any) -> AWSResponse | None:
    return _Ears.sender.send(**event) if _Ears.sender else None


def _before_parameter_build(**event: Any) -> None:
    if _Ears.listener:
        _Ears.listener.keep_params(**event)


def _before_call(**event: Any) -> None:
    if _Ears.listener:
        _Ears.listener.begin(**event)


def _after_call(**event: Any) -> None:
    if _Ears.listener:
        _Ears.listener.end(**event)


def _after_call_error(**event: Any) -> None:
    if _Ears.listener:
        _Ears.listener.end_without_answer(**event)


_HANDLERS: list[tuple[Any, ...]] = [
    # First, so that nothing reaches moto that is answered elsewhere.
    ("before-send", _before_send, handlers.REGISTER_FIRST),
    # First, so that it is known what is asked when tokens are drawn.
    (
        "before-parameter-build",
        _before_parameter_build,
        handlers.REGISTER_FIRST,
    ),
    ("before-call", _before_call),
    ("after-call", _after_call),
    ("after-call-error", _after_call_error),
]


@contextmanager
def installed(listener: CallListener, sender: Sender) -> Iterator[None]:
    """Listen to the calls of all sessions made while this is entered."""
    _Ears.listener, _Ears.sender = listener, sender
    handlers.BUILTIN_HANDLERS.extend(_HANDLERS)
    try:
        yield
    finally:
        for entry in _HANDLERS:
            handlers.BUILTIN_HANDLERS.remove(entry)
        _Ears.listener = _Ears.sender = None
