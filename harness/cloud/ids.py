"""Seeded ids: the same calls in two worlds make the same ids."""

import random
from collections import Counter
from uuid import UUID

from moto.moto_api._internal import mock_random


class SeededIds:
    """Where every generated id and every jitter of a world comes from.

    moto draws all its ids from one stream, so that one read more would
    change every id that follows. Here each request has a stream of its
    own, named after the operation and how often the world has seen it:
    the ids of two orchestrations are equal as long as they make the same
    things in the same order, whatever else they read.
    """

    def __init__(self, seed: int) -> None:
        self.restart(seed)

    def restart(self, seed: int) -> None:
        """Begin again, with a seed."""
        self._seed = seed
        self._counts: Counter[str] = Counter()
        self.jitter = self.stream("jitter")
        random.seed(f"{seed}/random")
        mock_random.seed(f"{seed}/moto")

    def stream(self, name: str) -> random.Random:
        """Make a source of random numbers of its own."""
        return random.Random(f"{self._seed}/{name}")

    def uuid(self, kind: str) -> str:
        """Draw the next UUID of a kind."""
        bits = self.stream(self._next(kind)).getrandbits(128)
        return str(UUID(int=bits, version=4))

    def prepare_request(self, service: str, operation: str) -> None:
        """Choose what moto draws from while it answers a request."""
        mock_random.seed(
            f"{self._seed}/{self._next(f'{service}/{operation}')}"
        )

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{kind}/{self._counts[kind]}"
