"""An instance type is looked for only when somebody wants to know.

RunInstances of moto reads through all instance types of the Region to find
whether the one asked for exists, and then uses the answer only if
``MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION`` is set.
"""

from typing import Any

from moto import settings
from moto.ec2.models import instances
from moto.ec2.models.instance_types import InstanceTypeOfferingBackend

_NAME = "InstanceTypeOfferingBackend"


class _Offerings(InstanceTypeOfferingBackend):
    """Instance types that all match, unless they are to be validated."""

    def matches_filters(self, *question: Any) -> bool:
        if not settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION:
            return True
        return bool(super().matches_filters(*question))


def apply() -> None:
    """Make moto look no further than it has to."""
    setattr(instances, _NAME, _Offerings)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(instances, _NAME, InstanceTypeOfferingBackend)
