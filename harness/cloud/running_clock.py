"""Virtual time that passes by itself, for a cloud that serves others."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Self

from harness.cloud.clock import EventSource, VirtualClock
from harness.cloud.real_time import RealTimeLimitExceeded, wait_until

_TICK = 0.05
# Real seconds for whoever was woken to act and to sleep again.
_SETTLING_LIMIT = 5.0


class RunningClock(VirtualClock):
    """A clock that ticks in real time, or faster, and can be advanced.

    `sleep` waits until time has come that far by itself or by somebody's
    `advance`, whichever is sooner.
    """

    def __init__(
        self,
        start: datetime,
        sources: tuple[EventSource, ...] = (),
        lock: AbstractContextManager[object] | None = None,
        speed: float = 1.0,
    ) -> None:
        """Prepare a clock; it ticks when it is entered.

        Args:
            speed: Virtual seconds in a real one.
        """
        super().__init__(start, sources, lock)
        self.speed = speed
        self.failure: Exception | None = None
        self._sleepers: dict[threading.Event, datetime] = {}
        self._stopped = threading.Event()
        self._released = False
        self._ticker = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        super().__enter__()
        self._entered = time.monotonic()
        self._ticker.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stopped.set()
        self._ticker.join()
        self.release()
        super().__exit__(*details)

    def sleep(self, seconds: float) -> None:
        """Wait until time has come that far; really takes time.

        Args:
            seconds: Virtual seconds; none or fewer do nothing.
        """
        if seconds <= 0:
            return
        moment = self.now() + timedelta(seconds=seconds)
        with self._asleep_until(moment) as woken:
            woken.wait()

    def advance(
        self,
        seconds: float,
        is_settled: Callable[[int], bool] = lambda sleepers: True,
        limit: float = 300,
    ) -> None:
        """Let time pass at once, with a stop wherever somebody wakes up.

        Args:
            seconds: Virtual seconds; none or fewer do nothing.
            is_settled: Told how many sleep, tells whether all others have
                done their work; waited for before and at each stop.
            limit: Real seconds after which it is given up, on the way.

        Raises:
            RealTimeLimitExceeded: Time has not come that far within them.
        """
        target = self.now() + timedelta(seconds=max(seconds, 0))
        end = time.monotonic() + limit
        self._settle(is_settled)
        while (moment := self._next_wake_by(target)) is not None:
            self._pass_until(moment)
            self._settle(is_settled)
            if time.monotonic() > end:
                raise RealTimeLimitExceeded(f"time to reach {target}", limit)
        self._pass_until(target)

    def release(self) -> None:
        """Wake everybody, and let nobody sleep until the next restart."""
        with self._lock:
            self._released = True
            for event in self._sleepers:
                event.set()

    def restart(self) -> None:
        """Go to the moment that it would be if nobody had advanced time."""
        with self._lock:
            self._timers.clear()
            self._released = False
            self.failure = None
            ticked = (time.monotonic() - self._entered) * self.speed
            self._traveller.move_to(self._start + timedelta(seconds=ticked))

    @contextmanager
    def _asleep_until(self, moment: datetime) -> Iterator[threading.Event]:
        woken = threading.Event()
        with self._lock:
            self._sleepers[woken] = moment
            if self._released:
                woken.set()
        call_off = self.call_at(moment, woken.set)
        try:
            yield woken
        finally:
            call_off()
            with self._lock:
                self._sleepers.pop(woken, None)

    def _next_wake_by(self, target: datetime) -> datetime | None:
        with self._lock:
            asleep = [
                moment
                for event, moment in self._sleepers.items()
                if moment <= target and not event.is_set()
            ]
        return min(asleep, default=None)

    def _settle(self, is_settled: Callable[[int], bool]) -> None:
        def holds() -> bool:
            with self._lock:
                still = [e for e in self._sleepers if not e.is_set()]
            return is_settled(len(still))

        try:
            wait_until(holds, "the end of what was woken", _SETTLING_LIMIT)
        except RealTimeLimitExceeded:
            # Something takes its time: it will find that time has passed.
            return

    def _pass_until(self, moment: datetime) -> None:
        with self._lock:
            left = (moment - self.now()).total_seconds()
            super().sleep(left)
            # A moment that has come already wakes, too.
            self._move_to(self.now())

    def _run(self) -> None:
        last = time.monotonic()
        while not self._stopped.wait(_TICK):
            now = time.monotonic()
            passed, last = now - last, now
            try:
                super().sleep(passed * self.speed)
            except Exception as error:
                # Time must go on; whoever asks is told what failed.
                self.failure = error
