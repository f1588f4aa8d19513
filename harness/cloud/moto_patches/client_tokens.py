"""Client tokens from the world's ids.

botocore draws a random UUID for each idempotency token that a caller leaves
out, which would be the one difference between two equal worlds.
"""

from contextlib import AbstractContextManager
from types import SimpleNamespace

import botocore.handlers

from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches.replacement import replaced


def patch(ids: SeededIds) -> AbstractContextManager[None]:
    """Draw idempotency tokens from seeded ids."""
    source = SimpleNamespace(uuid4=lambda: ids.uuid("client token"))
    return replaced(botocore.handlers, "uuid", source)
