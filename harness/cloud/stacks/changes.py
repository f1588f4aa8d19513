"""Make, change and remove one resource of a stack, and say so."""

from collections.abc import Callable
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.parsing import ResourceMap

from harness.cloud.stacks import remarks
from harness.cloud.stacks.carriers import CarriedResource
from harness.cloud.stacks.places import NotCarriedError, Place, Properties
from harness.cloud.stacks.reports import reported
from harness.cloud.stacks.supplements import SUPPLEMENTS

_STACK = "AWS::CloudFormation::Stack"
# They differ only where a creation failed.
_RETAINED = ("Retain", "RetainExceptOnCreate")


def is_wanted(declared: dict[str, Any], resources: ResourceMap) -> bool:
    """Tell whether a resource's condition holds, if it has one."""
    condition = declared.get("Condition")
    return condition is None or bool(resources.lazy_condition_map[condition])


def create(name: str, resources: ResourceMap, make: Callable[[], Any]) -> Any:
    """Make a resource, as far as moto or the local cloud carry it.

    Args:
        name: Logical id.
        make: Makes it as moto does, which knows our own types, too.

    Raises:
        NotCarriedError: Nobody carries its type.
    """
    declared = resources._resource_json_map[name]
    kind = declared["Type"]
    with reported(resources, name, kind, "CREATE") as report:
        if parsing.resource_class_from_type(kind) is None:
            raise NotCarriedError(
                f"Neither moto nor the local cloud carries {kind}"
            )
        # Read before it is made: moto changes what it is given.
        properties = _properties(declared, resources)
        made = make()
        report.physical_id = made.physical_resource_id
        made.local_properties = properties
        try:
            if kind in SUPPLEMENTS:
                apply = SUPPLEMENTS[kind].apply
                apply(_place(resources), report.physical_id, {}, properties)
        except Exception:
            # The stack does not know it yet, and so could not remove it.
            resources._delete_resource(made, declared)
            raise
        report.reason = remarks.remark(kind, properties)
    return made


def update(name: str, resources: ResourceMap) -> None:
    """Change a resource, if its properties are not what they were.

    Raises:
        NotCarriedError: The local cloud cannot change it in this way.
    """
    declared = resources._resource_json_map[name]
    kind = declared["Type"]
    existing = resources._parsed_resources[name]
    before = existing.local_properties
    now = _properties(declared, resources)
    if kind != _STACK and now == before:
        return
    with reported(resources, name, kind, "UPDATE") as report:
        report.physical_id = existing.physical_resource_id
        if kind == _STACK:
            parsing.parse_and_update_resource(
                name,
                declared,
                resources,
                resources._account_id,
                resources._region_name,
            )
        elif isinstance(existing, CarriedResource):
            _change_carried(existing, now)
        else:
            _supplement(kind, report.physical_id, resources, before, now)
        existing.local_properties = now
        report.reason = remarks.remark(kind, now)


def remove(
    name: str, declared: dict[str, Any], resources: ResourceMap
) -> None:
    """Remove a resource, unless it is none or to be kept."""
    existing = resources._parsed_resources.get(name)
    if existing is None:
        return
    kind = declared["Type"]
    policy = _deletion_policy(declared, resources)
    with reported(resources, name, kind, "DELETE") as report:
        report.physical_id = existing.physical_resource_id
        if policy in _RETAINED:
            report.reason = "Retained, as its DeletionPolicy says"
        else:
            _release(kind, report.physical_id, existing, resources)
            resources._delete_resource(existing, declared)
        del resources._parsed_resources[name]


def _release(
    kind: str, physical_id: str, existing: Any, resources: ResourceMap
) -> None:
    supplement = SUPPLEMENTS.get(kind)
    if supplement is not None and supplement.release is not None:
        place = _place(resources)
        supplement.release(place, physical_id, existing.local_properties)


def _deletion_policy(
    declared: dict[str, Any], resources: ResourceMap
) -> object:
    # A reference, if the template is transformed by language extensions.
    return parsing.clean_json(declared.get("DeletionPolicy"), resources)


def _change_carried(existing: CarriedResource, now: Properties) -> None:
    replaced = _changed(existing.properties, now) & existing.carrier.REPLACED
    if replaced:
        raise _unchangeable(type(existing).__name__, replaced)
    existing.change(now)


def _supplement(
    kind: str,
    physical_id: str,
    resources: ResourceMap,
    before: Properties,
    now: Properties,
) -> None:
    changed = _changed(before, now)
    supplement = SUPPLEMENTS.get(kind)
    if supplement is None:
        raise _unchangeable(kind, changed)
    if fixed := changed - supplement.changeable:
        raise _unchangeable(kind, fixed)
    supplement.apply(_place(resources), physical_id, before, now)


def _unchangeable(kind: str, names: frozenset[str]) -> NotCarriedError:
    listed = ", ".join(sorted(names))
    return NotCarriedError(
        f"The local cloud cannot change {listed} of a resource that exists "
        f"({kind}): delete the stack and deploy it again"
    )


def _changed(before: Properties, now: Properties) -> frozenset[str]:
    return frozenset(
        name for name in {*before, *now} if before.get(name) != now.get(name)
    )


def _properties(
    declared: dict[str, Any], resources: ResourceMap
) -> Properties:
    found: Properties = parsing.clean_json(
        declared.get("Properties", {}), resources
    )
    return found


def _place(resources: ResourceMap) -> Place:
    return Place(resources._account_id, resources._region_name)
