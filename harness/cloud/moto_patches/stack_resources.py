"""The resources of a stack: none is left out unseen, and none is lost.

moto goes on without a resource whose type it does not know, changes
resources that stayed as they were, and loses those that it cannot change. It
deletes what is to be retained, if a parameter says so. Nobody reads of any of
this in the events of the stack.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.parsing import ResourceMap

from harness.cloud.moto_patches.replacement import replaced
from harness.cloud.stacks import changes, references
from harness.cloud.stacks.carriers import CLASSES

_class_of = parsing.resource_class_from_type
_name_property = parsing.resource_name_property_from_type
_make = parsing.parse_and_create_resource


@contextmanager
def patch() -> Iterator[None]:
    """Let each resource of a stack be made, changed and reported."""
    with ExitStack() as stack:
        for name, value in {
            "resource_class_from_type": _resource_class,
            "resource_name_property_from_type": _resource_name_property,
            "parse_and_create_resource": _create,
        }.items():
            stack.enter_context(replaced(parsing, name, value))
        stack.enter_context(replaced(ResourceMap, "update", _update))
        stack.enter_context(replaced(ResourceMap, "delete", _delete))
        yield


def _resource_class(resource_type: str) -> Any:
    return CLASSES.get(resource_type) or _class_of(resource_type)


def _resource_name_property(resource_type: str) -> str | None:
    carried = CLASSES.get(resource_type)
    if carried is None:
        return _name_property(resource_type)
    return carried.carrier.NAME or None


def _create(
    logical_id: str,
    resource_json: dict[str, Any],
    resources_map: ResourceMap,
    account_id: str,
    region_name: str,
) -> Any:
    if not changes.is_wanted(resource_json, resources_map):
        return None

    def make() -> Any:
        return _make(
            logical_id, resource_json, resources_map, account_id, region_name
        )

    return changes.create(logical_id, resources_map, make)


def _update(
    resources: ResourceMap,
    template: dict[str, Any],
    parameters: dict[str, Any] | None = None,
) -> None:
    """Bring what exists to what a template now declares."""
    before = dict(resources._resource_json_map)
    resources._template = template
    if parameters is not None:
        resources.input_parameters = parameters
    resources.load_mapping()
    resources.load_parameters()
    resources.load_conditions()
    wanted = template["Resources"]
    resources._resource_json_map = wanted
    for name in references.in_order(wanted):
        if not changes.is_wanted(wanted[name], resources):
            changes.remove(name, wanted[name], resources)
        elif name in resources._parsed_resources:
            changes.update(name, resources)
        else:
            resources[name]
    for name in reversed(references.in_order(before)):
        if name not in wanted:
            changes.remove(name, before[name], resources)


def _delete(resources: ResourceMap) -> None:
    """Remove everything, each resource before those it builds upon."""
    declared = resources._resource_json_map
    for name in reversed(references.in_order(declared)):
        changes.remove(name, declared[name], resources)
