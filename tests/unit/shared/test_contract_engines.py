"""Both engines say the same of every document, JSON or not."""

import copy
import json
import math
from collections import OrderedDict
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from harness.contracts import examples, load
from shared.contract_engines import UnknownEngineError
from shared.contracts import Direction, Violation, find_violations
from tests import builders

FOLDER = Path(__file__).parents[3] / "contracts"
CONTRACTS = load(FOLDER)
EXAMPLES = examples.collect(FOLDER, CONTRACTS)
ENGINES = ("jsonschema-rs", "jsonschema")
RESUME = "orchestration/resume_wave"
JUNK: tuple[object, ...] = (
    None, True, -1, 1.5, 10**30, "", "x" * 400, "\u00fc\n", [], [[]], {},
    {"": 0},
)  # fmt: skip


class Tier(StrEnum):
    """A text that is more than a text."""

    WEB = "web"


class Name(str):
    """Another such text."""


class Seconds(int):
    """A number that is more than a number."""


def verdicts(
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    direction: Direction,
    document: object,
    version: str = "1",
) -> Iterator[list[Violation]]:
    for engine in ENGINES:
        monkeypatch.setenv("CONTRACT_ENGINE", engine)
        yield find_violations(action, direction, document, version)


def boundary(schema: str) -> tuple[str, Direction, str]:
    version, _, rest = schema.removeprefix("v").partition("/")
    action, _, direction = rest.rpartition("/")
    return (
        action,
        "request" if direction == "request" else "response",
        version,
    )


AT_BOUNDARIES = [
    example
    for example in EXAMPLES
    if example.schema.endswith(("request", "response"))
]


@pytest.mark.parametrize("example", AT_BOUNDARIES, ids=lambda e: e.label)
def test_engines_agree_word_for_word_on_an_example(
    monkeypatch: pytest.MonkeyPatch, example: examples.Example
) -> None:
    action, direction, version = boundary(example.schema)

    fast, fallback = verdicts(
        monkeypatch, action, direction, example.document, version
    )

    assert fast == fallback
    assert {(v.pointer, v.rule) for v in fast} == example.findings


@pytest.mark.parametrize("example", AT_BOUNDARIES[::6], ids=lambda e: e.label)
def test_engines_agree_word_for_word_when_a_value_is_replaced(
    monkeypatch: pytest.MonkeyPatch, example: examples.Example
) -> None:
    action, direction, version = boundary(example.schema)

    for document in spoiled(example.document):
        fast, fallback = verdicts(
            monkeypatch, action, direction, document, version
        )
        assert fast == fallback, json.dumps(document)


def spoiled(document: Any) -> Iterator[Any]:
    """Yield copies with one value at the top or below it exchanged."""
    keys = sorted(document) if isinstance(document, dict) else []
    for number, key in enumerate(keys):
        yield {k: v for k, v in document.items() if k != key}
        yield document | {key: JUNK[number % len(JUNK)]}
        for inner in spoiled(document[key]):
            yield document | {key: inner}


def resume_event(**changes: object) -> dict[str, Any]:
    event = CONTRACTS.schemas[f"v1/{RESUME}/request"]["examples"][0]
    return event | {"application": event["application"] | changes}


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "changes",
    [
        {"start_time": Decimal(builders.NOW)},
        {"waves": (builders.wave(0), builders.wave(1))},
        {"accountContext": OrderedDict(builders.foreign_account())},
        {"unknown": {1: 2}},
        {"unknown": nested(198)},
        {"unknown": nested(199)},
        {"unknown": "\x00\u2028\ufffe\uffff\U0001f600", "\U0010ffff": ""},
        {"unknown": [10**38 - 1, 1 - 10**38, 0.0, -0.0]},
        {"unknown": [9.99e125, -9.99e125, 1e-130, -1e-130]},
        {"unknown": "1" * 400 + "e+999"},
        {"unknown": [Tier.WEB, Decimal("9.99e-130"), Decimal(10**37)]},
        {"plan_id": Tier.WEB},
        {"plan_id": Name("p")},
        {"start_time": Seconds(1)},
    ],
)
def test_engines_pass_alike_what_breaks_no_rule(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    event = resume_event(**changes)

    assert list(verdicts(monkeypatch, RESUME, "request", event)) == [[], []]


@pytest.mark.parametrize(
    ("value", "actual"),
    [
        (math.nan, "nan"),
        (Decimal("Infinity"), "Infinity"),
        ({1}, "a value of type set"),
        (b"paused", "a value of type bytes"),
        ("\ud800", "half of a surrogate pair"),
    ],
)
def test_answer_breaks_its_contract_when_lambda_could_not_write_it(
    monkeypatch: pytest.MonkeyPatch, value: object, actual: str
) -> None:
    state = resume_event(unknown=[value])["application"]
    expected = [Violation("/unknown/0", "json", "a JSON value", actual)]

    found = list(verdicts(monkeypatch, RESUME, "response", state))

    assert found == [expected, expected]


def test_answer_keeps_its_contract_when_lambda_writes_a_decimal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = [Decimal(1), Decimal("1.5")]
    state = resume_event(unknown=numbers)["application"]

    assert list(verdicts(monkeypatch, RESUME, "response", state)) == [[], []]


@pytest.mark.parametrize(
    ("changes", "place", "actual"),
    [
        ({"start_time": math.nan}, "start_time", "nan"),
        ({"start_time": -math.inf}, "start_time", "-inf"),
        ({"start_time": Decimal("NaN")}, "start_time", "NaN"),
        ({"waves": {1}}, "waves", "a value of type set"),
        ({"status": b"paused"}, "status", "a value of type bytes"),
        ({"status": "\ud800"}, "status", "half of a surrogate pair"),
        ({"unknown": math.nan}, "unknown", "nan"),
        ({"unknown": [1, math.inf]}, "unknown/1", "inf"),
        ({"unknown": "\ud800"}, "unknown", "half of a surrogate pair"),
        ({"unknown": ["\udc00"]}, "unknown/0", "half of a surrogate pair"),
        ({"unknown": {"\udc00": 1}}, "unknown", "half of a surrogate pair"),
        (
            {"unknown": ["\ud83d", "\ude00"]},
            "unknown/0",
            "half of a surrogate pair",
        ),
        ({"accountContext": {1: 2}}, "accountContext", "a key of type int"),
        (
            {"accountContext": {"\ud800": 2}},
            "accountContext",
            "half of a surrogate pair",
        ),
    ],
)
def test_one_violation_is_told_when_a_value_is_no_json(
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    place: str,
    actual: str,
) -> None:
    event = resume_event(**changes)
    expected = [
        Violation(f"/application/{place}", "json", "a JSON value", actual)
    ]

    found = list(verdicts(monkeypatch, RESUME, "request", event))

    assert found == [expected, expected]


@pytest.mark.parametrize(
    ("number", "actual"),
    [
        (10**38, "one of more than 38 digits"),
        (-(10**38), "one of more than 38 digits"),
        pytest.param(10**5000, "one of more than 38 digits", id="endless"),
        (Decimal("1e38"), "one of more than 38 digits"),
        (1e126, "1e+126"),
        (-1e200, "-1e+200"),
        (9e-131, "9e-131"),
        (-5e-324, "-5e-324"),
        (Decimal("1.5e-200"), "1.5e-200"),
    ],
)
@pytest.mark.parametrize("key", ["start_time", "unknown"])
def test_one_violation_is_told_when_dynamodb_does_not_hold_a_number(
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    number: object,
    actual: str,
) -> None:
    event = resume_event(**{key: number})
    place, expected = f"/application/{key}", "a number that DynamoDB holds"
    violation = Violation(place, "json", expected, actual)

    found = list(verdicts(monkeypatch, RESUME, "request", event))

    assert found == [[violation], [violation]]


@pytest.mark.parametrize("levels", [201, 20_000])
@pytest.mark.parametrize("key", ["status", "unknown"])
def test_one_violation_is_told_when_a_document_is_nested_endlessly(
    monkeypatch: pytest.MonkeyPatch, key: str, levels: int
) -> None:
    event = resume_event(**{key: nested(levels)})
    expected = [Violation("", "json", "at most 200 levels of nesting", "more")]

    found = list(verdicts(monkeypatch, RESUME, "request", event))

    assert found == [expected, expected]


@pytest.mark.parametrize(
    "tags",
    [
        {"7": 1},
        {"007": 1},
        {"+7": 1},
        {"-7": 1},
        {"7": "right", "007": 1},
        {"7": 1, "007": 2, "07": "right"},
        {"0" * 100: 1},
        {"1" * 100: 1},
        {"\u0667": 1},
        {"7": {"007": 1}},
    ],
)
def test_key_is_told_as_it_stands_when_it_is_made_of_digits(
    monkeypatch: pytest.MonkeyPatch, tags: dict[str, object]
) -> None:
    query = "query_servers_by_tags"
    event = {"action": query, "region": "eu-west-1", "tags": tags}
    wrong = [f"/tags/{k}" for k in tags if tags[k] != "right"]

    for found in verdicts(monkeypatch, query, "request", event):
        assert sorted(each.pointer for each in found) == sorted(wrong)


def test_keys_of_digits_are_found_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = "query_servers_by_tags"
    tags = {str(number): number for number in range(20_000)}
    event = {"action": query, "region": "eu-west-1", "tags": tags}

    fast, fallback = verdicts(monkeypatch, query, "request", event)

    assert fast == fallback
    assert fast[1].pointer == "/tags/1"


def test_documents_are_left_alone_when_they_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = resume_event(start_time=Decimal(1), waves=(), status=7)
    before = copy.deepcopy(event)

    list(verdicts(monkeypatch, RESUME, "request", event))

    assert event == before
    assert type(event["application"]["waves"]) is tuple


@pytest.mark.parametrize("engine", ["jsonschema_rs", "fast", "none\n"])
def test_engine_is_refused_when_it_is_unknown(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setenv("CONTRACT_ENGINE", engine)

    with pytest.raises(UnknownEngineError) as caught:
        find_violations(RESUME, "request", {})

    assert str(caught.value) == (
        f"CONTRACT_ENGINE is {engine!a}: it must be jsonschema-rs (the "
        "default) or jsonschema"
    )


def test_fast_engine_is_taken_when_the_variable_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONTRACT_ENGINE", "")

    assert find_violations(RESUME, "request", resume_event()) == []
