"""Bounds in real time: virtual hours may pass, but no caller may hang."""

import time
from collections.abc import Callable

_BETWEEN_LOOKS = 0.001


class RealTimeLimitExceeded(Exception):
    """Something did not happen within its limit of real seconds.

    Attributes:
        awaited: What should have happened.
        seconds: The limit, in real seconds.
    """

    def __init__(self, awaited: str, seconds: float) -> None:
        self.awaited = awaited
        self.seconds = seconds
        super().__init__(
            f"{awaited}: not within {seconds:g} real seconds. Either the "
            "work hangs, or it needs a longer limit."
        )


def wait_until(
    holds: Callable[[], bool], awaited: str, seconds: float
) -> None:
    """Wait until a condition holds.

    The condition is looked at again and again rather than signalled,
    because moto's threads signal nobody.

    Raises:
        RealTimeLimitExceeded: It did not hold in time.
    """
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RealTimeLimitExceeded(awaited, seconds)
        time.sleep(_BETWEEN_LOOKS)
