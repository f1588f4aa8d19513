"""EC2 as it stands, read from moto directly.

An answer of EC2 takes moto a good hundredth of a second to write; this takes
none. For whoever looks after every step of many executions.
"""

from typing import Any

from moto.ec2.models import ec2_backends

_PLAIN = (str, int, float, bool, type(None))


def instances(account_id: str, region: str) -> dict[str, Any]:
    """Give the plain attributes of every instance, by id."""
    backend = ec2_backends[account_id][region]
    return {
        instance.id: {
            **_attributes(instance),
            "state": instance.state,
            "tags": {tag["key"]: tag["value"] for tag in instance.get_tags()},
            "interfaces": [
                _attributes(interface) for interface in instance.nics.values()
            ],
        }
        for instance in backend.all_instances()
    }


def launch_templates(account_id: str, region: str) -> dict[str, Any]:
    """Give the default version and all versions of templates, by id."""
    backend = ec2_backends[account_id][region]
    return {
        template.id: {
            "default": template.default_version_number,
            "versions": {
                str(version.number): version.data
                for version in template.versions
            },
        }
        for template in backend.launch_templates.values()
    }


def _attributes(thing: object) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(thing).items()
        if isinstance(value, _PLAIN) and not name.startswith("_")
    }
