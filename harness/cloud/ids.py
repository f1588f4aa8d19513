"""Seeded ids: the same calls in two worlds make the same ids."""

import random
import threading
from collections import Counter
from uuid import UUID

from moto.moto_api._internal import mock_random


class SeededIds:
    """Where every generated id and every jitter of a world comes from.

    moto draws all its ids from one stream, so that one read more would
    change every id that follows. Here each request has a stream of its
    own, named after the operation and how often the world has seen it:
    the ids of two orchestrations are equal as long as they make the same
    things in the same order, whatever else they read. What is made for a
    subject of its own (see `subjects`) is counted for each, so that the
    order in which the threads of a function come does not matter.
    """

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
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

    def uuid(self, kind: str, subject: str = "") -> str:
        """Draw the next UUID of a kind, or of a kind for a subject."""
        bits = self.stream(self._next(kind, subject)).getrandbits(128)
        return str(UUID(int=bits, version=4))

    def prepare_request(
        self, service: str, operation: str, subject: str = ""
    ) -> None:
        """Choose what moto draws from while it answers a request.

        Args:
            subject: What the request is about, if it is about one thing.
        """
        name = self._next(f"{service}/{operation}", subject)
        mock_random.seed(f"{self._seed}/{name}")

    def _next(self, kind: str, subject: str) -> str:
        name = f"{kind}/{subject}" if subject else kind
        with self._lock:
            self._counts[name] += 1
            return f"{name}/{self._counts[name]}"
