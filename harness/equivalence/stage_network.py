"""What a scenario's launch configurations name: subnets, security groups.

Their ids are made anew in each world, so launch configurations name them.
They are made when one does: most do not, and it takes as long as a step.
"""

from collections.abc import Mapping
from typing import Any

from moto.moto_api._internal import mock_random

from harness.cloud import account_clients, compute_views
from harness.equivalence.names import REGIONS

INSTANCE_PROFILE = "recovered-server"
_SUBNETS = ("first subnet", "second subnet")
_SECURITY_GROUPS = ("web", "database")
_NAMED = frozenset({"subnetId", "securityGroupIds"})


class StageNetwork:
    """What launch configurations may name in an account."""

    def __init__(self, account: str) -> None:
        """Begin with what each Region has by itself, and nothing else."""
        for region in REGIONS:
            _seed(account, region)
            # Its default VPC is made when it is first asked for anything.
            compute_views.instances(account, region)
        self._account = account
        self._ids: dict[str, Mapping[str, str]] = {}
        self._has_profile = False

    def resolved(
        self, settings: Mapping[str, Any], region: str
    ) -> dict[str, Any]:
        """Put ids of a Region in the place of names.

        Args:
            settings: A launch configuration. What it names is there then,
                but in a Region that scenarios do not know.
        """
        document = dict(settings)
        if "instanceProfileName" in settings:
            self._make_profile()
        ids = self._ids_of(region) if _NAMED & settings.keys() else {}
        if "subnetId" in settings:
            name = settings["subnetId"]
            document["subnetId"] = ids.get(name, name)
        if "securityGroupIds" in settings:
            names = settings["securityGroupIds"]
            document["securityGroupIds"] = [
                ids.get(name, name) for name in names
            ]
        return document

    def _ids_of(self, region: str) -> Mapping[str, str]:
        if region not in REGIONS:
            return {}
        if region not in self._ids:
            self._ids[region] = _made(self._account, region)
        return self._ids[region]

    def _make_profile(self) -> None:
        if not self._has_profile:
            self._has_profile = True
            account_clients.iam(self._account).create_instance_profile(
                InstanceProfileName=INSTANCE_PROFILE
            )


def _seed(account: str, region: str) -> None:
    """Let ids not tell what was drawn before.

    The two sides may have tried a call more or less.
    """
    mock_random.seed(f"network of {account} in {region}")


def _made(account: str, region: str) -> Mapping[str, str]:
    """Name two subnets of the default VPC, and add security groups to it."""
    _seed(account, region)
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
    return ids
