"""Clients for any account of the local AWS, for whoever stands outside.

moto takes the account from a header; nobody has to assume a role to look
at, or to prepare, what an account holds.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSRequest

from harness.cloud.functions import DEFAULT_REGION

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient


def ec2(account_id: str, region: str) -> "EC2Client":
    """Make a client of EC2 of an account in a Region."""
    made: EC2Client = client("ec2", account_id, region)
    return made


def iam(account_id: str) -> "IAMClient":
    """Make a client of IAM of an account."""
    made: IAMClient = client("iam", account_id, DEFAULT_REGION)
    return made


def client(service: str, account_id: str, region: str) -> Any:
    """Make a client of any service of an account in a Region."""
    make: Any = boto3.client
    made = make(service, region_name=region)
    made.meta.events.register(
        f"before-sign.{service}", partial(_name_account, account_id)
    )
    return made


def _name_account(account_id: str, request: AWSRequest, **_: object) -> None:
    request.headers["x-moto-account-id"] = account_id
