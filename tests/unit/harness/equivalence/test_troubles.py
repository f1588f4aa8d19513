"""A trouble meets the same call, in whichever order servers come."""

from itertools import permutations

import pytest

from harness.cloud.calls import AwsCall, ServiceError
from harness.equivalence import call_order
from harness.equivalence.scenarios import Trouble
from harness.equivalence.troubles import KINDS, TroubleMaker

OWNERS = {"lt-1": "s-1", "lt-2": "s-2"}


def call(operation: str, service: str = "drs", **params: object) -> AwsCall:
    return AwsCall("toy", service, operation, params, "1", "us-east-1")


UPDATES = [
    call("UpdateLaunchConfiguration", sourceServerID=server)
    for server in ("s-1", "s-2", "s-1")
]
CREATES = [
    call("CreateLaunchTemplateVersion", LaunchTemplateId=template)
    for template in ("lt-1", "lt-2")
]


def maker_of(*troubles: Trouble) -> TroubleMaker:
    """Wait for some troubles' calls."""
    return TroubleMaker(
        troubles,
        invoke_again=lambda _: None,
        ask=lambda _: None,
        server_of=lambda each: call_order.server_of(each, OWNERS),
    )


def made(trouble: Trouble, calls: list[AwsCall]) -> list[bool]:
    """Tell which of some calls go wrong."""
    maker = maker_of(trouble)
    return [maker.before(each) is not None for each in calls]


def codes(troubles: list[Trouble], number: int) -> list[str | None]:
    """Tell the errors that some calls of UpdateItem meet."""
    maker = maker_of(*troubles)
    faults = [
        maker.before(call("UpdateItem", "dynamodb")) for _ in range(number)
    ]
    return [getattr(fault, "code", None) for fault in faults]


@pytest.mark.parametrize(
    ("trouble", "calls", "expected"),
    [
        (Trouble(UPDATES[0].operation), UPDATES, [True, True, False]),
        (Trouble(UPDATES[0].operation, 2), UPDATES, [False, False, True]),
        (Trouble(UPDATES[0].operation, 0), UPDATES, [True] * 3),
        (
            Trouble(UPDATES[0].operation, 1, about="s-2"),
            UPDATES,
            [False, True, False],
        ),
        (Trouble(CREATES[0].operation, about="s-2"), CREATES, [False, True]),
        (Trouble(CREATES[0].operation, about="lt-1"), CREATES, [True, False]),
        (Trouble("UpdateItem"), UPDATES, [False] * 3),
    ],
)
def test_calls_are_counted_for_each_server_they_are_about(
    trouble: Trouble, calls: list[AwsCall], expected: list[bool]
) -> None:
    denied = Trouble(trouble.operation, trouble.nth, "denied", trouble.about)

    assert made(denied, calls) == expected


def test_calls_about_no_server_are_counted_together() -> None:
    calls = [call("UpdateItem", Key=key) for key in "ab"]

    assert made(Trouble("UpdateItem", 2, "denied"), calls) == [False, True]


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_same_calls_go_wrong_when_servers_come_in_another_order(
    nth: int,
) -> None:
    trouble = Trouble("UpdateLaunchConfiguration", nth, "denied")
    of_1 = [UPDATES[0]] * 2
    expected = dict(zip("12", [made(trouble, of_1)] * 2, strict=True))

    for order in set(permutations("1122")):
        calls = [UPDATES[int(server) - 1] for server in order]
        wrong = list(zip(order, made(trouble, calls), strict=True))
        found = {
            each: [is_wrong for server, is_wrong in wrong if server == each]
            for each in "12"
        }
        assert found == expected


def test_later_trouble_counts_the_calls_that_an_earlier_one_meets() -> None:
    throttled = Trouble("UpdateItem", 1, "throttled")
    denied = Trouble("UpdateItem", 2, "denied")

    assert codes([throttled, denied], 4) == [
        "ProvisionedThroughputExceededException",
        "AccessDeniedException",
        None,
        None,
    ]
    assert codes([throttled, denied], 4) == codes([denied, throttled], 4)


def test_first_trouble_is_made_when_several_meet_the_same_call() -> None:
    denied = Trouble("UpdateItem", 1, "denied")
    invalid = Trouble("UpdateItem", 1, "invalid")

    assert codes([denied, invalid], 2) == ["AccessDeniedException", None]
    assert codes([invalid, denied], 2) == ["ValidationException", None]


def test_equal_troubles_do_not_count_for_each_other() -> None:
    denied = Trouble("UpdateItem", 2, "denied")

    assert codes([denied, denied], 4) == [
        None,
        "AccessDeniedException",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("kind", "service", "code", "status"),
    [
        ("throttled", "drs", "ThrottlingException", 429),
        ("throttled", "ec2", "RequestLimitExceeded", 503),
        (
            "throttled",
            "dynamodb",
            "ProvisionedThroughputExceededException",
            400,
        ),
        ("throttled once", "ec2", "RequestLimitExceeded", 503),
        ("denied", "drs", "AccessDeniedException", 403),
        ("denied", "ec2", "UnauthorizedOperation", 403),
        ("denied", "sts", "AccessDenied", 403),
        ("invalid", "sts", "ValidationError", 400),
        ("expired", "sts", "ExpiredToken", 403),
        ("broken after effect", "ec2", "InternalError", 500),
    ],
)
def test_call_fails_with_the_code_of_its_own_service(
    kind: str, service: str, code: str, status: int
) -> None:
    fault = maker_of(Trouble("Any", 1, kind)).before(call("Any", service))

    assert isinstance(fault, ServiceError)
    assert (fault.code, fault.status) == (code, status)
    assert fault.after_effect == ("after effect" in kind)
    assert fault.attempts == (1 if "once" in kind else None)


@pytest.mark.parametrize("service", ["drs", "dynamodb", "ec2", "sts"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_goes_wrong_at_every_service(
    kind: str, service: str
) -> None:
    trouble = Trouble("Any", 1, kind)

    assert maker_of(trouble).before(call("Any", service)) is not None
