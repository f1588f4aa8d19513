"""botocore may try a call again however often it did so before.

A client that has tried again too often gives up sooner, until calls of it
succeed: how often a call is tried depends on the past of a container. How
long a container lives is no matter of an execution, so two worlds in which
different functions met the same errors would part over it.
"""

from contextlib import AbstractContextManager

from botocore.retries.quota import RetryQuota

from harness.cloud.moto_patches.replacement import replaced


def patch() -> AbstractContextManager[None]:
    """Let each call have all of its attempts."""
    return replaced(RetryQuota, "acquire", _always)


def _always(quota: RetryQuota, capacity_amount: int) -> bool:
    return True
