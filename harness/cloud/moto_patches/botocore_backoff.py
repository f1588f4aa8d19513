"""botocore's back-off between two attempts takes no time at all.

Neither real time, so that tests of throttling are quick, nor virtual
time, so that two orchestrations with a different number of attempts
stay in step.
"""

from contextlib import AbstractContextManager
from types import SimpleNamespace

from botocore import endpoint

from harness.cloud.moto_patches.replacement import replaced


def patch() -> AbstractContextManager[None]:
    """Let botocore retry at once."""
    time = SimpleNamespace(sleep=lambda seconds: None)
    return replaced(endpoint, "time", time)
