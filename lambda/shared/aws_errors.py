"""What an error of an AWS call means for the step that made it."""

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

# An answer that nobody can read is none.
NO_ANSWER = (ConnectionError, HTTPClientError, ResponseParserError)

THROTTLING_CODES = frozenset(
    {
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
    }
)


def code(error: Exception) -> str | None:
    """Return the error code AWS answered, None if AWS did not answer."""
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code")
    return None


def is_passing(error: Exception) -> bool:
    """Tell whether the same call may well succeed in a minute.

    True for a call that was throttled, met a server error or got no answer.
    """
    return code(error) in THROTTLING_CODES or may_have_happened(error)


def may_have_happened(error: Exception) -> bool:
    """Tell whether AWS may have done the work and the answer was lost."""
    return isinstance(error, NO_ANSWER) or _status(error) >= 500


def _status(error: Exception) -> int:
    if not isinstance(error, ClientError):
        return 0
    return int(
        error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    )
