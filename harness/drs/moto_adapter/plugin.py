"""Making moto serve ``drs``."""

import re
import sys

from moto import backend_index

from harness.drs.engine.world import World
from harness.drs.moto_adapter import models, patches, seeded_random, urls

MODULE = "moto.drs"


class DrsInMotoError(RuntimeError):
    """This moto has a ``drs`` of its own."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "moto ships its own 'drs': pin a moto without it, or do not "
            "register this emulator"
        )


def plug(world: World) -> None:
    """Make moto hand requests to DRS to a world; repeating is no error.

    Raises:
        DrsInMotoError: moto would answer them itself.
    """
    models.DrsBackend.world = world
    patches.apply_all()
    seeded_random.install()
    if sys.modules.get(MODULE) is models:
        return
    if any(name == "drs" for name, _ in backend_index.backend_url_patterns):
        raise DrsInMotoError()
    pattern = re.compile(urls.url_bases[0])
    backend_index.backend_url_patterns.insert(0, ("drs", pattern))
    sys.modules[MODULE] = models
