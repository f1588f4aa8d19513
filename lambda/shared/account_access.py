"""DRS and EC2 in the account of an execution, by an assumed role if foreign.

Nothing here falls back to the hub account: a foreign account that cannot be
reached is an error.
"""

import random
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shared import aws, aws_errors
from shared.account_context import is_foreign, role_arn
from shared.clock import epoch_seconds

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_ec2 import EC2Client

START_ONCE = aws.one_attempt(read_timeout_seconds=60)
MAX_THROTTLED_STARTS = 5
# EC2 lets an account make some fifty changes of a kind at once and five more
# each second, which a wave that is configured by many workers exceeds:
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
# With five attempts two servers of a hundred would not get their launch
# configuration; with eight, none.
MAX_THROTTLED_CHANGES = 8
MAX_PAUSE_SECONDS = 20


class RoleAssumptionDeniedError(Exception):
    """The target account does not let this Lambda in."""

    def __init__(self, arn: str) -> None:
        super().__init__(
            f"Access denied when assuming {arn}: check that the role exists, "
            "that it trusts this Lambda's role and that the external id is "
            "the one it expects"
        )
        self.role_arn = arn


class RoleAssumptionInvalidError(Exception):
    """STS does not accept what the account context says.

    STS's own words would repeat the external id, which is a secret.
    """

    def __init__(self, arn: str) -> None:
        super().__init__(
            f"Not valid when assuming {arn}: check the account id, the role "
            "name and the form of the external id"
        )
        self.role_arn = arn


class RecoveryAccount:
    """Clients for one account and Region, each made when first used.

    Several threads may use one account: a client serves them all, but to
    make one is a matter for one thread at a time.
    https://docs.aws.amazon.com/boto3/latest/guide/clients.html
    """

    def __init__(
        self, region: str | None, session: "boto3.Session | None" = None
    ) -> None:
        self.region = region
        self._session = session
        self._made: dict[tuple[str, Config], Any] = {}
        self._making = Lock()

    @property
    def drs(self) -> "DrsClient":
        """DRS, for calls that may be repeated."""
        client: DrsClient = self._client("drs", aws.STANDARD)
        return client

    @property
    def drs_start(self) -> "DrsClient":
        """DRS, for StartRecovery: sent again only when it was throttled.

        StartRecovery has no client token, so a call whose answer was lost
        must not be repeated. A throttled call did nothing.
        """
        client: DrsClient = self._client("drs", START_ONCE)
        return client

    @property
    def ec2(self) -> "EC2Client":
        """EC2, for launch templates and instances."""
        client: EC2Client = self._client("ec2", aws.STANDARD)
        return client

    def _client(self, service: str, config: Config) -> Any:
        with self._making:
            key = service, config
            if key not in self._made:
                self._made[key] = client = self._make(*key)
                for operation, retry in _PATIENCE.get(key, {}).items():
                    client.meta.events.register(
                        f"needs-retry.{service}.{operation}",
                        retry,
                        unique_id=f"patience-{operation}",
                    )
            return self._made[key]

    def _make(self, service: str, config: Config) -> Any:
        if self._session is None:
            return aws.client(service, config, self.region)
        return self._session.client(
            service,  # type: ignore[call-overload]
            config=config,
            region_name=self.region,
        )


def open_account(
    context: Mapping[str, Any], region: str | None
) -> RecoveryAccount:
    """Open the account that an account context names.

    Args:
        context: ``accountId, assumeRoleName, externalId, isCurrentAccount``;
            the hub account unless ``isCurrentAccount`` is false.
        region: The AWS Region of the source servers.

    Raises:
        AccountContextError: A field needed to assume the role is missing.
        RoleAssumptionDeniedError: The role cannot be assumed.
        RoleAssumptionInvalidError: A field of the context is malformed.
        ClientError: STS refused for another reason.
    """
    if not is_foreign(context):
        return RecoveryAccount(region)
    return RecoveryAccount(region, _assume_role(context))


def _assume_role(context: Mapping[str, Any]) -> boto3.Session:
    sts = aws.client("sts")
    arn = role_arn(context, sts.meta.partition)
    request = {
        "RoleArn": arn,
        "RoleSessionName": f"drs-orchestration-{epoch_seconds()}",
    }
    if context.get("externalId"):
        request["ExternalId"] = context["externalId"]
    try:
        credentials = sts.assume_role(**request)["Credentials"]
    except ClientError as error:
        if aws_errors.code(error) == "AccessDenied":
            raise RoleAssumptionDeniedError(arn) from error
        if aws_errors.code(error) == "ValidationError":
            raise RoleAssumptionInvalidError(arn) from None
        raise
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def _retry_start(response: Any, attempts: int, **_: Any) -> float | None:
    """Answer botocore: the seconds to wait, or None not to try again."""
    throttled = response is not None and response[0].status_code == 429
    if throttled and attempts < MAX_THROTTLED_STARTS:
        return float(2 ** (attempts - 1))
    return None


def _retry_change(response: Any, attempts: int, **_: Any) -> float | None:
    """Answer botocore likewise, for changes of a launch template.

    As botocore's standard mode does, only more often, and whatever it has
    left for retries of all calls of the client.
    """
    error = response[1].get("Error", {}) if response is not None else {}
    throttled = error.get("Code") in aws_errors.THROTTLING_CODES
    if throttled and attempts < MAX_THROTTLED_CHANGES:
        longest = min(2 ** (attempts - 1), MAX_PAUSE_SECONDS)
        return random.uniform(0, longest)
    return None


# By client and operation; what botocore retries by itself, it still does.
_PATIENCE: Mapping[
    tuple[str, Config], Mapping[str, Callable[..., float | None]]
] = {
    ("drs", START_ONCE): {"StartRecovery": _retry_start},
    ("ec2", aws.STANDARD): {
        "CreateLaunchTemplateVersion": _retry_change,
        "ModifyLaunchTemplate": _retry_change,
    },
}
