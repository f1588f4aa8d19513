"""Parameters of stacks are checked, and kept as they were given.

moto takes any value for a parameter, and parameters that no template has. An
update that keeps a value gets it as moto has read it: a list is not one of
the values that CloudFormation takes.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import ResourceMap

from harness.cloud.moto_patches.replacement import replaced

_load = ResourceMap.load_parameters


@contextmanager
def patch() -> Iterator[None]:
    """Let stacks refuse values that their templates do not allow."""
    with (
        replaced(ResourceMap, "load_parameters", _load_parameters),
        replaced(Stack, "stack_parameters", property(_as_given)),
        replaced(
            CloudFormationBackend, "_resolve_update_parameters", _for_update
        ),
    ):
        yield


class _Given(dict[str, Any]):
    """Values that a stack has, by parameter."""

    def __missing__(self, name: str) -> Any:
        raise ValidationError(
            message=f"Invalid input for parameter key {name}. Cannot specify "
            "usePreviousValue as true for a parameter key not in the "
            "previous template"
        )


def check(template: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse parameters that a template does not allow.

    Raises:
        ValidationError: One is not declared, or its value not allowed.
    """
    declared = template.get("Parameters", {})
    if unknown := set(given) - set(declared):
        names = ", ".join(sorted(unknown))
        raise ValidationError(
            message=f"Parameters: [{names}] do not exist in the template"
        )
    for name, value in given.items():
        _check_value(name, str(value), declared[name])


def check_new(given: list[dict[str, Any]]) -> None:
    """Refuse previous values for a stack that is still to be made.

    Args:
        given: Parameters in the form of the API.

    Raises:
        ValidationError: A parameter is to keep its value.
    """
    kept = [
        each["ParameterKey"] for each in given if each.get("UsePreviousValue")
    ]
    if kept:
        names = ", ".join(sorted(kept))
        raise ValidationError(
            message=f"Parameters: [{names}] must have values"
        )


def _load_parameters(resources: ResourceMap) -> None:
    # A stack in review has no template yet.
    if resources._template:
        check(resources._template, resources.input_parameters)
    _load(resources)


def _check_value(name: str, value: str, declared: Mapping[str, Any]) -> None:
    allowed = [str(each) for each in declared.get("AllowedValues", [value])]
    pattern = declared.get("AllowedPattern", ".*")
    if value not in allowed:
        known = ", ".join(allowed)
        raise ValidationError(
            message=f"Parameter '{name}' must be one of AllowedValues: {known}"
        )
    if not re.fullmatch(pattern, value, re.DOTALL):
        raise ValidationError(
            message=f"Parameter '{name}' must match pattern {pattern}"
        )


def _for_update(
    backend: CloudFormationBackend,
    instance: Any,
    incoming_params: list[dict[str, Any]],
) -> dict[str, Any]:
    """Keep values that were never given, too: they are the defaults."""
    before = getattr(instance, "stack_parameters", None) or instance.parameters
    return {
        each["ParameterKey"]: (
            before[each["ParameterKey"]]
            if each.get("UsePreviousValue")
            else each["ParameterValue"]
        )
        for each in incoming_params
    }


def _as_given(stack: Stack) -> dict[str, Any]:
    declared = stack.template_dict.get("Parameters", {})
    return _Given(
        (name, stack.parameters.get(name, parameter.get("Default")))
        for name, parameter in declared.items()
    )
