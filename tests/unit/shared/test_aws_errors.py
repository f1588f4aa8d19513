"""Which errors may heal, and which may have been a success."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from shared import aws_errors

URL = {"endpoint_url": "https://drs.us-east-1.amazonaws.com"}


def client_error(code: str, status: int) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": ""},
            "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item]
        },
        "StartRecovery",
    )


@pytest.mark.parametrize(
    ("error", "passing", "may_have_happened"),
    [
        (client_error("ThrottlingException", 429), True, False),
        (client_error("RequestLimitExceeded", 503), True, True),
        (client_error("InternalServerException", 500), True, True),
        (client_error("ServiceUnavailable", 503), True, True),
        (client_error("ConflictException", 409), False, False),
        (client_error("AccessDeniedException", 403), False, False),
        (client_error("ServiceQuotaExceededException", 402), False, False),
        (ReadTimeoutError(**URL), True, True),
        (ConnectTimeoutError(**URL), True, True),
        (ConnectionClosedError(**URL), True, True),
        (EndpointConnectionError(**URL), True, True),
        (NoCredentialsError(), False, False),
        (KeyError("region"), False, False),
        (ClientError({}, "StartRecovery"), False, False),
    ],
    ids=str,
)
def test_error_is_judged_by_its_class_code_and_status(
    error: Exception, passing: bool, may_have_happened: bool
) -> None:
    assert aws_errors.is_passing(error) is passing
    assert aws_errors.may_have_happened(error) is may_have_happened


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("ThrottlingException", 429), "ThrottlingException"),
        (ClientError({}, "StartRecovery"), None),
        (ReadTimeoutError(**URL), None),
    ],
    ids=str,
)
def test_error_has_a_code_only_when_aws_gave_one(
    error: Exception, code: str | None
) -> None:
    assert aws_errors.code(error) == code


@pytest.mark.parametrize(
    "code",
    [
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ],
)
def test_call_may_succeed_in_a_minute_when_it_came_too_often_or_too_slowly(
    code: str,
) -> None:
    assert aws_errors.is_passing(client_error(code, 400))
