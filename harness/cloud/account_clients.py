"""Clients for any account of the local AWS, for whoever stands outside.

moto takes the account from a header; nobody has to assume a role to look
at, or to prepare, what an account holds.
"""

from functools import partial
from typing import TYPE_CHECKING

import boto3
from botocore.awsrequest import AWSRequest

from harness.cloud.functions import DEFAULT_REGION

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient


def ec2(account_id: str, region: str) -> "EC2Client":
    """Make a client of EC2 of an account in a Region."""
    client = boto3.client("ec2", region_name=region)
    client.meta.events.register(
        "before-sign.ec2", partial(_name_account, account_id)
    )
    return client


def iam(account_id: str) -> "IAMClient":
    """Make a client of IAM of an account."""
    client = boto3.client("iam", region_name=DEFAULT_REGION)
    client.meta.events.register(
        "before-sign.iam", partial(_name_account, account_id)
    )
    return client


def _name_account(account_id: str, request: AWSRequest, **_: object) -> None:
    request.headers["x-moto-account-id"] = account_id
