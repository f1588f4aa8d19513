"""Client tokens from the world's ids.

botocore draws a random UUID for each idempotency token that a caller leaves
out, which would be the one difference between two equal worlds. A call's
token follows from what the call is about, as threads come in any order.
"""

from contextlib import AbstractContextManager
from types import SimpleNamespace

import botocore.handlers

from harness.cloud import caller
from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches.replacement import replaced


def patch(ids: SeededIds) -> AbstractContextManager[None]:
    """Draw idempotency tokens from seeded ids."""

    def token() -> str:
        return ids.uuid("client token", caller.asked_about())

    source = SimpleNamespace(uuid4=token)
    return replaced(botocore.handlers, "uuid", source)
