"""One change of one module: where, what stood there, what stands there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """A change of one module.

    Attributes:
        module: The file, below `lambda/`.
        place: Function or class that holds the change; empty for none.
        operator: What kind of change it is.
        before: The text that is replaced.
        after: The text in its place.
        nth: Which of the equal changes in that place, from 1.
        start: Where the text begins in the file, in bytes.
        line: The same as a line, from 1.
    """

    module: str
    place: str
    operator: str
    before: str
    after: str
    nth: int
    start: int
    line: int

    @property
    def name(self) -> str:
        """Name it so that edits elsewhere in the file do not change it."""
        where = f"{self.module}:{self.place}"
        return f"{where}: {self.change} ({self.operator} {self.nth})"

    @property
    def change(self) -> str:
        """Say what becomes what, on one line."""
        return f"{_on_one_line(self.before)} -> {_on_one_line(self.after)}"

    def applied(self, source: str) -> str:
        """Give the module's text with the change.

        Raises:
            ValueError: The text is not the one that the mutation is of.
        """
        text, before = source.encode(), self.before.encode()
        end = self.start + len(before)
        if text[self.start : end] != before:
            raise ValueError(f"{self.name}: the file is another one")
        return (text[: self.start] + self.after.encode() + text[end:]).decode()


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
