"""What hooks raised in threads where nobody else would see it."""

from collections.abc import Callable
from itertools import chain
from typing import Protocol, TypeVar

_Event = TypeVar("_Event")


class Noting(Protocol):
    """Somebody who calls hooks and notes what they raise."""

    failures: list[BaseException]


class HookFailures:
    """The failures of all hooks of a cloud.

    botocore, moto and Lambda code may take them for errors of AWS or of
    the state machine, so whoever waits for an execution must ask here.
    """

    def __init__(self, *owners: Noting) -> None:
        """Gather what these note, and what is noted here."""
        self._owners = owners
        self.failures: list[BaseException] = []

    def noting(
        self, listener: Callable[[_Event], None]
    ) -> Callable[[_Event], None]:
        """Wrap a listener of time or of DRS, so that its failures count."""

        def listen(event: _Event) -> None:
            try:
                listener(event)
            except BaseException as error:
                self.failures.append(error)
                raise

        return listen

    def exist(self) -> bool:
        """Tell whether a hook has failed that nobody was told of."""
        return any(self._lists())

    def take(self) -> list[BaseException]:
        """Give all failures, and forget them."""
        found = list(chain(*self._lists()))
        for failures in self._lists():
            failures.clear()
        return found

    def _lists(self) -> list[list[BaseException]]:
        noted = [owner.failures for owner in self._owners]
        return [*noted, self.failures]
