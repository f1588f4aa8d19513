"""A task's timeout passes in virtual time.

moto waits for the task on a `threading.Event` with the timeout in real
seconds: a pause that may last a year could never be seen to end.
"""

import threading
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace

from moto.stepfunctions.parser.asl.component.state.exec import execute_state

from harness.cloud.clock import VirtualClock
from harness.cloud.moto_patches.replacement import replaced
from harness.cloud.moto_patches.task_tokens import TaskTokens


def patch(
    clock: VirtualClock, tokens: TaskTokens
) -> AbstractContextManager[None]:
    """Let tasks time out by a clock."""

    def event() -> threading.Event:
        return _DeadlineEvent(clock, tokens)

    return replaced(execute_state, "threading", SimpleNamespace(Event=event))


class _DeadlineEvent(threading.Event):
    """The end of a task, awaited until virtual time reaches a deadline."""

    def __init__(self, clock: VirtualClock, tokens: TaskTokens) -> None:
        super().__init__()
        self._clock = clock
        # The thread that runs a task drew its token just before.
        self._token = tokens.current()
        self._expired_tokens = tokens.expired
        self._expired_tokens.discard(self._token or "")
        # Counted from here: time may pass before the wait begins.
        self._made = clock.now()
        self._over = threading.Event()
        self._in_time = False

    def set(self) -> None:
        super().set()
        self._in_time = True
        self._over.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the event.

        Args:
            timeout: Virtual seconds since the event was made.
        """
        if timeout is None:
            return super().wait()
        deadline = self._made + timedelta(seconds=timeout)
        if self._clock.now() >= deadline:
            self._expire()
        call_off = self._clock.call_at(deadline, self._expire)
        self._over.wait()
        call_off()
        return self._in_time

    def _expire(self) -> None:
        if self._token is not None:
            self._expired_tokens.add(self._token)
        self._over.set()
