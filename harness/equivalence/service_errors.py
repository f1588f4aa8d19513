"""What each AWS service says when a call goes wrong.

One kind of trouble has another code and another HTTP status at each service,
and code branches on them. Where a service has no word of its own for a kind,
it says what most services say.
"""

from collections.abc import Mapping
from dataclasses import replace

from harness.cloud.calls import Fault, NoAnswer, ServiceError

_MOST: Mapping[str, ServiceError] = {
    "throttled": ServiceError("ThrottlingException", 429),
    "broken": ServiceError("InternalServerException", 500),
    "unavailable": ServiceError("ServiceUnavailable", 503),
    "denied": ServiceError("AccessDeniedException", 403),
    "invalid": ServiceError("ValidationException", 400),
    "conflict": ServiceError("ConflictException", 409),
    "condition failed": ServiceError("ConditionalCheckFailedException", 400),
    "expired": ServiceError("ExpiredTokenException", 403),
}
# By botocore's name of the service. Each lists its codes under "Common
# errors" of its API reference, EC2 under "Error codes for the Amazon EC2 API".
_OWN: Mapping[str, Mapping[str, ServiceError]] = {
    "dynamodb": {
        "throttled": ServiceError(
            "ProvisionedThroughputExceededException", 400
        ),
        "broken": ServiceError("InternalServerError", 500),
        "denied": ServiceError("AccessDeniedException", 400),
        "conflict": ServiceError("TransactionConflictException", 400),
        "expired": ServiceError("ExpiredTokenException", 400),
    },
    "ec2": {
        "throttled": ServiceError("RequestLimitExceeded", 503),
        "broken": ServiceError("InternalError", 500),
        "unavailable": ServiceError("Unavailable", 503),
        "denied": ServiceError("UnauthorizedOperation", 403),
        "invalid": ServiceError("InvalidParameterValue", 400),
        "conflict": ServiceError("IncorrectState", 400),
        "expired": ServiceError("RequestExpired", 400),
    },
    "sts": {
        "throttled": ServiceError("Throttling", 400),
        "broken": ServiceError("InternalFailure", 500),
        "denied": ServiceError("AccessDenied", 403),
        "invalid": ServiceError("ValidationError", 400),
        "expired": ServiceError("ExpiredToken", 403),
    },
}
# What AWS can do to any call.
KINDS = (
    "throttled",
    "throttled once",
    "broken",
    "unavailable",
    "broken after effect",
    "unanswered",
    "lost",
    "denied",
    "invalid",
    "conflict",
    "condition failed",
    "expired",
)


def fault(kind: str, service: str) -> Fault:
    """Say what goes wrong with a call.

    Args:
        kind: One of `KINDS`.
        service: botocore's name of the service that is called.
    """
    if kind in ("unanswered", "lost"):
        return NoAnswer(after_effect=kind == "lost")
    words = {**_MOST, **_OWN.get(service, {})}
    if kind == "throttled once":
        return replace(words["throttled"], attempts=1)
    if kind == "broken after effect":
        return replace(words["broken"], after_effect=True)
    return words[kind]
