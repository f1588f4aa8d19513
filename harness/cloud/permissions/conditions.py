"""Whether the conditions of a statement hold for a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from harness.cloud.permissions.patterns import arn_matches, matches

Context = Mapping[str, str]
Test = Callable[[str, str], bool]

# What a local cloud knows of a request, if the request has it at all.
KNOWN_KEYS = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:SecureTransport",
    "aws:ViaAWSService",
    "iam:PassedToService",
    "sts:ExternalId",
    "sts:RoleSessionName",
)
_BY_LOWER_CASE = {key.lower(): key for key in KNOWN_KEYS}
_IF_EXISTS = "IfExists"


class UnknownConditionKeyError(Exception):
    """A condition asks for something that nobody here can tell."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"The value of the condition key {key} is not known in the local "
            f"cloud; it knows {', '.join(KNOWN_KEYS)}"
        )


class UnknownConditionOperatorError(Exception):
    """A condition compares in a way that is not implemented."""

    def __init__(self, operator: str) -> None:
        self.operator = operator
        super().__init__(
            f"The condition operator {operator} is not understood in the "
            f"local cloud; it understands {', '.join(_TESTS)} and Null"
        )


def hold(conditions: Mapping[str, Any], context: Context) -> bool:
    """Tell whether all conditions of a statement hold.

    Args:
        conditions: The element `Condition`.
        context: Values by condition key; a key that the request does not
            have is missing.

    Raises:
        UnknownConditionKeyError: A key can have no value here.
        UnknownConditionOperatorError: An operator is not implemented.
    """
    # Each is looked at, so that none that is unknown goes unnoticed.
    return all(
        [
            _holds(operator, context.get(_known(key)), _texts(wanted))
            for operator, tests in conditions.items()
            for key, wanted in tests.items()
        ]
    )


def _known(key: str) -> str:
    if key.lower() not in _BY_LOWER_CASE:
        raise UnknownConditionKeyError(key)
    return _BY_LOWER_CASE[key.lower()]


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    if operator == "Null":
        return (value is None) is (wanted == ["true"])
    name = operator.removesuffix(_IF_EXISTS)
    if name not in _TESTS:
        raise UnknownConditionOperatorError(operator)
    test, is_negated = _TESTS[name]
    if value is None:
        return is_negated or operator.endswith(_IF_EXISTS)
    return any(test(each, value) for each in wanted) is not is_negated


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [
        str(each).lower() if isinstance(each, bool) else str(each)
        for each in values
    ]


def _equals(wanted: str, value: str) -> bool:
    return wanted == value


def _equals_without_case(wanted: str, value: str) -> bool:
    return wanted.casefold() == value.casefold()


# What is compared, and whether it must not be so.
_TESTS: dict[str, tuple[Test, bool]] = {
    "StringEquals": (_equals, False),
    "StringNotEquals": (_equals, True),
    "StringEqualsIgnoreCase": (_equals_without_case, False),
    "StringNotEqualsIgnoreCase": (_equals_without_case, True),
    "StringLike": (matches, False),
    "StringNotLike": (matches, True),
    "ArnEquals": (arn_matches, False),
    "ArnNotEquals": (arn_matches, True),
    "ArnLike": (arn_matches, False),
    "ArnNotLike": (arn_matches, True),
    "Bool": (_equals_without_case, False),
}
