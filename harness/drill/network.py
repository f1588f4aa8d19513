"""Make the subnets, security groups and profiles that a plan names."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from harness.cloud import account_clients
from harness.plans.plan import Network, Placed

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

Place = tuple[str, str]

# AWS takes no block larger than this for a VPC.
_VPC_PREFIX = 16


def create(network: Network) -> Mapping[str, str]:
    """Make everything in the accounts and Regions where it stands.

    Returns:
        Ids of subnets and security groups by their names.
    """
    ids: dict[str, str] = {}
    for place in _places((*network.subnets, *network.security_groups)):
        ids |= _create_in(place, network)
    for profile in network.instance_profiles:
        account_clients.iam(profile.account_id).create_instance_profile(
            InstanceProfileName=profile.name
        )
    return ids


def _create_in(place: Place, network: Network) -> dict[str, str]:
    ec2 = account_clients.ec2(*place)
    subnets = _at(place, network.subnets)
    vpc_id = _vpc(ec2, subnets)
    ids = {
        subnet.name: ec2.create_subnet(
            VpcId=vpc_id, CidrBlock=subnet.cidr_block
        )["Subnet"]["SubnetId"]
        for subnet in subnets
    }
    for group in _at(place, network.security_groups):
        ids[group.name] = ec2.create_security_group(
            GroupName=group.name, Description=group.name, VpcId=vpc_id
        )["GroupId"]
    return ids


def _vpc(ec2: "EC2Client", subnets: Iterable[Placed]) -> str:
    """Make a VPC around some subnets; without any, take the default one."""
    blocks = dict.fromkeys(
        str(IPv4Network(subnet.cidr_block).supernet(new_prefix=_VPC_PREFIX))
        for subnet in subnets
    )
    if not blocks:
        return ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    first, *others = blocks
    vpc_id = ec2.create_vpc(CidrBlock=first)["Vpc"]["VpcId"]
    for block in others:
        ec2.associate_vpc_cidr_block(VpcId=vpc_id, CidrBlock=block)
    return vpc_id


def _places(things: Iterable[Placed]) -> list[Place]:
    return list(
        dict.fromkeys((thing.account_id, thing.region) for thing in things)
    )


def _at(place: Place, things: Iterable[Placed]) -> list[Placed]:
    return [
        thing for thing in things if (thing.account_id, thing.region) == place
    ]
