"""What statements say about an action on a resource."""

from typing import Any

import pytest

from harness.cloud.permissions import conditions, evaluation
from harness.cloud.permissions.evaluation import (
    MalformedStatementError,
    Request,
)

SERVER = "arn:aws:drs:eu-west-1:222222222222:source-server/s-1"
START = Request("drs:StartRecovery", SERVER)
ROLE = "arn:aws:iam::222222222222:role/team/recovery"


def statement(**changes: Any) -> dict[str, Any]:
    whole = {
        "Effect": "Allow",
        "Action": "drs:StartRecovery",
        "Resource": SERVER,
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def is_allowed(*statements: dict[str, Any], request: Request = START) -> bool:
    return evaluation.denial(statements, request) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"Action": ["drs:DescribeJobs", "drs:StartRecovery"]}, True),
        ({"Action": "drs:DescribeJobs"}, False),
        ({"Action": "DRS:startrecovery"}, True),
        ({"Action": "drs:*"}, True),
        ({"Action": "*"}, True),
        ({"Action": "drs:Start*"}, True),
        ({"Action": "drs:StartRecover?"}, True),
        ({"Action": "drs:StartRecovery?"}, False),
        ({"Action": "drs:Start"}, False),
        ({"Action": None, "NotAction": "drs:StartRecovery"}, False),
        ({"Action": None, "NotAction": ["ec2:*", "iam:*"]}, True),
        ({"Resource": "*"}, True),
        ({"Resource": "arn:aws:drs:*:222222222222:source-server/*"}, True),
        ({"Resource": "arn:aws:drs:*:111111111111:source-server/*"}, False),
        ({"Resource": "arn:aws:drs:*:222222222222:job/*"}, False),
        ({"Resource": ["arn:aws:s3:::any", SERVER]}, True),
        ({"Resource": SERVER.upper()}, False),
        ({"Resource": SERVER.replace("s-1", "s.1")}, False),
        ({"Resource": SERVER.replace("s-1", "[s]-1")}, False),
        ({"Resource": SERVER.replace("s-1", "s-?")}, True),
        ({"Resource": None, "NotResource": SERVER}, False),
        ({"Resource": None, "NotResource": "arn:aws:s3:::*"}, True),
    ],
)
def test_a_statement_allows_when_action_and_resource_fit(
    changes: dict[str, Any], expected: bool
) -> None:
    assert is_allowed(statement(**changes)) is expected


def test_nothing_is_allowed_when_there_is_no_statement() -> None:
    denial = evaluation.denial([], START)

    assert denial == evaluation.Denial(START, is_explicit=False)


def test_a_named_resource_allows_nothing_when_an_action_has_none() -> None:
    jobs = Request("drs:DescribeJobs")

    assert not is_allowed(statement(Action="drs:DescribeJobs"), request=jobs)
    assert is_allowed(
        statement(Action="drs:DescribeJobs", Resource="*"), request=jobs
    )


@pytest.mark.parametrize("denies_first", [True, False])
def test_a_denial_wins_when_another_statement_allows(
    denies_first: bool,
) -> None:
    statements = [statement(), statement(Effect="Deny", Resource="*")]

    if denies_first:
        statements.reverse()

    assert evaluation.denial(statements, START) == evaluation.Denial(
        START, is_explicit=True
    )


def test_a_denial_changes_nothing_when_its_condition_does_not_hold() -> None:
    conditioned = statement(
        Effect="Deny", Condition={"Bool": {"aws:ViaAWSService": "true"}}
    )
    direct = Request(START.action, SERVER, {"aws:ViaAWSService": "false"})

    assert is_allowed(statement(), conditioned, request=direct)


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringEquals", "one", "one", True),
        ("StringEquals", ["two", "one"], "one", True),
        ("StringEquals", "o*", "one", False),
        ("StringEquals", "One", "one", False),
        ("StringEquals", "one", None, False),
        ("StringEqualsIfExists", "one", None, True),
        ("StringEqualsIfExists", "one", "two", False),
        ("StringNotEquals", "one", "two", True),
        ("StringNotEquals", ["two", "one"], "two", False),
        ("StringNotEquals", "one", None, True),
        ("StringEqualsIgnoreCase", "One", "one", True),
        ("StringNotEqualsIgnoreCase", "One", "one", False),
        ("StringLike", "o?*", "one", True),
        ("StringLike", "o?*", "o", False),
        ("StringNotLike", "o*", "one", False),
        ("Bool", "true", "true", True),
        ("Bool", True, "true", True),
        ("Bool", "true", "false", False),
        ("Bool", "false", None, False),
        ("Null", "true", None, True),
        ("Null", "true", "one", False),
        ("Null", "false", "one", True),
        ("Null", False, None, False),
        ("ArnLike", "arn:aws:iam::*:role/*", ROLE, True),
        ("ArnLike", "arn:aws:iam:*:role/*", ROLE, False),
        ("ArnLike", "*", ROLE, False),
        ("ArnEquals", "arn:aws:iam::222222222222:role/*", ROLE, True),
        ("ArnNotLike", "arn:aws:iam::*:role/*", ROLE, False),
        ("ArnNotEquals", "arn:aws:iam::*:user/*", ROLE, True),
    ],
)
def test_a_condition_holds_when_its_operator_says_so(
    operator: str, wanted: Any, value: str | None, expected: bool
) -> None:
    key = "aws:PrincipalArn"
    context = {} if value is None else {key: value}

    holds = conditions.hold({operator: {key.upper(): wanted}}, context)

    assert holds is expected


def test_all_conditions_must_hold_when_there_are_several() -> None:
    both = {
        "StringEquals": {
            "sts:ExternalId": "secret",
            "sts:RoleSessionName": "drill",
        }
    }

    assert conditions.hold(
        both, {"sts:ExternalId": "secret", "sts:RoleSessionName": "drill"}
    )
    assert not conditions.hold(both, {"sts:ExternalId": "secret"})


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_unknown_key_is_an_error_when_its_statement_concerns_the_request(
    effect: str,
) -> None:
    tagged = statement(
        Effect=effect,
        Condition={"StringEquals": {"aws:ResourceTag/Tier": "web"}},
    )

    with pytest.raises(
        conditions.UnknownConditionKeyError,
        match="aws:ResourceTag/Tier is not known in the local cloud",
    ):
        is_allowed(statement(), tagged)


def test_an_unknown_key_is_no_error_when_its_statement_is_about_others() -> (
    None
):
    tagged = statement(
        Action="drs:DeleteJob",
        Condition={"StringEquals": {"aws:ResourceTag/Tier": "web"}},
    )

    assert is_allowed(statement(), tagged)


def test_an_unknown_operator_is_an_error_when_it_matters() -> None:
    condition = {"IpAddress": {"aws:SecureTransport": "10.0.0.0/8"}}

    with pytest.raises(
        conditions.UnknownConditionOperatorError, match="IpAddress"
    ):
        is_allowed(statement(Condition=condition))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Effect": "allow"}, "Neither Allow nor Deny"),
        ({"Action": None}, "Not exactly one of Action and NotAction"),
        ({"NotAction": "*"}, "Not exactly one of Action and NotAction"),
        ({"Resource": None}, "Not exactly one of Resource and NotResource"),
        ({"Resource": "arn:aws:s3:::${aws:username}"}, "A policy variable"),
    ],
)
def test_a_statement_is_refused_when_it_cannot_be_evaluated(
    changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(MalformedStatementError, match=problem):
        is_allowed(statement(**changes))


def test_a_test_can_ask_which_statements_applied() -> None:
    other = statement(Action="drs:DescribeJobs")

    assert evaluation.applying([other, statement()], START) == [statement()]
