"""Virtual time for the whole process: it passes only when somebody waits."""

import itertools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

import time_machine

Listener = Callable[[datetime], None]


class EventSource(Protocol):
    """Something outside the clock that happens at exact moments."""

    def next_event_at(self) -> datetime | None:
        """Tell when the next event is due, None if none is planned."""

    def advance_to(self, now: datetime) -> None:
        """Let everything happen that is due at or before a moment."""


class VirtualClock:
    """The process's time, frozen but for `sleep`.

    `time.time`, `datetime.now` and all that is built on them show virtual
    time between entering and leaving; `time.monotonic` stays real. Moving
    stops at every event on the way, so that whatever an event makes is
    made at its own moment. Several threads may sleep at once: each is
    woken when its own moment has come, and time never goes back.
    """

    def __init__(
        self,
        start: datetime,
        sources: tuple[EventSource, ...] = (),
        lock: AbstractContextManager[object] | None = None,
    ) -> None:
        """Prepare a clock; it starts when it is entered.

        Args:
            start: First moment, with a time zone.
            sources: What happens by itself as time passes.
            lock: Held while time moves; share it with whoever else calls
                the sources, so that two threads cannot block each other.
        """
        self._start = start
        self._sources = sources
        self._lock = lock or threading.RLock()
        self._listeners: list[Listener] = []
        self._timers: dict[int, tuple[datetime, Callable[[], None]]] = {}
        self._numbers = itertools.count()
        self._travel = time_machine.travel(start, tick=False)

    def __enter__(self) -> Self:
        self._traveller = self._travel.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._travel.stop()

    def now(self) -> datetime:
        """Tell the virtual moment, in UTC."""
        return datetime.now(tz=UTC)

    def restart(self) -> None:
        """Go back to the first moment and forget all timers."""
        with self._lock:
            self._timers.clear()
            self._traveller.move_to(self._start)

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass, event by event; takes no real time.

        Args:
            seconds: Virtual seconds; none or fewer do nothing.
        """
        target = self.now() + timedelta(seconds=max(seconds, 0))
        with self._lock:
            while (moment := self._next_event_by(target)) is not None:
                self._move_to(moment)
            if target > self.now():
                self._move_to(target)

    def release(self) -> None:
        """Wake whoever really sleeps: nobody does here."""

    def call_at(
        self, moment: datetime, action: Callable[[], None]
    ) -> Callable[[], None]:
        """Run an action once time reaches a moment.

        Returns:
            A function that calls it off.
        """
        number = next(self._numbers)
        with self._lock:
            self._timers[number] = (moment, action)
        return lambda: self._call_off(number)

    def subscribe(self, listener: Listener) -> None:
        """Tell a listener every moment that time stops at."""
        self._listeners.append(listener)

    def _call_off(self, number: int) -> None:
        with self._lock:
            self._timers.pop(number, None)

    def _next_event_by(self, target: datetime) -> datetime | None:
        moments = [source.next_event_at() for source in self._sources]
        moments += [moment for moment, _ in self._timers.values()]
        due = [m for m in moments if m is not None and m <= target]
        return min(due, default=None)

    def _move_to(self, moment: datetime) -> None:
        moment = max(moment, self.now())
        self._traveller.move_to(moment)
        for source in self._sources:
            source.advance_to(moment)
        self._fire_timers(moment)
        for listener in self._listeners:
            listener(moment)

    def _fire_timers(self, now: datetime) -> None:
        due = [n for n, (moment, _) in self._timers.items() if moment <= now]
        for number in due:
            _, action = self._timers.pop(number)
            action()
