"""A private address that a subnet cannot give is an error of EC2.

moto raises a bare ``Exception`` there, which no caller of an API can get, and
lets terminated instances keep their addresses.
"""

import ipaddress
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import Instance
from moto.ec2.models.subnets import Subnet

_NAME = "request_ip"
_original = Subnet.request_ip


def apply() -> None:
    """Make moto answer with EC2's errors."""
    setattr(Subnet, _NAME, _request_ip)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(Subnet, _NAME, _original)


def _request_ip(subnet: Subnet, ip: str, instance: Any) -> None:
    # Mount targets of EFS come here too, with errors of their own.
    if isinstance(instance, Instance):
        _release(subnet, ip)
        _refuse(subnet, ip)
    _original(subnet, ip, instance)


def _release(subnet: Subnet, ip: str) -> None:
    holder = subnet._subnet_ips.get(ip)
    if isinstance(holder, Instance) and holder._state.name == "terminated":
        subnet.del_subnet_ip(ip)


def _refuse(subnet: Subnet, ip: str) -> None:
    if not _lies_within(ip, subnet):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Address {ip} does not fall within the subnet's address range",
        )
    if ip in subnet._subnet_ips:
        raise EC2ClientError(
            "InvalidIPAddress.InUse", f"Address {ip} is in use."
        )


def _lies_within(ip: str, subnet: Subnet) -> bool:
    try:
        return ipaddress.ip_address(ip) in subnet.cidr
    except ValueError:
        return False
