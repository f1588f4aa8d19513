"""What AWS answers to a call that is not allowed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Mapping

from harness.cloud.calls import ServiceError
from harness.cloud.permissions.evaluation import Denial
from harness.cloud.permissions.identities import Principal

EC2_PREFIX = "You are not authorized to perform this operation. "
# Error code, HTTP status and first words by service.
_ANSWERS: Mapping[str, tuple[str, int, str]] = {
    "drs": ("AccessDeniedException", 403, ""),
    "dynamodb": ("AccessDeniedException", 400, ""),
    "ec2": ("UnauthorizedOperation", 403, EC2_PREFIX),
    "lambda": ("AccessDeniedException", 403, ""),
    "sts": ("AccessDenied", 403, ""),
}


def answer(service: str, principal: Principal, denial: Denial) -> ServiceError:
    """Make the error with which a service refuses a call."""
    code, status, prefix = _ANSWERS[service]
    return ServiceError(code, status, prefix + sentence(principal, denial))


def sentence(principal: Principal, denial: Denial) -> str:
    """Say who may not do what, to what, and why."""
    action, resource = denial.request.action, denial.request.resource
    reason = (
        "with an explicit deny in an identity-based policy"
        if denial.is_explicit
        else f"because no identity-based policy allows the {action} action"
    )
    return (
        f"User: {principal.session_arn} is not authorized to perform: "
        f"{action} on resource: {resource} {reason}"
    )
