"""What the status tells of the stacks that somebody deployed."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from moto.cloudformation.models import Stack, cloudformation_backends

from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.stacks.remarks import share


def overview(own: Collection[str]) -> list[dict[str, Any]]:
    """List the stacks of the hub, each with those that are nested in it.

    Args:
        own: Names of the stacks that the local cloud deployed itself.

    Returns:
        For each its name and status, the types that the local cloud
        carries, and the properties it completes and leaves out, by type.
    """
    backend = cloudformation_backends[HUB_ACCOUNT][DEFAULT_REGION]
    stacks: list[Stack] = list(backend.stacks.values())
    inner = {each.stack_id for stack in stacks for each in _nested(stack)}
    return [
        _described(stack)
        for stack in stacks
        if stack.stack_id not in inner and stack.name not in own
    ]


def _described(stack: Stack) -> dict[str, Any]:
    carried: set[str] = set()
    completed: dict[str, set[str]] = defaultdict(set)
    left_out: dict[str, set[str]] = defaultdict(set)
    for resource in _resources(stack):
        kind = resource.cf_resource_type
        found = share(kind, resource.local_properties)
        carried |= {kind} if found.carried else set()
        completed[kind].update(found.completed)
        left_out[kind].update(found.left_out)
    return {
        "name": stack.name,
        "status": stack.status,
        "carried": sorted(carried),
        "completed": _listed(completed),
        "leftOut": _listed(left_out),
    }


def _resources(stack: Stack) -> Iterator[Any]:
    """Give the resources of a stack, and of those nested in it."""
    for each in stack.resource_map._parsed_resources.values():
        if hasattr(each, "local_properties"):
            yield each
        if isinstance(each, Stack):
            yield from _resources(each)


def _nested(stack: Stack) -> Iterator[Stack]:
    for each in stack.resource_map._parsed_resources.values():
        if isinstance(each, Stack):
            yield each


def _listed(found: dict[str, set[str]]) -> dict[str, list[str]]:
    return {kind: sorted(found[kind]) for kind in sorted(found) if found[kind]}
