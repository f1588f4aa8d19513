"""Dataclasses of the emulator as JSON, for HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness import drs

RECORDS: list[Any] = [
    drs.EmulatorOptions(),
    drs.EmulatorOptions(
        unlock_delay=timedelta(minutes=2),
        time_format="zulu",
        snapshot_states=frozenset({"CONTINUOUS", "STALLED"}),
        quotas=drs.Quotas(active_jobs=1),
    ),
    *drs.PROFILES.values(),
    drs.SourceServerSeed(
        "web",
        tags={"tier": "web"},
        fail_at="launch",
        replicating_since=datetime(2026, 1, 5, 10, tzinfo=UTC),
    ),
]


@pytest.mark.parametrize(
    "record", RECORDS, ids=lambda each: type(each).__name__
)
def test_a_record_is_the_same_when_it_was_written_and_read(
    record: Any,
) -> None:
    document = json.loads(json.dumps(drs.document_of(record)))

    assert drs.record_from(type(record), document, "it") == record


def test_fields_that_are_not_given_have_their_defaults() -> None:
    document = {"quotas": {"active_jobs": 1}, "page_size": 2}

    read = drs.record_from(drs.EmulatorOptions, document, "options")

    quotas = drs.Quotas(active_jobs=1)
    assert read == drs.EmulatorOptions(page_size=2, quotas=quotas)


@pytest.mark.parametrize(
    ("kind", "document", "words"),
    [
        (drs.EmulatorOptions, {"pages": 1}, "options has no field 'pages'"),
        (drs.EmulatorOptions, {"page_size": True}, "cannot be True"),
        (drs.EmulatorOptions, {"page_size": [1]}, "cannot be"),
        (drs.EmulatorOptions, {"page_size": 0}, "'page_size' cannot be below"),
        (drs.EmulatorOptions, {"unlock_delay": -1}, "cannot be below 0"),
        (drs.EmulatorOptions, {"time_format": "local"}, "cannot be 'local'"),
        (drs.EmulatorOptions, {"quotas": 7}, "'quotas' cannot be 7"),
        (drs.EmulatorOptions, {"quotas": {"jobs": 7}}, "quotas has no field"),
        (drs.EmulatorOptions, {"unlock_delay": 1e300}, "cannot be 1e"),
        (drs.EmulatorOptions, {"unlock_delay": float("nan")}, "cannot be nan"),
        (drs.EmulatorOptions, {"snapshot_states": ["A", 7]}, "cannot be 7"),
        (drs.Profile, {}, "needs the field 'name'"),
        (drs.Profile, {"name": "slow", "launch": [1]}, "cannot be"),
        (drs.Profile, {"name": "slow", "launch": [1, "2"]}, "cannot be '2'"),
        (drs.SourceServerSeed, {"hostname": "a", "tags": {"a": 1}}, "be 1"),
        (drs.SourceServerSeed, {"hostname": "a", "tags": "b"}, "be 'b'"),
        (
            drs.SourceServerSeed,
            {"hostname": "a", "replicating_since": "2026-01-05T10:00:00"},
            "'replicating_since' cannot be",
        ),
        (
            drs.SourceServerSeed,
            {"hostname": "a", "replicating_since": "yesterday"},
            "'replicating_since' cannot be",
        ),
    ],
)
def test_a_document_is_refused_when_it_does_not_fit(
    kind: Any, document: dict[str, Any], words: str
) -> None:
    with pytest.raises(drs.DocumentError, match=words):
        drs.record_from(kind, document, "options")
