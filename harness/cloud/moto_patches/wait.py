"""Wait states wait in virtual time.

moto waits for real seconds and measures them with `time.time`, which is
frozen here: it would wait for ever.
"""

from contextlib import AbstractContextManager
from typing import Any

from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (  # noqa: E501
    WaitFunction,
)

from harness.cloud.clock import VirtualClock
from harness.cloud.moto_patches.replacement import replaced


def patch(clock: VirtualClock) -> AbstractContextManager[None]:
    """Let Wait states sleep by a clock."""

    def wait_interval(_: object, env: Any, wait_seconds: float) -> None:
        if env.is_running():
            clock.sleep(wait_seconds)

    return replaced(WaitFunction, "_wait_interval", wait_interval)
