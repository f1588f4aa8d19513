"""Ids of moto that depend on what is made, not on what was made before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom


class _Thread(threading.local):
    stream: Random | None = None


_THREAD = _Thread()


class SeedableRandom(MotoRandom):
    """moto's random numbers, or a stream of its own for a thread.

    Whatever another thread asks of moto meanwhile, if only the id of a
    request, takes nothing from the stream and is not disturbed by it.
    """

    def random(self) -> float:
        """Draw a number below one."""
        stream = _THREAD.stream
        return super().random() if stream is None else stream.random()

    def getrandbits(self, bits: int, /) -> int:
        """Draw a number of some bits."""
        if _THREAD.stream is None:
            return super().getrandbits(bits)
        return _THREAD.stream.getrandbits(bits)


def install() -> None:
    """Make moto's random numbers seedable; repeating changes nothing."""
    mock_random.__class__ = SeedableRandom


@contextmanager
def seeded(key: str) -> Iterator[None]:
    """Draw moto's ids in this thread from a key for a while.

    moto's own sequence goes on afterwards as if nothing had been drawn: two
    equal worlds that make different numbers of calls launch instances with
    equal ids and do not shift each other's further ids.

    Args:
        key: Names what is made, for example seed, job and server.
    """
    _THREAD.stream = Random(key)
    try:
        yield
    finally:
        _THREAD.stream = None
