"""Replace an attribute of a module or class for a while."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    """Give an attribute another value, and its own again at the end.

    Raises:
        AttributeError: The owner has no such attribute, so the library
            has changed and the patch must be looked at again.
    """
    # As it is written there: a static method must stay one.
    before = inspect.getattr_static(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
