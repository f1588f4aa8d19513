"""The one place that makes AWS clients: once per container, configured."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# To one API from one container: as many as are on their way when the servers
# of a wave are configured. 100 servers with five calls each of 100 ms are done
# in three seconds; more would only meet the rate limits of EC2.
CALLS_AT_ONCE = 20
STANDARD = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 5},
    tcp_keepalive=True,
    # A connection for each, else most would be thrown away after one call.
    max_pool_connections=CALLS_AT_ONCE,
)


def one_attempt(read_timeout_seconds: int) -> Config:
    """Configure a client whose calls must never be sent twice.

    Against a server that answers too late the SDK would otherwise send the
    same call several times.

    Args:
        read_timeout_seconds: How long to wait for an answer.
    """
    return Config(
        connect_timeout=5,
        read_timeout=read_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": 1},
        tcp_keepalive=True,
    )


@cache
def client(
    service: str, config: Config = STANDARD, region: str | None = None
) -> Any:
    """Return the container's client for a service in its own account."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        config=config,
        region_name=region,
    )


@cache
def table(name: str) -> Any:
    """Return the container's DynamoDB table resource of that name."""
    return boto3.resource("dynamodb", config=STANDARD).Table(name)
