"""Where a scenario's servers may be launched: subnets, security groups.

Their ids are made anew in each world, so launch configurations name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.cloud import account_clients

INSTANCE_PROFILE = "recovered-server"
_SUBNETS = ("first subnet", "second subnet")
_SECURITY_GROUPS = ("web", "database")


@dataclass(frozen=True)
class StageNetwork:
    """What launch configurations may name in an account and Region.

    Attributes:
        ids: By the names that launch configurations use.
    """

    ids: Mapping[str, str] = field(default_factory=dict)

    def resolved(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Put ids in the place of names; what is not there stays a name."""
        document = dict(settings)
        if "subnetId" in settings:
            document["subnetId"] = self._id(settings["subnetId"])
        if "securityGroupIds" in settings:
            names = settings["securityGroupIds"]
            document["securityGroupIds"] = [self._id(each) for each in names]
        return document

    def _id(self, name: str) -> str:
        return self.ids.get(name, name)


def make(account: str, region: str) -> StageNetwork:
    """Name two subnets of the default VPC, and add security groups to it."""
    ec2 = account_clients.ec2(account, region)
    subnets = sorted(
        ec2.describe_subnets()["Subnets"],
        key=lambda subnet: subnet["AvailabilityZone"],
    )
    ids = {
        name: subnet["SubnetId"]
        for name, subnet in zip(_SUBNETS, subnets, strict=False)
    }
    for name in _SECURITY_GROUPS:
        ids[name] = ec2.create_security_group(
            GroupName=name, Description=name, VpcId=subnets[0]["VpcId"]
        )["GroupId"]
    return StageNetwork(ids)


def make_profile(account: str) -> None:
    """Make the instance profile that launch configurations name."""
    account_clients.iam(account).create_instance_profile(
        InstanceProfileName=INSTANCE_PROFILE
    )
