"""Answers fit the model but for two known violations, and it would show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.drs.engine.wire import model
from tests.unit.harness.drs.conformance.answers import Answer, misfits
from tests.unit.harness.drs.conformance.schemas import KNOWN_VIOLATIONS
from tests.unit.harness.drs.conformance.wire import RawRequest

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

TIME = "2026-01-05T10:00:00.000000Z"
LOG = "DescribeJobLogItems"
JOB = {"jobID": "drsjob-0123456789abcdef0"}
EVENT, ENDING = KNOWN_VIOLATIONS
ERROR = {"x-amzn-errortype": "ConflictException"}


def found(
    operation: str,
    body: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> list[str]:
    text = body if isinstance(body, str) else json.dumps(body)
    answer = Answer(status, headers or {}, text)
    return misfits(model.service().operation_model(operation), answer)


def log_of_a_drill(emulator: Emulator) -> Answer:
    job = emulator.recover(emulator.add("web"))["jobID"]
    body = json.dumps({"jobID": job})
    return emulator.wire.send(RawRequest("POST", "/DescribeJobLogItems", body))


def test_two_violations_are_known_and_each_has_a_source() -> None:
    assert [each.shape for each in KNOWN_VIOLATIONS] == [
        "JobLogEvent",
        "ISO8601DatetimeString",
    ]
    assert all(each.source for each in KNOWN_VIOLATIONS)


def test_a_real_log_fits_only_because_both_violations_are_known(
    emulator: Emulator,
) -> None:
    log = log_of_a_drill(emulator)

    operation = model.service().operation_model(LOG)
    assert misfits(operation, log, ()) != []
    assert all(".event:" in x for x in misfits(operation, log, (ENDING,)))
    assert all("DateTime:" in x for x in misfits(operation, log, (EVENT,)))
    assert misfits(operation, log) == []


def test_one_violation_is_left_when_times_end_as_the_model_says(
    emulator: Emulator,
) -> None:
    emulator.choose(time_format="zulu")

    log = log_of_a_drill(emulator)

    operation = model.service().operation_model(LOG)
    assert misfits(operation, log, (EVENT,)) == []
    assert len(misfits(operation, log, ())) == 1


@pytest.mark.parametrize(
    "item",
    [
        {"event": "LAUNCHED"},
        {"event": "launch_end"},
        {"logDateTime": "2026-01-05T10:00:00.000000+01:00"},
        {"logDateTime": "2026-01-05 10:00:00Z"},
        {"logDateTime": 1767607200},
        {"eventData": {"sourceServerID": "s-0"}},
        {"eventData": {"attemptCount": 10}},
        {"severity": "INFO"},
        [],
    ],
)
def test_a_wrong_item_is_noticed(item: Any) -> None:
    assert found(LOG, {"items": [item]}) != []


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("StartRecovery", 200, {"job": JOB}),
        ("StartRecovery", 202, {"job": {}}),
        ("DescribeJobs", 200, {"items": {}}),
        ("DescribeJobs", 200, {"items": [JOB], "total": 1}),
        ("DescribeJobs", 200, ""),
        ("InitializeService", 200, ""),
        ("InitializeService", 204, {"done": True}),
        ("TagResource", 200, {"tags": {}}),
        ("ListTagsForResource", 200, {"tags": {"k": "v" * 257}}),
    ],
)
def test_a_wrong_success_is_noticed(
    operation: str, status: int, body: Any
) -> None:
    assert found(operation, body, status) != []


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (409, {}, {"message": "busy"}),
        (400, ERROR, {"message": "busy"}),
        (409, ERROR, {"message": "busy", "fieldList": []}),
        (409, ERROR, {"Message": "busy"}),
        (404, {"x-amzn-errortype": "NotFound"}, {"message": "gone"}),
        (429, {"x-amzn-errortype": "ThrottlingException"}, {}),
        (501, {"x-amzn-errortype": "NotImplementedYet"}, {"message": ""}),
    ],
)
def test_a_wrong_error_is_noticed(
    status: int, headers: dict[str, str], body: Any
) -> None:
    assert found("StartRecovery", body, status, headers) != []


@pytest.mark.parametrize(
    ("operation", "status", "headers", "body"),
    [
        ("StartRecovery", 202, {}, {"job": JOB}),
        ("DescribeJobs", 200, {}, {"items": [JOB], "nextToken": "t"}),
        (LOG, 200, {}, {"items": [{"logDateTime": TIME}]}),
        ("InitializeService", 204, {}, ""),
        ("TagResource", 200, {}, "{}"),
        ("StartRecovery", 409, ERROR, {"message": "busy", "code": "C"}),
    ],
)
def test_a_right_answer_passes(
    operation: str, status: int, headers: dict[str, str], body: Any
) -> None:
    assert found(operation, body, status, headers) == []
