"""The tags of a resource are looked up, not searched for.

moto reads through all tags of the account for each resource it shows, so
that a launch takes the longer the more servers there are.
"""

from typing import Any

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

_NAME = "get_tags"
_original = TaggedEC2Resource.get_tags


def apply() -> None:
    """Make moto look tags up."""
    setattr(TaggedEC2Resource, _NAME, _get_tags)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(TaggedEC2Resource, _NAME, _original)


def _get_tags(resource: Any) -> list[dict[str, str]]:
    resource_id = resource.id
    if not resource_id:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource_id), "")
    tags = resource.ec2_backend.tags.get(resource_id, {})
    return [
        {
            "resource_id": resource_id,
            "key": key,
            "value": value,
            "resource_type": kind,
        }
        for key, value in tags.items()
    ]
