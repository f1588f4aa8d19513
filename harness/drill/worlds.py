"""Worlds of their own for drills: a local cloud with DRS in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from harness import drs
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.project import Orchestration
from harness.drill.orders import Order

# The same for every drill, so that equal orders give equal documents.
START = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
_LIMIT = 120.0
# A person who watches a drill at a given speed may take their time.
_WATCHED_LIMIT = 24 * 60 * 60.0


@contextmanager
def world(order: Order, orchestration: Orchestration) -> Iterator[LocalCloud]:
    """Enter a cloud that holds the deployment and nothing else."""
    settings = LocalCloudSettings(
        orchestration=orchestration,
        seed=order.seed,
        start=START,
        profile=drs.PROFILES[order.profile],
        limit=_WATCHED_LIMIT if order.speed else _LIMIT,
        checks_roles=True,
        enforces_iam=order.enforces_iam,
        packages=order.packages,
        emulator=order.emulator,
    )
    with LocalCloud(settings) as cloud:
        yield cloud
