"""ModifyLaunchTemplate takes `$Latest` and `$Default` as a version.

moto compares the text with version numbers and finds no such version.
"""

from typing import Any

from moto.ec2.responses.launch_templates import LaunchTemplates

from harness.drs.moto_adapter.patches.template_lookup import named_in

_NAME = "modify_launch_template"
_SYMBOLS = ("$Latest", "$Default")
_original = LaunchTemplates.modify_launch_template


def apply() -> None:
    """Make moto read them."""
    setattr(LaunchTemplates, _NAME, _modify)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(LaunchTemplates, _NAME, _original)


def _modify(response: LaunchTemplates) -> Any:
    version = response._get_param("DefaultVersion")
    if version in _SYMBOLS:
        template = named_in(response.params, response.ec2_backend)
        number = template.get_version(version).number
        response.params["DefaultVersion"] = str(number)
    return _original(response)
