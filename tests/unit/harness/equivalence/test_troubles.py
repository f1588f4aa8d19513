"""A trouble meets the same call, in whichever order servers come."""

from itertools import permutations

import pytest

from harness.cloud.calls import AwsCall
from harness.equivalence import call_order
from harness.equivalence.scenarios import Trouble
from harness.equivalence.troubles import KINDS, TroubleMaker

OWNERS = {"lt-1": "s-1", "lt-2": "s-2"}


def call(operation: str, **params: object) -> AwsCall:
    return AwsCall("toy", "drs", operation, params, "1", "us-east-1")


UPDATES = [
    call("UpdateLaunchConfiguration", sourceServerID=server)
    for server in ("s-1", "s-2", "s-1")
]
CREATES = [
    call("CreateLaunchTemplateVersion", LaunchTemplateId=template)
    for template in ("lt-1", "lt-2")
]


def made(trouble: Trouble, calls: list[AwsCall]) -> list[bool]:
    """Tell which of some calls go wrong."""
    maker = TroubleMaker(
        [trouble],
        invoke_again=lambda _: None,
        ask=lambda _: None,
        server_of=lambda each: call_order.server_of(each, OWNERS),
    )
    return [maker.before(each) == KINDS["denied"] for each in calls]


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
