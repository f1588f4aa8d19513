"""What is proved without a document: patterns, and schemas taken apart."""

from typing import Any

import pytest

from harness.contracts import patterns, proofs

DIGITS = "^[0-9]{3}$"


@pytest.mark.parametrize(
    ("large", "small"),
    [
        ("^[a-z]{3}$", "^[a-f]{3}$"),
        ("^[a-z]{3}$", "^[a-z][a-z]{2}$"),
        ("^[a-z]*$", "^(ab|cd)+x?$"),
        ("^[^0-9]+$", "^[a-z]+$"),
        ("^s-", "^s-[0-9]{17}$"),
        ("a", "^bab$"),
        ("^.*$", "^[ -~]{0,9}$"),
        ("", DIGITS),
    ],
)
def test_pattern_is_included_but_not_the_other_way_round(
    large: str, small: str
) -> None:
    assert patterns.includes(large, large)
    assert patterns.includes(large, small)
    both = patterns.includes(small, large)
    assert both is (small == "^[a-z][a-z]{2}$")


@pytest.mark.parametrize(
    "pattern", ["^(?=a)", "^(a)\\1$", "^\\d$", "^a{999}$", "(", "(?i)^a$"]
)
def test_pattern_is_not_compared_when_it_is_more_than_regular(
    pattern: str,
) -> None:
    assert not patterns.includes(pattern, DIGITS)


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        ({"pattern": "^[0-9]+$"}, {"pattern": DIGITS}),
        ({"minLength": 3}, {"pattern": DIGITS, "maxLength": 9}),
        ({"pattern": DIGITS}, {"pattern": "^[0-8]{3}", "maxLength": 3}),
        ({"minimum": 0}, {"type": "integer", "minimum": 1}),
        (
            {"allOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"required": ["b", "a", "c"]},
        ),
        (
            {"items": {"properties": {"a": {"pattern": "^[0-9]"}}}},
            {"items": {"properties": {"a": {"pattern": DIGITS}}}},
        ),
    ],
    ids=str,
)
def test_reader_is_proved_to_take_all_when_it_asks_for_less(
    reader: Any, writer: Any
) -> None:
    assert proofs.accepts_all(reader, writer)
    assert not proofs.accepts_all(writer, reader)


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        # A rule kept at one place says nothing of another.
        (
            {"properties": {"a": {"pattern": DIGITS}}},
            {"properties": {"b": {"pattern": DIGITS}}},
        ),
        # `else` belongs to its `if`, the properties to what is additional.
        (
            {"if": {"required": ["a"]}, "else": {"required": ["b"]}},
            {"if": {"required": ["c"]}, "else": {"required": ["b"]}},
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"properties": {"b": {}}, "additionalProperties": False},
        ),
        ({"properties": {"a": False}}, {"properties": {"b": False}}),
        # Python lets a line end follow the end of a pattern.
        ({"maxLength": 3}, {"pattern": DIGITS}),
        ({"minLength": 4}, {"pattern": DIGITS}),
        ({"items": {"type": "null"}}, {"prefixItems": [{"type": "null"}]}),
    ],
    ids=str,
)
def test_nothing_is_proved_when_the_reader_refuses_something(
    reader: Any, writer: Any
) -> None:
    assert not proofs.accepts_all(reader, writer)
