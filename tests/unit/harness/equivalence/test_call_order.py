"""Order counts for each server, and between servers and all else."""

from harness.cloud.calls import AwsCall
from harness.equivalence import call_order

OWNERS = {"lt-1": "s-1", "lt-2": "s-2"}


def call(operation: str, **params: object) -> AwsCall:
    return AwsCall("toy", "drs", operation, params, "1", "us-east-1")


BEFORE = call("UpdateItem", Key="before")
AFTER = call("StartRecovery", sourceServers=[{"sourceServerID": "s-1"}])
UPDATE_1 = call("UpdateLaunchConfiguration", sourceServerID="s-1")
UPDATE_2 = call("UpdateLaunchConfiguration", sourceServerID="s-2")
CREATE_1 = call("CreateLaunchTemplateVersion", LaunchTemplateId="lt-1")
CREATE_2 = call("CreateLaunchTemplateVersion", LaunchTemplateId="lt-2")


def settled(*calls: AwsCall) -> list[AwsCall]:
    return list(call_order.settled(calls, OWNERS))


def test_calls_are_equal_when_servers_are_worked_on_side_by_side() -> None:
    one_by_one = settled(BEFORE, UPDATE_2, CREATE_2, UPDATE_1, CREATE_1, AFTER)
    side_by_side = settled(
        BEFORE, UPDATE_1, UPDATE_2, CREATE_2, CREATE_1, AFTER
    )

    assert one_by_one == side_by_side
    assert one_by_one == [
        *(BEFORE, UPDATE_1, CREATE_1, UPDATE_2, CREATE_2, AFTER)
    ]


def test_calls_differ_when_those_about_one_server_change_places() -> None:
    assert settled(UPDATE_1, CREATE_1) != settled(CREATE_1, UPDATE_1)


def test_calls_differ_when_a_server_comes_after_what_it_must_precede() -> None:
    assert settled(UPDATE_1, AFTER, UPDATE_2) != settled(
        UPDATE_1, UPDATE_2, AFTER
    )


def test_a_server_that_is_configured_after_the_start_differs() -> None:
    before = call_order.mutations([UPDATE_1, CREATE_1, AFTER], OWNERS)
    after = call_order.mutations([AFTER, UPDATE_1, CREATE_1], OWNERS)

    assert sorted(map(str, before)) == sorted(map(str, after))
    assert before != after


def test_calls_that_change_nothing_are_no_mutations() -> None:
    read = call("GetLaunchConfiguration", sourceServerID="s-1")

    [mutation] = call_order.mutations([read, UPDATE_1, read], OWNERS)

    assert mutation["operation"] == "UpdateLaunchConfiguration"
