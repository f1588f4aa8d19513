"""Listen to the calls of every botocore session that is made from now on.

botocore registers its built-in handlers with each new session; moto adds
its own to the same list.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore import handlers

Handler = Callable[..., Any]


@contextmanager
def installed(
    first: list[tuple[str, Handler]], others: list[tuple[str, Handler]]
) -> Iterator[None]:
    """Add handlers for events of all later sessions.

    Args:
        first: Called before all others of their event, moto's included.
        others: Called in their turn.
    """
    added = [
        *(
            (event, handler, handlers.REGISTER_FIRST)
            for event, handler in first
        ),
        *others,
    ]
    handlers.BUILTIN_HANDLERS.extend(added)
    try:
        yield
    finally:
        for entry in added:
            handlers.BUILTIN_HANDLERS.remove(entry)
