"""The events of one Region that are still to come."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Action = Callable[[datetime], None]


class Schedule:
    """A heap of actions by time; at equal times in the order they came."""

    def __init__(self) -> None:
        """Start with nothing planned."""
        self._heap: list[tuple[datetime, int, Action]] = []
        self._numbers = count()

    def plan(self, at: datetime, action: Action) -> None:
        """Plan an action; it is given the time it was planned for."""
        heapq.heappush(self._heap, (at, next(self._numbers), action))

    def next_at(self) -> datetime | None:
        """Tell when the next action is due, or None if nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def fire_next(self) -> None:
        """Run the earliest action, which may plan further ones."""
        at, _, action = heapq.heappop(self._heap)
        action(at)
