"""A task token is answered once: the first answer counts.

moto lets a second answer replace the first until the execution's thread
has woken up. AWS refuses it, as its task is over.
"""

from contextlib import AbstractContextManager

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcome,
)

from harness.cloud.moto_patches.replacement import replaced


def patch() -> AbstractContextManager[None]:
    """Let an answered token refuse further answers."""
    notify = CallbackEndpoint.notify

    def notify_once(
        endpoint: CallbackEndpoint, outcome: CallbackOutcome
    ) -> None:
        if endpoint.get_outcome() is not None:
            # moto's own exception of this name misses its code.
            text = "Provided task does not exist anymore"
            raise AWSError(f"Task Timed Out: '{text}'", "TaskTimedOut")
        notify(endpoint, outcome)

    return replaced(CallbackEndpoint, "notify", notify_once)
