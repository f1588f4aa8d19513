"""TagResource, UntagResource and ListTagsForResource."""

from collections.abc import Mapping
from typing import Any, Protocol

from harness.drs.engine import resources
from harness.drs.engine.region import Region


class Tagged(Protocol):
    """A record with tags."""

    arn: str
    tags: dict[str, str]


def list_for_resource(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Show the tags of a resource."""
    return {"tags": _tags(region, parameters["resourceArn"])}


def tag(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags to a resource; an existing key gets the new value."""
    tags = _tags(region, parameters["resourceArn"])
    merged = tags | parameters["tags"]
    resources.refuse_tags(region, merged)
    tags.update(merged)
    return {}


def untag(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags from a resource; a key it does not have is no error."""
    tags = _tags(region, parameters["resourceArn"])
    for key in parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def _tags(region: Region, arn: str) -> dict[str, str]:
    records: tuple[Tagged, ...] = (
        *region.source_servers.values(),
        *region.jobs.values(),
        *region.recovery_instances.values(),
        *region.recovery_plans.plans.values(),
        *region.recovery_plans.executions.values(),
        *region.launch_templates.values(),
    )
    for record in records:
        if record.arn == arn:
            return record.tags
    text = region.options.error_texts.unknown_resource
    raise resources.not_found(region, text, arn, "unknown")
