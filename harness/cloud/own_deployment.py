"""Tell what the local cloud deployed itself from what others did since.

A reset forgets the latter: stacks, functions, tables, buckets and roles. They
live in the same services as the cloud's own, which stay.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudformation.models import cloudformation_backends
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT

_REGIONAL: tuple[Any, ...] = (
    cloudformation_backends,
    dynamodb_backends,
    lambda_backends,
    logs_backends,
    stepfunctions_parser_backends,
)


class OwnDeployment:
    """What exists now, and is all that stays when the rest is forgotten."""

    def __init__(self) -> None:
        self._kept = [frozenset(each) for each in _collections()]
        self._machines = frozenset(each.arn for each in _machines())

    def forget_others(self) -> None:
        """Remove what was deployed since."""
        for backends in _REGIONAL:
            _forget_elsewhere(backends)
        for found, kept in zip(_collections(), self._kept, strict=True):
            for name in set(found) - kept:
                del found[name]
        machines = _machines()
        machines[:] = [each for each in machines if each.arn in self._machines]


def _forget_elsewhere(backends: Any) -> None:
    for account_id in list(backends):
        for region in list(backends[account_id]):
            if (account_id, region) != (HUB_ACCOUNT, DEFAULT_REGION):
                del backends[account_id][region]


def _collections() -> Iterator[MutableMapping[str, Any]]:
    """Give what holds deployed things, by their names."""
    stacks = cloudformation_backends[HUB_ACCOUNT][DEFAULT_REGION]
    yield stacks.stacks
    yield stacks.deleted_stacks
    yield stacks.change_sets
    yield stacks.exports
    yield dynamodb_backends[HUB_ACCOUNT][DEFAULT_REGION].tables
    yield lambda_backends[HUB_ACCOUNT][DEFAULT_REGION]._lambdas._functions
    yield logs_backends[HUB_ACCOUNT][DEFAULT_REGION].groups
    yield s3_backends[HUB_ACCOUNT]["aws"].buckets
    yield s3_backends.bucket_accounts
    yield iam_backends[HUB_ACCOUNT]["aws"].roles
    yield iam_backends[HUB_ACCOUNT]["aws"].managed_policies


def _machines() -> list[Any]:
    backend = stepfunctions_parser_backends[HUB_ACCOUNT][DEFAULT_REGION]
    machines: list[Any] = backend.state_machines
    return machines
