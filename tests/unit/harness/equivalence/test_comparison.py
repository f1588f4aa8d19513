"""Every kind of difference is found, and named by its path."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.equivalence import Observation, compare
from harness.equivalence.comparison import (
    ABSENT,
    Count,
    Difference,
    walk,
)
from harness.equivalence.observations import canonical

Change = Callable[[Observation], Observation]


def observation() -> Observation:
    """Make a miniature of an execution, anew each time."""
    item = {"executionId": "e-1", "status": "COMPLETED", "endTime": 60}
    return Observation(
        ending={"status": "SUCCEEDED", "output": {"status": "completed"}},
        transitions=(
            {
                "state": "Begin",
                "event": "TaskStateEntered",
                "data": {"waves": [1]},
            },
            {
                "state": "Begin",
                "event": "TaskStateExited",
                "data": {"job_id": "j-1"},
            },
        ),
        steps=({"action": "begin", "tables": {"history": {"e-1": item}}},),
        tables={"history": {"e-1": item}, "groups": {}},
        mutations=(
            {"operation": "StartRecovery", "params": {"isDrill": True}},
            {"operation": "UpdateItem", "params": {"taskToken": "secret"}},
        ),
        reads=frozenset({'{"operation":"DescribeJobs"}'}),
        jobs={"123456789012 us-east-1": {"j-1": {"status": "COMPLETED"}}},
        instances={"123456789012 us-east-1": {"i-1": {"type": "t3.small"}}},
        lines=("Wave 0 started", "Wave 0 completed"),
    )


def changed(field: str, *keys: Any, to: Any) -> Change:
    """Make a change of one value, deep inside one field."""

    def change(before: Observation) -> Observation:
        value = inner = copy.deepcopy(getattr(before, field))
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = to
        return replace(before, **{field: value})

    return change


def test_nothing_differs_when_two_observations_are_the_same() -> None:
    comparison = compare(observation(), observation())

    assert comparison.equal
    assert comparison.counts == (
        Count("transitions", 1, 1),
        Count("steps", 1, 1),
        Count("items", 1, 1),
        Count("mutating calls", 2, 2),
        Count("distinct reads", 1, 1),
        Count("DRS jobs", 1, 1),
        Count("instances", 1, 1),
        Count("log lines", 2, 2),
    )


@pytest.mark.parametrize(
    ("change", "path", "left", "right"),
    [
        (
            changed("ending", "status", to="FAILED"),
            "ending.status",
            "SUCCEEDED",
            "FAILED",
        ),
        (
            changed("transitions", 1, "data", "job_id", to="j-2"),
            "transitions[1].data.job_id",
            "j-1",
            "j-2",
        ),
        (
            changed("transitions", 0, "data", "waves", to=[]),
            "transitions[0].data.waves[0]",
            1,
            ABSENT,
        ),
        (
            changed(
                "steps", 0, "tables", "history", "e-1", "status", to="FAILED"
            ),
            "steps[0].tables.history[e-1].status",
            "COMPLETED",
            "FAILED",
        ),
        (
            changed("tables", "history", "e-1", "extra", to=None),
            "tables.history[e-1].extra",
            ABSENT,
            None,
        ),
        (
            changed("tables", "history", "e-1", "endTime", to=60.0),
            "tables.history[e-1].endTime",
            60,
            60.0,
        ),
        (
            changed("mutations", 0, "params", "isDrill", to=1),
            "mutations[0].params.isDrill",
            True,
            1,
        ),
        (
            changed(
                "jobs", "123456789012 us-east-1", "j-1", "status", to="STARTED"
            ),
            "jobs[123456789012 us-east-1][j-1].status",
            "COMPLETED",
            "STARTED",
        ),
        (
            changed(
                "instances", "123456789012 us-east-1", "i-2", to={"type": "x"}
            ),
            "instances[123456789012 us-east-1][i-2]",
            ABSENT,
            {"type": "x"},
        ),
        (
            lambda before: replace(before, lines=("Wave 0 started",)),
            "lines[1]",
            "Wave 0 completed",
            ABSENT,
        ),
    ],
)
def test_the_path_and_both_values_are_given_when_one_value_differs(
    change: Change, path: str, left: Any, right: Any
) -> None:
    comparison = compare(observation(), change(observation()))

    [difference] = comparison.differences
    assert (difference.path, difference.left, difference.right) == (
        path,
        left,
        right,
    )


def test_both_places_are_named_when_mutating_calls_change_their_order() -> (
    None
):
    before = observation()
    after = replace(before, mutations=before.mutations[::-1])

    paths = [each.path for each in compare(before, after).differences]

    assert "mutations[0].operation" in paths
    assert "mutations[1].operation" in paths


def test_a_read_is_named_when_only_one_side_makes_it() -> None:
    more = frozenset({*observation().reads, '{"operation":"DescribeX"}'})
    after = replace(observation(), reads=more)

    [difference] = compare(observation(), after).differences

    assert difference.path == "reads[DescribeX]"
    assert difference.left == ABSENT
    assert difference.right == {"operation": "DescribeX"}


def test_one_value_differs_when_it_is_missing_in_the_middle_of_a_list() -> (
    None
):
    left = ["same", "missing", "same", {"last": 1}]
    right = ["same", "same", {"last": 1}]

    assert list(walk("lines", left, right)) == [
        Difference("lines[1]", "missing", ABSENT)
    ]


def test_a_secret_is_masked_when_it_differs() -> None:
    change = changed("mutations", 1, "params", "taskToken", to="other")

    [difference] = compare(observation(), change(observation())).differences

    assert difference.path == "mutations[1].params.taskToken"
    assert "secret" not in f"{difference.left}{difference.right}"


def test_a_secret_is_masked_when_it_stands_inside_a_differing_value() -> None:
    item = {"accountContext": {"externalId": "secret"}, "taskToken": "secret"}
    change = changed("tables", "history", "e-2", to=item)

    [difference] = compare(observation(), change(observation())).differences

    assert difference.path == "tables.history[e-2]"
    assert "secret" not in str(difference.right)


TOKEN = "token-of-the-gate"
EXTERNAL_ID = "id-of-the-role"


def shown(left: Observation, right: Observation) -> str:
    """Write all that is shown of two observations; they must differ."""
    differences = compare(left, right).differences
    assert differences
    return str(differences)


def test_a_secret_of_a_read_is_masked_when_another_session_asks() -> None:
    def assuming(session: str) -> Observation:
        params = {"ExternalId": EXTERNAL_ID, "RoleSessionName": session}
        call = {"operation": "AssumeRole", "params": params}
        return replace(observation(), reads=frozenset({canonical(call)}))

    text = shown(assuming("one"), assuming("another"))

    assert "another" in text and EXTERNAL_ID not in text


def test_a_secret_is_masked_when_only_an_expression_names_it() -> None:
    def writing(first: str, second: str) -> Observation:
        values = {":new1": {"S": "PAUSED"}, ":new2": {"S": TOKEN}}
        params = {
            "UpdateExpression": "SET #s = :new1, #t=:new2",
            "ExpressionAttributeNames": {"#s": "status", "#t": "taskToken"},
            "ExpressionAttributeValues": {
                first: values[":new1"],
                second: values[":new2"],
            },
        }
        if first == ":new2":
            params["UpdateExpression"] = "SET #t = :new1, #s = :new2"
        call = {"operation": "UpdateItem", "params": params}
        return replace(observation(), mutations=(call,))

    text = shown(writing(":new1", ":new2"), writing(":new2", ":new1"))

    assert "PAUSED" in text and TOKEN not in text


def test_a_secret_is_masked_when_only_the_functions_were_told_it() -> None:
    before = replace(observation(), secrets=frozenset({TOKEN}))
    after = replace(
        before, lines=(f"INFO gate of {TOKEN}", "Wave 0 completed")
    )

    text = shown(before, after)

    assert "INFO gate of ***" in text and TOKEN not in text


def test_a_secret_is_masked_in_the_path_when_it_is_a_key() -> None:
    before = replace(observation(), secrets=frozenset({TOKEN}))
    change = changed("tables", "history", TOKEN, to={"gate": TOKEN})

    [difference] = compare(before, change(before)).differences

    assert difference.path == "tables.history[***]"
    assert difference.right == {"gate": "***"}


def test_two_texts_are_told_apart_when_only_their_secrets_differ() -> None:
    secrets = frozenset({TOKEN, EXTERNAL_ID})
    before = replace(observation(), lines=(TOKEN,), secrets=secrets)
    after = replace(before, lines=(EXTERNAL_ID,))

    [difference] = compare(before, after).differences

    assert (difference.left, difference.right) == (
        "*** (one)",
        "*** (another)",
    )
