"""Retries of a state wait in virtual time, with seeded jitter.

moto sleeps between two attempts for real, and draws full jitter from the
random module that everybody shares.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from moto.stepfunctions.parser.asl.component.common.retry import (
    jitter_strategy_decl,
    retrier_decl,
)

from harness.cloud.clock import VirtualClock
from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches.replacement import replaced


@contextmanager
def patch(clock: VirtualClock, ids: SeededIds) -> Iterator[None]:
    """Let retries sleep by a clock, as long as a seed says."""

    def uniform(low: float, high: float) -> float:
        return ids.jitter.uniform(low, high)

    time = SimpleNamespace(sleep=clock.sleep)
    random = SimpleNamespace(uniform=uniform)
    with (
        replaced(retrier_decl, "time", time),
        replaced(jitter_strategy_decl, "random", random),
    ):
        yield
