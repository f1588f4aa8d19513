"""Faults read from plan files and from HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harness import drs
from harness.drs.engine.fault_documents import document_of, kinds

EXAMPLES: list[tuple[dict[str, Any], drs.Fault]] = [
    (
        {"fault": "throttle", "operation": "DescribeJobs", "times": 3},
        drs.Throttle("DescribeJobs", 3),
    ),
    (
        {"fault": "unlock_delay", "delay": 90, "region": "us-east-1"},
        drs.UnlockDelay(timedelta(seconds=90), region="us-east-1"),
    ),
    (
        {"fault": "fail_at", "server_id": "s-1", "phase": "launch"},
        drs.FailAt("s-1", "launch"),
    ),
    ({"fault": "caller_denied"}, drs.CallerDenied()),
    (
        {"fault": "time_format", "form": "zulu"},
        drs.TimeFormat("zulu"),
    ),
    (
        {"fault": "launch_action_fails", "server_id": "s-1", "optional": True},
        drs.LaunchActionFails("s-1", optional=True),
    ),
]


@pytest.mark.parametrize(("document", "fault"), EXAMPLES)
def test_a_document_describes_a_fault(
    document: dict[str, Any], fault: drs.Fault
) -> None:
    assert drs.fault_from(document) == fault


@pytest.mark.parametrize("fault", [fault for _, fault in EXAMPLES])
def test_a_fault_is_the_same_when_it_was_written_and_read(
    fault: drs.Fault,
) -> None:
    assert drs.fault_from(document_of(fault)) == fault


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "There is no fault None"),
        ({"fault": "meteor"}, "there are: api_denied, api_error"),
        ({"fault": "busy"}, "needs the field 'server_id'"),
        ({"fault": "busy", "server_id": 7}, "cannot be 7"),
        ({"fault": "page_size", "size": True}, "cannot be True"),
        ({"fault": "page_size", "size": 1, "of": 2}, "has no field 'of'"),
        (
            {"fault": "fail_at", "server_id": "s-1", "phase": "lunch"},
            "cannot be 'lunch'",
        ),
        ({"fault": "api_denied", "operation": "Cancel"}, "no operation"),
        (
            {
                "fault": "api_error",
                "operation": "DescribeJobs",
                "code": "SourceServer",
                "message": "no",
            },
            "no error 'SourceServer'",
        ),
        ({"fault": "unlock_delay", "delay": "long"}, "cannot be 'long'"),
        ({"fault": "unlock_delay", "delay": -1}, "'delay' cannot be below 0"),
        ({"fault": "page_size", "size": 0}, "'size' cannot be below 1"),
        (
            {"fault": "throttle", "operation": "DescribeJobs", "times": -1},
            "'times' cannot be below 0",
        ),
        (
            {"fault": "replication_state", "server_id": "s-1", "state": "ON"},
            "no replication state 'ON'",
        ),
    ],
)
def test_a_document_is_refused_when_it_describes_no_fault(
    document: dict[str, Any], words: str
) -> None:
    with pytest.raises(drs.FaultError, match=words):
        drs.fault_from(document)


@pytest.mark.parametrize("kind", kinds().values())
def test_every_fault_can_be_had_from_the_room(kind: type[drs.Fault]) -> None:
    assert getattr(drs, kind.__name__) is kind
