"""What DynamoDB holds becomes JSON, and the other way round."""

import json
from decimal import Decimal

import pytest

from shared.json_values import DecimalEncoder, from_dynamodb, to_dynamodb


def test_numbers_are_ints_or_floats_when_they_leave_dynamodb() -> None:
    held = {"n": Decimal("3"), "l": [Decimal("0.5"), {"m": Decimal("-2.0")}]}

    copied = from_dynamodb(held)

    assert copied == {"n": 3, "l": [0.5, {"m": -2}]}
    assert [type(copied["n"]), type(copied["l"][0])] == [int, float]
    assert type(copied["l"][1]["m"]) is int


def test_floats_are_the_decimals_they_show_when_they_enter_dynamodb() -> None:
    value = {"rate": 0.1, "list": [0.3, "text", True, None, 7]}

    stored = to_dynamodb(value)

    assert stored == {
        "rate": Decimal("0.1"),
        "list": [Decimal("0.3"), "text", True, None, 7],
    }


def test_nothing_changes_when_a_document_goes_there_and_back() -> None:
    document = {"a": [1, 2.5, "x", None, False, {"b": []}], "c": {}}

    assert from_dynamodb(to_dynamodb(document)) == document


def test_decimals_are_numbers_when_they_are_encoded() -> None:
    text = json.dumps([Decimal("1"), Decimal("1.5")], cls=DecimalEncoder)

    assert text == "[1, 1.5]"


def test_other_values_are_refused_when_they_are_no_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"a": {1}}, cls=DecimalEncoder)
