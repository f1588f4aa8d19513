"""EC2 as moto plays it, changed through its public API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

from harness.drs.engine.compute import (
    InstanceOrder,
    LaunchedInstance,
    LaunchRefusedError,
    LaunchTemplate,
    TemplateOrder,
    TerminationRefusedError,
)
from harness.drs.moto_adapter import ec2_records
from harness.drs.moto_adapter.seeded_random import seeded

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client


class MotoCompute:
    """EC2 of one account in one Region."""

    def __init__(self, account_id: str, region: str) -> None:
        """Connect to an account's EC2.

        Args:
            account_id: Twelve digits; moto makes an account on demand.
            region: Region name.
        """
        self._account_id = account_id
        self._region = region

    @property
    def client(self) -> EC2Client:
        """The client of this account and Region."""
        return _client(self._account_id, self._region)

    def create_template(self, order: TemplateOrder) -> str:
        """Make a launch template and return its id."""
        tags = _tag_list(order.tags)
        with seeded(order.key):
            answer = self.client.create_launch_template(
                LaunchTemplateName=order.name,
                LaunchTemplateData={
                    "ImageId": order.image_id,
                    "InstanceType": order.instance_type,  # type: ignore[typeddict-item]
                    "TagSpecifications": [
                        {"ResourceType": "instance", "Tags": tags}
                    ],
                },
                TagSpecifications=[
                    {"ResourceType": "launch-template", "Tags": tags}
                ],
            )
        return answer["LaunchTemplate"]["LaunchTemplateId"]

    def template(self, template_id: str) -> LaunchTemplate:
        """Read the default version of a launch template."""
        version, data = self._default_version(template_id)
        interface = _first_interface(data)
        groups = interface.get("Groups") or data.get("SecurityGroupIds", [])
        return LaunchTemplate(
            template_id=template_id,
            version=version,
            image_id=data.get("ImageId"),
            instance_type=data.get("InstanceType"),
            subnet_id=interface.get("SubnetId"),
            private_ip=interface.get("PrivateIpAddress"),
            security_group_ids=tuple(groups),
            instance_profile=data.get("IamInstanceProfile", {}),
            instance_tags=_instance_tags(data),
        )

    def revise_template(self, template_id: str, private_ip: str | None) -> int:
        """Make a version from the default one and make it the default."""
        version, data = self._default_version(template_id)
        changes = _with_address(data, private_ip)
        answer = self.client.create_launch_template_version(
            LaunchTemplateId=template_id,
            SourceVersion=str(version),
            LaunchTemplateData=changes,  # type: ignore[arg-type]
        )
        number = answer["LaunchTemplateVersion"]["VersionNumber"]
        self.client.modify_launch_template(
            LaunchTemplateId=template_id, DefaultVersion=str(number)
        )
        return number

    def delete_template(self, template_id: str) -> None:
        """Delete a launch template; a missing one is no error."""
        try:
            self.client.delete_launch_template(LaunchTemplateId=template_id)
        except ClientError as error:
            if "NotFound" not in error.response["Error"]["Code"]:
                raise

    def run(self, order: InstanceOrder) -> LaunchedInstance:
        """Launch one instance."""
        request = self._launch_request(order)
        try:
            with seeded(order.key):
                answer = self.client.run_instances(**request)
        except ClientError as error:
            raise LaunchRefusedError(str(error)) from error
        instance = answer["Instances"][0]
        if order.stopped:
            self.client.stop_instances(InstanceIds=[instance["InstanceId"]])
        return LaunchedInstance(
            instance["InstanceId"], instance.get("PrivateIpAddress")
        )

    def terminate(self, instance_id: str) -> None:
        """Terminate an instance; one that does not exist is no error."""
        try:
            self.client.terminate_instances(InstanceIds=[instance_id])
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidInstanceID.NotFound":
                raise TerminationRefusedError(str(error)) from error

    def states(self, instance_ids: Iterable[str]) -> Mapping[str, str]:
        """Read the state names of instances; unknown ones are left out."""
        return ec2_records.states(self._account_id, self._region, instance_ids)

    def _default_version(self, template_id: str) -> tuple[int, dict[str, Any]]:
        return ec2_records.default_version(
            self._account_id, self._region, template_id
        )

    def _launch_request(self, order: InstanceOrder) -> dict[str, Any]:
        # moto takes neither the network interfaces nor the tags of a
        # template, so everything DRS uses is passed one by one.
        template = order.template
        request = {
            "MinCount": 1,
            "MaxCount": 1,
            "ImageId": order.image_id,
            "InstanceType": order.instance_type,
            "SubnetId": template.subnet_id or self._default_subnet(order),
            "PrivateIpAddress": order.private_ip,
            "SecurityGroupIds": list(template.security_group_ids),
            "IamInstanceProfile": dict(template.instance_profile),
            "TagSpecifications": [
                {"ResourceType": "instance", "Tags": _tag_list(order.tags)}
            ],
        }
        return {name: value for name, value in request.items() if value}

    def _default_subnet(self, order: InstanceOrder) -> str | None:
        subnets = ec2_records.default_subnets(self._account_id, self._region)
        if not subnets or order.default_subnet == "first":
            return subnets[0] if subnets else None
        if order.default_subnet == "last":
            return subnets[-1]
        return Random(f"{order.key}/subnet").choice(subnets)


@cache
def _session() -> boto3.Session:
    # A session of its own: whoever watches the default session sees the
    # calls of the system under test only.
    return boto3.Session(
        aws_access_key_id="drs", aws_secret_access_key="emulator"
    )


@cache
def _client(account_id: str, region: str) -> EC2Client:
    client = _session().client(
        "ec2",
        region_name=region,
        config=Config(retries={"max_attempts": 0}),
    )

    def act_for_account(request: AWSRequest, **_: Any) -> None:
        request.headers["x-moto-account-id"] = account_id

    client.meta.events.register("before-sign.ec2", act_for_account)
    return client


def _tag_list(tags: Mapping[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _instance_tags(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        tag["Key"]: tag["Value"]
        for specification in data.get("TagSpecifications", [])
        if specification["ResourceType"] == "instance"
        for tag in specification["Tags"]
    }


def _first_interface(data: Mapping[str, Any]) -> dict[str, Any]:
    for interface in data.get("NetworkInterfaces", []):
        if interface.get("DeviceIndex", 0) == 0:
            return dict(interface)
    return {}


def _with_address(
    data: Mapping[str, Any], private_ip: str | None
) -> dict[str, Any]:
    interface = _first_interface(data)
    if not interface.get("SubnetId"):
        return {}
    interface.pop("PrivateIpAddress", None)
    if private_ip:
        interface["PrivateIpAddress"] = private_ip
    others = [
        each
        for each in data["NetworkInterfaces"]
        if each.get("DeviceIndex", 0) != 0
    ]
    return {"NetworkInterfaces": [interface, *others]}
