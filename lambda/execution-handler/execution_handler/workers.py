"""Work on several servers at once, within a bound.

A worker waits for AWS nearly all of its time, so threads suffice. Each has
one call in flight, so their number bounds the calls at once to any API.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Self

from shared import aws


class Workers:
    """Threads that live as long as a `with` block, and no longer.

    A Lambda's container is frozen between two invocations: a thread that
    outlived its own would go on in the midst of another. So leaving waits
    for the work that has begun, and drops the rest when an error leads out.
    """

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(aws.CALLS_AT_ONCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def assign(
        self, work: Callable[[str], bool], server_id: str
    ) -> Future[bool]:
        """Let the next worker that is free work on a server.

        Work begins in the order in which it is assigned. Whatever a
        context variable says in this thread, it says to the worker.

        Returns:
            What comes of the work, once it is done: an answer or an error.
        """
        return self._pool.submit(copy_context().run, work, server_id)
