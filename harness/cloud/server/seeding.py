"""What the server needs of whoever can put a plan into a cloud."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from harness.cloud.local_cloud import LocalCloud


class SeedRefusedError(Exception):
    """A document cannot be put into the cloud.

    Attributes:
        problems: What is wrong, one sentence each.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class SeedWish:
    """Where a document is put, and how much of it.

    Attributes:
        stack: Name of the stack whose tables and state machine count; None
            for the cloud's own.
        again: Whether only another execution is prepared, because the rest
            is there.
    """

    stack: str | None = None
    again: bool = False


class Seeder(Protocol):
    """Puts the things that a document describes into a cloud."""

    def __call__(
        self, cloud: "LocalCloud", document: str, wish: SeedWish
    ) -> Mapping[str, Any]:
        """Put them there.

        Args:
            cloud: A cloud that is entered.
            document: As a person wrote it.

        Returns:
            What was made, as JSON.

        Raises:
            SeedRefusedError: The document is wrong, or something of it is
                there already.
        """
