"""Which resources of a template build upon which."""

import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

_NAMES = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}")


def in_order(resources: Mapping[str, Any]) -> list[str]:
    """List logical ids, each after those that it refers to.

    Args:
        resources: The `Resources` of a template.

    Raises:
        graphlib.CycleError: They refer to each other in a circle.
    """
    return list(
        TopologicalSorter(
            {
                name: [each for each in _names(resource) if each in resources]
                for name, resource in resources.items()
            }
        ).static_order()
    )


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    if not isinstance(value, Mapping):
        return
    for key, argument in value.items():
        if key in ("Ref", "DependsOn"):
            yield from [argument] if isinstance(argument, str) else argument
        elif key == "Fn::GetAtt":
            yield argument[0]
        elif key == "Fn::Sub":
            text = argument if isinstance(argument, str) else argument[0]
            yield from _NAMES.findall(text)
        yield from _names(argument)
