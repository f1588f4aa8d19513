"""CreateLaunchTemplateVersion merges into its source version.

EC2 starts from the version named by ``SourceVersion`` and replaces the
parameters given; moto ignores ``SourceVersion``.
"""

from copy import deepcopy
from typing import Any

from moto.ec2.responses.launch_templates import LaunchTemplates

from harness.drs.moto_adapter.patches.template_lookup import named_in

_NAME = "create_launch_template_version"
_original = LaunchTemplates.create_launch_template_version


def apply() -> None:
    """Make moto merge."""
    setattr(LaunchTemplates, _NAME, _create_merged_version)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(LaunchTemplates, _NAME, _original)


def _create_merged_version(response: LaunchTemplates) -> Any:
    source = response._get_param("SourceVersion")
    if source:
        template = named_in(response.params, response.ec2_backend)
        inherited = deepcopy(template.get_version(source).data)
        given = response._get_param("LaunchTemplateData", {})
        response.params["LaunchTemplateData"] = {**inherited, **given}
    return _original(response)
