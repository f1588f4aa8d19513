"""Task tokens come from the world's seed.

moto draws them from the operating system, so that no two worlds would
write equal items.
"""

import threading
from contextlib import AbstractContextManager

from moto.stepfunctions.parser.asl.eval import states

from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches.replacement import replaced


class TaskTokens:
    """The task tokens of a world.

    Attributes:
        issued: All of them, in order.
        expired: Those whose task timed out; moto may not have noticed.
    """

    def __init__(self, ids: SeededIds) -> None:
        self.issued: list[str] = []
        self.expired: set[str] = set()
        self._ids = ids
        self._thread = threading.local()

    def draw(self) -> str:
        """Make the next token."""
        token = self._ids.uuid("task-token")
        self.issued.append(token)
        self._thread.token = token
        return token

    def current(self) -> str | None:
        """Give the token that this thread drew last."""
        return getattr(self._thread, "token", None)

    def restart(self) -> None:
        """Forget all tokens."""
        self.issued.clear()
        self.expired.clear()


def patch(tokens: TaskTokens) -> AbstractContextManager[None]:
    """Let task tokens be drawn from a world's."""
    return replaced(states, "long_uid", tokens.draw)
