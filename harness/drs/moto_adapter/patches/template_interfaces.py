"""RunInstances takes the network interfaces of its launch template.

EC2 launches with the template's interfaces unless the request has its own;
moto reads other settings of the template, but not these.
"""

from copy import deepcopy
from typing import Any

from moto.ec2.responses.instances import InstanceResponse

from harness.drs.moto_adapter.patches.template_lookup import named_in

_NAME = "run_instances"
_INTERFACES = "NetworkInterfaces"
_original = InstanceResponse.run_instances


def apply() -> None:
    """Make moto take them."""
    setattr(InstanceResponse, _NAME, _run)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(InstanceResponse, _NAME, _original)


def _run(response: InstanceResponse) -> Any:
    named = response._get_param("LaunchTemplate")
    if named and not response._get_param(_INTERFACES):
        template = named_in(named, response.ec2_backend)
        version = template.get_version(named.get("Version", "$Default"))
        # moto writes into what it is given.
        interfaces = deepcopy(version.data.get(_INTERFACES, []))
        if interfaces:
            response.params[_INTERFACES] = [
                {"DeviceIndex": 0, **each} for each in interfaces
            ]
    return _original(response)
