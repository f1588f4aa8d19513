"""Points are named by what calls mean, not by their place in a sequence."""

import json

import pytest

from harness.cloud.calls import STATE_MACHINE, AwsCall
from harness.reliability import crashes
from harness.reliability.points import Point, Points, folders

HANDLER = next(n for n, f in folders().items() if f == "execution-handler")


def call(operation: str, function: str = HANDLER, **params: object) -> AwsCall:
    """Make a call; its account and Region do not matter."""
    return AwsCall(function, "drs", operation, params, "", "")


def test_calls_are_counted_by_what_they_are_about() -> None:
    points = Points()

    names = [
        str(points.of(each))
        for each in (
            call("GetLaunchConfiguration", sourceServerID="s-2"),
            call("GetLaunchConfiguration", sourceServerID="s-1"),
            call("GetLaunchConfiguration", sourceServerID="s-1"),
            call("StartRecovery"),
        )
    ]

    assert names == [
        "execution-handler: GetLaunchConfiguration s-2 1",
        "execution-handler: GetLaunchConfiguration s-1 1",
        "execution-handler: GetLaunchConfiguration s-1 2",
        "execution-handler: StartRecovery 1",
    ]


def test_invocations_are_named_by_their_action() -> None:
    payload = json.dumps({"action": "begin"})

    point = Points().of(call("Invoke", STATE_MACHINE, Payload=payload))

    assert str(point) == "state machine: Invoke begin 1"


@pytest.mark.parametrize(
    ("point", "ways"),
    [
        (
            Point("query-handler", "DescribeJobs", "", 1),
            {"dies before it", "dies after it"},
        ),
        (
            Point("query-handler", "Invoke", "start_wave_recovery", 1),
            {
                "dies before it",
                "dies after it",
                "never arrives",
                "its answer is lost",
            },
        ),
        (
            Point("state machine", "Invoke", "begin", 1),
            {
                "never arrives",
                "its answer is lost",
                "it runs again and again",
            },
        ),
        (Point("state machine", "UpdateItem", "", 1), set()),
    ],
)
def test_each_point_goes_wrong_in_all_ways_it_can(
    point: Point, ways: set[str]
) -> None:
    assert set(crashes.ways(point)) == ways
