"""What is told of a broken contract: all that is wrong, and no secret."""

import json
from typing import Any

import pytest

from shared.contracts import (
    ContractViolationError,
    check_request,
    find_violations,
    require,
)
from tests import builders

QUERY = "query_servers_by_tags"
TOKEN = "orchestration/store_task_token"
SECRET = "do-not-tell"
BYTES = 8192


def query(**changes: object) -> dict[str, Any]:
    return {
        "action": QUERY,
        "region": "eu-west-1",
        "tags": {},
    } | changes


def refused(
    action: str, document: object, direction: Any = "request"
) -> ContractViolationError:
    with pytest.raises(ContractViolationError) as caught:
        require(action, direction, document)
    return caught.value


def test_machines_read_the_same_as_people() -> None:
    error = refused(QUERY, query(region="", tags={"Tier": 1}))

    assert error.problem_details() == {
        "type": "https://drs-orchestration.example/problems/"
        "contract-violation",
        "title": "Contract violation",
        "detail": str(error),
        "action": QUERY,
        "direction": "request",
        "version": "1",
        "errors": [
            {
                "pointer": "/region",
                "rule": "minLength",
                "expected": "1",
                "actual": '""',
            },
            {
                "pointer": "/tags/Tier",
                "rule": "type",
                "expected": "string",
                "actual": "1",
            },
        ],
        "omitted": 0,
    }


def test_places_come_in_their_order_when_many_are_wrong() -> None:
    ids: list[object] = [7] * 12
    answer = {"server_ids": ids}

    found = find_violations(QUERY, "response", answer)

    assert [each.pointer for each in found] == [
        f"/server_ids/{number}" for number in range(12)
    ]


@pytest.mark.parametrize(
    ("value", "actual"),
    [
        (None, "null"),
        (7, "7"),
        (True, "true"),
        (10**38 - 1, "9" * 38),
        (1 - 10**38, "number of 39 characters"),
        ([1, 2], "array of 2"),
        ({"key": SECRET}, "object of 1"),
    ],
)
def test_value_is_told_when_it_is_short(value: object, actual: str) -> None:
    (violation,) = find_violations(QUERY, "request", query(region=value))

    assert violation.actual == actual


@pytest.mark.parametrize(
    ("text", "actual"),
    [
        ("RUNNING", '"RUNNING"'),
        ("r\u00fcnning\n", '"r\\u00fcnning\\n"'),
        ("A" * 40, "string of 40 characters"),
        (SECRET * 100, "string of 1100 characters"),
    ],
)
def test_text_is_told_only_when_it_is_too_short_for_a_token(
    text: str, actual: str
) -> None:
    event = {"action": "resume_wave", "application": builders.state()}
    event["application"] |= {"status": text, "paused_before_wave": 1}

    found = find_violations("orchestration/resume_wave", "request", event)

    assert {each.pointer: each.actual for each in found}[
        "/application/status"
    ] == actual


@pytest.mark.parametrize(
    "name",
    [
        "taskToken",
        "task_token",
        "externalId",
        "External-ID",
        "password",
        "DB_PASSWORD",
        "credentials",
        "aws_secret_access_key",
        "AccessKeyId",
        "sessionToken",
        "Authorization",
        "api_key",
    ],
)
def test_value_is_hidden_when_its_key_is_that_of_a_secret(name: str) -> None:
    nested = query(tags={name: {"id": SECRET}})
    short = query(tags={name: 42})

    found = [
        find_violations(QUERY, "request", each)[0].actual
        for each in (nested, short)
    ]

    assert found == ["object (hidden)", "value (hidden)"]


def test_token_and_external_id_are_not_told_when_they_are_wrong() -> None:
    application = builders.state(
        paused_before_wave=1,
        accountContext={"externalId": [SECRET], "assumeRoleName": [SECRET]},
    )
    event = {
        "action": "store_task_token",
        "application": application,
        "taskToken": [SECRET],
    }

    error = refused(TOKEN, event)

    told = str(error) + json.dumps(error.problem_details())
    assert "/taskToken" in told
    assert "/externalId" in told
    assert SECRET not in told
    assert SECRET not in repr(error.violations)


def test_violations_and_message_are_capped_when_a_document_is_junk() -> None:
    key = "\u00fc" * 1_000
    event = query(tags={f"{key}{n}": n for n in range(50)})

    error = refused(QUERY, event)

    assert 0 < len(error.violations) <= 20
    assert error.breach.omitted == 50 - len(error.violations)
    assert str(error).endswith(f"; and {error.breach.omitted} more")
    assert len(str(error).encode()) <= BYTES


def test_first_twenty_are_told_when_there_are_more() -> None:
    error = refused(QUERY, query(tags={f"k{n:03}": n for n in range(500)}))

    assert [each.pointer for each in error.violations] == [
        f"/tags/k{n:03}" for n in range(20)
    ]
    assert error.breach.omitted == 480
    assert len(json.dumps(error.problem_details()["errors"])) <= BYTES


def test_message_stays_one_line_when_a_key_holds_line_ends() -> None:
    error = refused(QUERY, query(tags={"a\nERROR forged\u2028": 1}))

    assert len(str(error).splitlines()) == 1
    assert str(error).isascii()


def test_search_ends_early_when_a_document_is_very_large() -> None:
    tags = {f"key-{n}": n for n in range(300_000)}

    error = refused(QUERY, query(tags=tags))

    first, size = error.violations
    assert (first.rule, first.expected) == ("type", "string")
    assert size.rule == "size"
    assert size.actual == "5777844 bytes"


def test_large_document_passes_when_it_keeps_its_contract() -> None:
    tags = {f"key-{n}": "v" for n in range(300_000)}

    assert check_request(QUERY, query(tags=tags)) == "1"
