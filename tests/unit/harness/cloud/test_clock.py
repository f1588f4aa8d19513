"""Virtual time."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from harness.cloud.clock import VirtualClock

START = datetime(2026, 1, 1, tzinfo=UTC)


class Planned:
    """Events at planned moments, and when they were let happen."""

    def __init__(self, *seconds: float) -> None:
        self.planned = [START + timedelta(seconds=s) for s in seconds]
        self.seen: list[tuple[datetime, datetime]] = []

    def next_event_at(self) -> datetime | None:
        return min(self.planned, default=None)

    def advance_to(self, now: datetime) -> None:
        due = [moment for moment in self.planned if moment <= now]
        self.seen += [(moment, datetime.now(tz=UTC)) for moment in due]
        self.planned = [m for m in self.planned if m not in due]


def test_time_stands_still_when_nobody_sleeps() -> None:
    with VirtualClock(START) as clock:
        before = clock.now()
        time.sleep(0.01)

        assert before == clock.now() == START
        assert time.time() == START.timestamp()


def test_sleep_takes_virtual_time_only_when_called() -> None:
    real = time.monotonic()

    with VirtualClock(START) as clock:
        clock.sleep(86_400)

        assert clock.now() == START + timedelta(days=1)
    assert time.monotonic() - real < 5


@pytest.mark.parametrize("seconds", [0, -5])
def test_time_never_goes_back_when_a_sleep_is_not_positive(
    seconds: float,
) -> None:
    with VirtualClock(START) as clock:
        clock.sleep(seconds)

        assert clock.now() == START


def test_events_happen_at_their_own_moment_when_a_sleep_passes_them() -> None:
    events = Planned(20, 5, 31)

    with VirtualClock(START, (events,)) as clock:
        clock.sleep(30)

        moments = [START + timedelta(seconds=s) for s in (5, 20)]
        assert events.seen == [(moment, moment) for moment in moments]
        assert clock.now() == START + timedelta(seconds=30)


def test_listeners_hear_every_stop_when_time_moves() -> None:
    heard: list[datetime] = []

    with VirtualClock(START, (Planned(5),)) as clock:
        clock.subscribe(heard.append)
        clock.sleep(10)

    assert heard == [START + timedelta(seconds=s) for s in (5, 10)]


def test_an_action_runs_at_its_moment_when_it_was_not_called_off() -> None:
    ran: list[datetime] = []

    with VirtualClock(START) as clock:
        moment = START + timedelta(seconds=7)
        clock.call_at(moment, lambda: ran.append(clock.now()))
        call_off = clock.call_at(moment, lambda: ran.append(START))
        call_off()
        clock.sleep(60)

    assert ran == [moment]


def test_time_moves_no_further_than_the_sum_when_two_threads_sleep() -> None:
    with VirtualClock(START) as clock:
        gate = threading.Barrier(2)

        def sleep() -> None:
            gate.wait()
            clock.sleep(30)

        threads = [threading.Thread(target=sleep) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

        passed = (clock.now() - START).total_seconds()
        assert 30 <= passed <= 60


def test_the_first_moment_comes_back_when_the_clock_is_restarted() -> None:
    with VirtualClock(START) as clock:
        clock.sleep(10)
        clock.restart()

        assert clock.now() == START


def test_real_time_returns_when_the_clock_is_left() -> None:
    real = time.time()

    with VirtualClock(START) as clock:
        clock.sleep(1e6)

    assert abs(time.time() - real) < 60
