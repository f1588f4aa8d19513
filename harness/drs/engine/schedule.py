"""The events of one Region that are still to come."""

import heapq
from collections.abc import Callable, Collection
from datetime import datetime
from itertools import count

Action = Callable[[datetime], None]


class Schedule:
    """A heap of actions by time; at equal times in the order they came.

    Attributes:
        firing_at: Time of the action that happens now, None between them.
    """

    def __init__(self) -> None:
        """Start with nothing planned."""
        self._heap: list[tuple[datetime, int, Action]] = []
        self._numbers = count()
        self.firing_at: datetime | None = None

    def plan(self, at: datetime, action: Action) -> int:
        """Plan an action; it is given the time it was planned for.

        Returns:
            A number by which it can be withdrawn.
        """
        number = next(self._numbers)
        heapq.heappush(self._heap, (at, number, action))
        return number

    def withdraw(self, numbers: Collection[int]) -> None:
        """Forget planned actions; one that has happened is no error."""
        self._heap = [each for each in self._heap if each[1] not in numbers]
        heapq.heapify(self._heap)

    def next_at(self) -> datetime | None:
        """Tell when the next action is due, or None if nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def fire_next(self) -> datetime:
        """Run the earliest action, which may plan further ones.

        Returns:
            The time it was planned for.
        """
        at, _, action = heapq.heappop(self._heap)
        self.firing_at = at
        try:
            action(at)
        finally:
            self.firing_at = None
        return at
