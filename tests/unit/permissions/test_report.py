"""The report tells what a role may do, what it does and why the rest."""

from harness.cloud.permissions.evaluation import Request
from harness.cloud.permissions.usage import Asked, Permission, RoleUse
from tests.permissions import excuses, report

ROLE = "QueryHandlerRole"
STATEMENTS = (
    {
        "Effect": "Allow",
        "Action": ["drs:DescribeJobs", "xray:PutTraceSegments"],
        "Resource": "*",
    },
)
ASKED = (
    Asked("query", Request("drs:DescribeJobs")),
    Asked("query", Request("drs:StartRecovery", "server")),
)


def test_all_is_told_when_a_role_was_asked() -> None:
    told = report.document(RoleUse(ROLE, STATEMENTS, ASKED))

    [unused] = told["unused"]
    assert told["functions"] == ["query"]
    assert told["asked"] == ["drs:DescribeJobs", "drs:StartRecovery"]
    assert told["used"] == [{"action": "drs:DescribeJobs", "resource": "*"}]
    assert unused["action"] == "xray:PutTraceSegments"
    assert "traces" in unused["reason"]
    assert told["refused"] == [
        "query as QueryHandlerRole may not drs:StartRecovery on server"
    ]


def test_something_is_wrong_when_a_request_is_refused() -> None:
    assert report.is_wrong(report.document(RoleUse(ROLE, STATEMENTS, ASKED)))
    allowed = RoleUse(ROLE, STATEMENTS, ASKED[:1])
    assert not report.is_wrong(report.document(allowed))


def test_something_is_wrong_when_nobody_gave_a_reason() -> None:
    told = report.document(RoleUse("AnotherRole", STATEMENTS, ASKED[:1]))

    lines = list(report.lines(told))

    assert report.is_wrong(told)
    assert "  unused  xray:PutTraceSegments on *" in lines
    assert f"          {report.NOBODY}" in lines


def test_a_reason_for_names_is_none_for_everything() -> None:
    known = [excuses.Excuse(ROLE, "iam:PassRole", "arn:aws:*", "why")]

    named = excuses.reason(
        known, ROLE, Permission("iam:PassRole", "arn:aws:iam::1:role/a")
    )
    anything = excuses.reason(known, ROLE, Permission("iam:PassRole", "*"))

    assert (named, anything) == ("why", None)
