"""All botocore sessions share what one has read from disk.

A Lambda makes a session for each role it assumes, and each session reads
and parses the models of its services again: half a second a time.
"""

from contextlib import AbstractContextManager
from functools import cache

from botocore import session
from botocore.loaders import Loader, create_loader

from harness.cloud.moto_patches.replacement import replaced

# Kept from one local cloud to the next: the files do not change.
_shared_loader = cache(create_loader)


def patch() -> AbstractContextManager[None]:
    """Let sessions that are made from now on share their loader."""

    def shared(search_path_string: str | None = None) -> Loader:
        return _shared_loader(search_path_string)

    return replaced(session, "create_loader", shared)
