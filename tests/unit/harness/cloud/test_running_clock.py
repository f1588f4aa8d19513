"""Virtual time that passes by itself."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from harness.cloud.real_time import RealTimeLimitExceeded, wait_until
from harness.cloud.running_clock import RunningClock

START = datetime(2026, 1, 1, tzinfo=UTC)
# So slow that nothing passes by itself in the length of a test.
STILL = 1e-9


@pytest.fixture
def clock() -> Iterator[RunningClock]:
    with RunningClock(START, speed=STILL) as clock:
        yield clock


class Sleeper:
    """A thread that sleeps again and again, and notes when it woke."""

    def __init__(self, clock: RunningClock, *seconds: float) -> None:
        self.woken: list[datetime] = []
        self.asleep = 0
        self._clock = clock
        self._seconds = seconds
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()

    def is_settled(self, sleepers: int) -> bool:
        return sleepers == 1 or len(self.woken) == len(self._seconds)

    def _run(self) -> None:
        for amount in self._seconds:
            self._clock.sleep(amount)
            self.woken.append(self._clock.now())


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_time_passes_by_itself_as_fast_as_asked() -> None:
    with RunningClock(START, speed=3600) as clock:
        wait_until(lambda: clock.now() > after(60), "a minute", 10)

        assert clock.failure is None


def test_a_sleeper_wakes_when_time_has_passed_by_itself() -> None:
    with RunningClock(START, speed=600) as clock:
        sleeper = Sleeper(clock, 60)
        sleeper.join()

        assert sleeper.woken[0] >= after(60)


def test_sleepers_wake_at_their_own_moments_when_time_is_advanced(
    clock: RunningClock,
) -> None:
    sleeper = Sleeper(clock, 30, 30, 30)

    clock.advance(100, sleeper.is_settled)

    sleeper.join()
    seconds = [(moment - START).total_seconds() for moment in sleeper.woken]
    assert seconds == pytest.approx([30, 60, 90], abs=0.01)
    assert clock.now() >= after(100)


def test_a_sleeper_sleeps_on_when_time_is_advanced_too_little(
    clock: RunningClock,
) -> None:
    sleeper = Sleeper(clock, 30)

    clock.advance(20, sleeper.is_settled)

    assert sleeper.woken == []
    clock.release()
    sleeper.join()


def test_advancing_is_given_up_when_it_takes_too_long(
    clock: RunningClock,
) -> None:
    sleeper = Sleeper(clock, *[1] * 1000)

    with pytest.raises(RealTimeLimitExceeded):
        clock.advance(1000, sleeper.is_settled, limit=0)

    clock.release()
    sleeper.join()


def test_nobody_sleeps_when_all_were_released(clock: RunningClock) -> None:
    clock.release()
    real = time.monotonic()

    clock.sleep(3600)

    assert time.monotonic() - real < 5
    assert clock.now() < after(60)


def test_time_goes_back_to_the_present_when_restarted(
    clock: RunningClock,
) -> None:
    clock.advance(86_400)

    clock.restart()

    assert clock.now() < after(60)


def test_time_goes_on_and_tells_when_an_event_fails() -> None:
    class Failing:
        def next_event_at(self) -> datetime | None:
            return None

        def advance_to(self, now: datetime) -> None:
            raise ValueError("an event failed")

    with RunningClock(START, (Failing(),), speed=600) as clock:
        wait_until(lambda: clock.failure is not None, "a failure", 10)

        assert str(clock.failure) == "an event failed"


def test_a_failure_is_forgotten_when_the_world_begins_anew() -> None:
    class FailingOnce:
        failed = False

        def next_event_at(self) -> datetime | None:
            return None

        def advance_to(self, now: datetime) -> None:
            if not self.failed:
                self.failed = True
                raise ValueError("an event failed")

    with RunningClock(START, (FailingOnce(),), speed=600) as clock:
        wait_until(lambda: clock.failure is not None, "a failure", 10)

        clock.restart()

        assert clock.failure is None
