"""What DRS reads in EC2, taken from moto's own records.

Reading through the API takes as long as launching an instance, and DRS
reads before every launch. What it changes goes through the API.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends

from harness.drs.engine.compute import LaunchTemplateMissingError


def default_version(
    account_id: str, region: str, template_id: str
) -> tuple[int, dict[str, Any]]:
    """Read the default version of a launch template.

    Returns:
        Its number and its data, as the API would show them.

    Raises:
        LaunchTemplateMissingError: There is no such template.
    """
    backend = ec2_backends[account_id][region]
    try:
        template = backend.get_launch_template(template_id)
    except EC2ClientError as error:
        raise LaunchTemplateMissingError(template_id) from error
    version = template.default_version()
    data = {
        name: deepcopy(value)
        for name, value in version.data.items()
        if value is not None
    }
    return version.number, data


def default_subnets(account_id: str, region: str) -> list[str]:
    """List the default subnets, in the order of their zones."""
    subnets = ec2_backends[account_id][region].get_default_subnets()
    return [str(subnets[zone].id) for zone in sorted(subnets)]


def states(
    account_id: str, region: str, instance_ids: Iterable[str]
) -> dict[str, str]:
    """Read the state names of instances; unknown ones are left out."""
    wanted = set(instance_ids)
    return {
        instance.id: instance.state
        for instance in ec2_backends[account_id][region].all_instances()
        if instance.id in wanted
    }
