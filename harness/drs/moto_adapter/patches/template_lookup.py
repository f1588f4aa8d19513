"""Find the launch template that a request names."""

from collections.abc import Mapping
from typing import Any


def named_in(parameters: Mapping[str, Any], backend: Any) -> Any:
    """Find a template by its name or id; moto raises EC2's errors."""
    name = parameters.get("LaunchTemplateName")
    if name:
        return backend.get_launch_template_by_name(name)
    return backend.get_launch_template(parameters.get("LaunchTemplateId"))
