"""Walk a document that may still be malformed, taking what is usable."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.plans.source import step


@dataclass(frozen=True)
class Entry:
    """A mapping of the document and where it stands."""

    pointer: str
    values: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        """Give a text, or nothing when it is absent or no text."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> list[tuple[str, str]]:
        """Give the pointer and value of each text in a list."""
        values = self.values.get(key)
        return [
            (step(step(self.pointer, key), index), value)
            for index, value in enumerate(_list(values))
            if isinstance(value, str)
        ]

    def entry(self, key: str) -> "Entry":
        """Give the mapping under a key; an empty one when there is none."""
        value = self.values.get(key)
        values = value if isinstance(value, dict) else {}
        return Entry(step(self.pointer, key), values)

    def entries(self, key: str) -> Iterator["Entry"]:
        """Give each mapping in the list under a key."""
        for index, value in enumerate(_list(self.values.get(key))):
            if isinstance(value, dict):
                yield Entry(step(step(self.pointer, key), index), value)


def root(document: Any) -> Entry:
    """Begin a walk at the document itself."""
    return Entry("", document if isinstance(document, dict) else {})


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
