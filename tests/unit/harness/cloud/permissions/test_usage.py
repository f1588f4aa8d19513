"""Which permissions are used, and what is missed without one."""

from typing import Any

import pytest

from harness.cloud.calls import AwsCall
from harness.cloud.permissions import usage
from harness.cloud.permissions.evaluation import Request
from harness.cloud.permissions.identities import Principal
from harness.cloud.permissions.usage import Asked, Permission, RoleUse

TABLES: dict[str, Any] = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:Scan"],
    "Resource": ["table/a", "table/b"],
}
THROUGH_DRS: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "ec2:Describe*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:ViaAWSService": "true"}},
}
READ_A = Permission("dynamodb:GetItem", "table/a")


def use(
    *requests: Request, statements: tuple[Any, ...] = (TABLES,)
) -> RoleUse:
    asked = tuple(Asked("reader", request) for request in requests)
    return RoleUse("Role", statements, asked)


def test_each_pair_counts_once_when_statements_repeat_it() -> None:
    found = usage.permissions([TABLES, {**TABLES, "Resource": "table/a"}])

    assert found == [
        READ_A,
        Permission("dynamodb:GetItem", "table/b"),
        Permission("dynamodb:Scan", "table/a"),
        Permission("dynamodb:Scan", "table/b"),
    ]


def test_a_permission_is_used_when_it_fits_a_request() -> None:
    role = use(Request("dynamodb:GetItem", "table/a"))

    assert role.used() == [READ_A]
    assert len(role.unused()) == 3
    assert role.refusals() == []


@pytest.mark.parametrize(("through", "used"), [("true", 1), ("false", 0)])
def test_a_permission_is_used_only_when_its_condition_holds(
    through: str, used: int
) -> None:
    context = {"aws:ViaAWSService": through}
    request = Request("ec2:DescribeImages", "*", context)

    role = use(request, statements=(THROUGH_DRS,))

    assert len(role.used()) == used
    assert len(role.refusals()) == 1 - used


def test_who_may_not_do_what_is_told_when_a_permission_is_missing() -> None:
    role = use(
        Request("dynamodb:GetItem", "table/a"),
        Request("dynamodb:GetItem", "table/b"),
        Request("dynamodb:Scan", "table/a"),
    )

    [refusal] = role.refusals(missing=READ_A)

    assert str(refusal) == (
        "reader as Role may not dynamodb:GetItem on table/a"
    )


def test_it_is_taken_from_every_statement_when_several_give_it() -> None:
    request = Request("dynamodb:GetItem", "table/a")

    role = use(request, statements=(TABLES, TABLES))

    assert len(role.refusals(missing=READ_A)) == 1


def test_a_denial_stays_when_a_permission_is_taken_away() -> None:
    denied = {**TABLES, "Effect": "Deny"}

    assert usage.without([denied], READ_A) == (denied,)
    assert usage.permissions([denied]) == []


def test_the_work_of_drs_is_needed_when_a_recovery_starts() -> None:
    params = {"sourceServers": [{"sourceServerID": "s-1"}]}
    place = ("123456789012", "us-east-1")
    call = AwsCall("starter", "drs", "StartRecovery", params, *place)

    needed = {
        request.action: request.context["aws:ViaAWSService"]
        for request in usage.needs(call, Principal("session", "role", ()))
    }

    assert needed["drs:StartRecovery"] == "false"
    assert needed["ec2:RunInstances"] == "true"
    assert "iam:PassRole" in needed
