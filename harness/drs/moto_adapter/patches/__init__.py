"""Corrections of moto, one module each.

Each module has ``apply`` and ``remove`` and a test that fails as soon as
moto does the right thing by itself.
"""

from harness.drs.moto_adapter.patches import (
    default_versions,
    instance_lookup,
    instance_types,
    launch_template_versions,
    method_names,
    resource_tags,
    subnet_addresses,
    template_interfaces,
)


def apply_all() -> None:
    """Apply every correction; repeating changes nothing."""
    default_versions.apply()
    instance_lookup.apply()
    instance_types.apply()
    launch_template_versions.apply()
    method_names.apply()
    resource_tags.apply()
    subnet_addresses.apply()
    template_interfaces.apply()
