"""Ids drawn from a seed, so that two equal worlds have equal ids."""

from random import Random

HEXADECIMAL = "0123456789abcdef"


class Identifiers:
    """Source of ids for one account and Region."""

    def __init__(self, seed: str) -> None:
        """Start every kind of id at its own point of the seed."""
        self._seed = seed
        self._streams: dict[str, Random] = {}

    def new(self, prefix: str) -> str:
        """Make the next id with a prefix, such as ``drsjob-``.

        Kinds do not disturb each other: making servers leaves the ids of
        jobs as they are.
        """
        stream = self._streams.get(prefix)
        if stream is None:
            stream = Random(f"{self._seed}/{prefix}")
            self._streams[prefix] = stream
        return prefix + "".join(stream.choices(HEXADECIMAL, k=17))
