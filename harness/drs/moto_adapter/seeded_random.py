"""Ids of moto that depend on what is made, not on what was made before."""

from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_api._internal import mock_random


@contextmanager
def seeded(key: str) -> Iterator[None]:
    """Draw moto's ids from a key for a while.

    Afterwards moto's own sequence goes on as if nothing had been drawn: two
    equal worlds that make different numbers of calls launch instances with
    equal ids and do not shift each other's further ids.

    Args:
        key: Names what is made, for example seed, job and server.
    """
    state = mock_random.getstate()
    mock_random.seed(key)
    try:
        yield
    finally:
        mock_random.setstate(state)
