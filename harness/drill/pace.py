"""Let virtual time pass as slowly as a person wants to watch it."""

import threading
from datetime import datetime


class Pace:
    """Holds time back, so that it passes at a given speed."""

    def __init__(self, start: datetime, speed: float) -> None:
        """Begin at a moment.

        Args:
            speed: Virtual seconds in one real second.
        """
        self._last = start
        self._speed = speed
        self._released = threading.Event()

    def keep(self, moment: datetime) -> None:
        """Wait for as long as it really takes to reach a moment."""
        passed = (moment - self._last).total_seconds()
        self._last = moment
        if passed > 0:
            self._released.wait(passed / self._speed)

    def release(self) -> None:
        """Hold time back no longer, not even whoever waits just now."""
        self._released.set()
