"""Clients wait and repeat as the calls that they are for allow."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared import aws
from shared.account_access import open_account
from tests import builders

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

LAMBDA = Path(__file__).parents[3] / "lambda"
PATIENT = {"connect": 5, "read": 20, "attempts": 5}
ONCE = {"connect": 5, "read": 60, "attempts": 1}
ACCOUNTS = ({}, builders.foreign_account())


def limits(client: Any) -> dict[str, Any]:
    """Read how long a client waits, and how often it asks."""
    config = client.meta.config
    assert config.retries["mode"] == "standard"
    # Else the network forgets a connection that waits for a slow answer.
    assert config.tcp_keepalive is True
    return {
        "connect": config.connect_timeout,
        "read": config.read_timeout,
        "attempts": config.retries["total_max_attempts"],
    }


@pytest.mark.parametrize("context", ACCOUNTS, ids=["hub", "target"])
def test_calls_are_given_up_long_before_their_lambda_would_time_out(
    world: "OutsideWorld", context: dict[str, Any]
) -> None:
    account = open_account(context, builders.REGION)

    assert limits(account.drs) == PATIENT
    assert limits(account.ec2) == PATIENT
    assert limits(aws.table("execution-history").meta.client) == PATIENT


@pytest.mark.parametrize("context", ACCOUNTS, ids=["hub", "target"])
def test_start_of_a_recovery_is_waited_for_and_never_repeated(
    world: "OutsideWorld", context: dict[str, Any]
) -> None:
    assert limits(open_account(context, builders.REGION).drs_start) == ONCE


@pytest.mark.parametrize("seconds", [310, 370])
def test_handler_is_waited_for_as_long_as_its_caller_says(
    seconds: int,
) -> None:
    client = aws.client("lambda", aws.one_attempt(seconds), builders.REGION)

    assert limits(client) == {"connect": 5, "read": seconds, "attempts": 1}


# botocore completes a Config in place: only a new process shows what the
# environment would add to it.
COLD_START = """
from shared import aws, account_access
for config in (aws.STANDARD, account_access.START_ONCE):
    client = aws.client("drs", config, "us-east-1")
    retries = client.meta.config.retries
    print(retries["mode"], retries["total_max_attempts"])
"""


def test_environment_does_not_change_how_a_call_is_repeated() -> None:
    meant = {"AWS_RETRY_MODE": "legacy", "AWS_MAX_ATTEMPTS": "9"}
    environment = {**os.environ, **meant, "PYTHONPATH": str(LAMBDA)}

    done = subprocess.run(
        [sys.executable, "-c", COLD_START],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["standard 5", "standard 1"]


@pytest.mark.parametrize("context", ACCOUNTS, ids=["hub", "target"])
def test_client_is_of_the_region_that_is_asked_for(
    world: "OutsideWorld", context: dict[str, Any]
) -> None:
    account = open_account(context, "eu-west-1")

    regions = [
        client.meta.region_name
        for client in (account.drs, account.drs_start, account.ec2)
    ]
    assert regions == ["eu-west-1"] * 3
