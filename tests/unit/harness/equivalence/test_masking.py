"""Secrets are found wherever they have a name, and hidden everywhere."""

import json
from typing import Any

import pytest

from harness.equivalence.masking import MASK, Secrets, secrets_in

TOKEN = "AQC8token+/="


@pytest.mark.parametrize(
    "value",
    [
        {"taskToken": TOKEN},
        {"item": [{"taskToken": {"S": TOKEN}}]},
        {"accountContext": {"externalId": TOKEN}},
        {"Credentials": {"SessionToken": TOKEN}},
        {"Payload": json.dumps({"taskToken": TOKEN})},
        {"Cause": json.dumps({"event": json.dumps({"taskToken": TOKEN})})},
        frozenset({json.dumps({"params": {"ExternalId": TOKEN}})}),
        {
            "UpdateExpression": "SET a = :a, taskToken = :b",
            "ExpressionAttributeValues": {
                ":a": {"S": "x"},
                ":b": {"S": TOKEN},
            },
        },
        {
            "ConditionExpression": "#gate.#token = :b",
            "ExpressionAttributeNames": {"#token": "taskToken"},
            "ExpressionAttributeValues": {":b": {"S": TOKEN}},
        },
    ],
)
def test_a_secret_is_found_when_something_names_it(value: Any) -> None:
    assert list(secrets_in(value)) == [TOKEN]


@pytest.mark.parametrize(
    "value",
    [
        {"status": "PAUSED", "note": '{"taskToken": no JSON'},
        {"taskToken": None, "externalId": 7},
        {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {}},
        {"ExpressionAttributeValues": "no object", "taskToken": []},
    ],
)
def test_nothing_is_found_when_no_text_is_a_secret(value: Any) -> None:
    assert list(secrets_in(value)) == []


def test_a_secret_is_hidden_when_it_stands_inside_a_text_or_a_key() -> None:
    value = {f"key {TOKEN}": [f"line about {TOKEN}.", 1, None, ("x",)]}

    assert Secrets([TOKEN]).hidden(value) == {
        f"key {MASK}": [f"line about {MASK}.", 1, None, ["x"]]
    }


def test_a_secret_is_hidden_when_json_writes_it_in_other_characters() -> None:
    secret = 'quoted "é"'
    texts = [json.dumps(secret), json.dumps(secret, ensure_ascii=False)]

    assert Secrets([secret]).hidden(texts) == [f'"{MASK}"', f'"{MASK}"']


def test_the_longer_secret_is_hidden_when_one_begins_as_another() -> None:
    hidden = Secrets(["token-1", "token-12"]).hidden("token-12, token-1")

    assert hidden == f"{MASK}, {MASK}"


def test_nothing_is_hidden_when_secrets_are_empty_or_masked_already() -> None:
    assert Secrets(["", MASK]).hidden("a *** b") == "a *** b"
