"""Requests are refused, responses reported, and no value is told."""

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared import contracts
from shared.contracts import (
    ContractViolationError,
    Violation,
    check_request,
    check_response,
    find_violations,
    require,
)

ROOT = Path(__file__).parents[3]
QUERY = "query_servers_by_tags"


def _request(**changes: object) -> dict[str, Any]:
    request = {"action": QUERY, "region": "eu-west-1", "tags": {}}
    return request | changes


def test_request_passes_when_it_keeps_its_contract() -> None:
    check_request(QUERY, _request(tags={"Tier": "database"}))


def test_request_is_refused_when_it_breaks_its_contract() -> None:
    with pytest.raises(ContractViolationError) as caught:
        check_request(QUERY, _request(region="", tags={"a/b": 1}))

    assert caught.value.action == QUERY
    assert caught.value.direction == "request"
    assert caught.value.violations == [
        Violation("/region", "minLength", "1"),
        Violation("/tags/a~1b", "type", '["string"]'),
    ]
    assert str(caught.value) == (
        "query_servers_by_tags request breaks contract: "
        "at '/region': minLength, expected 1; "
        "at '/tags/a~1b': type, expected [\"string\"]"
    )


@pytest.mark.parametrize("document", [None, [], "junk", 7, True, {}])
def test_request_is_refused_when_it_is_no_request(document: object) -> None:
    with pytest.raises(ContractViolationError):
        check_request(QUERY, document)


@pytest.mark.parametrize(
    "document", [{1: 2}, {"action"}, b"{}", {"action": "\ud800"}]
)
def test_request_is_refused_when_it_is_no_json(document: object) -> None:
    found = find_violations(QUERY, "request", document)

    assert found == [Violation("", "json", "a JSON document")]


def test_nesting_is_refused_when_it_is_too_deep_for_the_engine() -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]

    found = find_violations(QUERY, "request", _request(region=deep))

    assert [violation.rule for violation in found] == ["json"]


def test_no_value_is_told_when_a_document_breaks_its_contract() -> None:
    secret = "do-not-tell"
    event = {
        "action": secret,
        "application": {"plan_id": [secret], "status": secret},
        "taskToken": [secret],
    }

    with pytest.raises(ContractViolationError) as caught:
        check_request("orchestration/store_task_token", event)

    assert secret not in str(caught.value)
    assert secret not in repr(caught.value.violations)


def test_violations_and_message_are_capped_when_a_document_is_junk() -> None:
    key = "k" * 10_000
    event = _request(tags={f"{key}{n}": n for n in range(500)})

    with pytest.raises(ContractViolationError) as caught:
        check_request(QUERY, event)

    assert len(caught.value.violations) == 20
    assert len(str(caught.value).encode()) <= 8192


def test_message_stays_one_line_when_a_key_holds_line_ends() -> None:
    event = _request(tags={"a\nERROR forged\u2028": 1})

    with pytest.raises(ContractViolationError) as caught:
        check_request(QUERY, event)

    assert len(str(caught.value).splitlines()) == 1


def test_response_is_reported_when_it_breaks_its_contract(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("CONTRACT_RESPONSES", raising=False)

    check_response(QUERY, {"server_ids": None})

    assert caplog.record_tuples == [
        (
            "shared.contracts",
            logging.ERROR,
            "Contract violation in query_servers_by_tags response: "
            "at '/server_ids': type, expected [\"array\"]",
        )
    ]


def test_nothing_is_reported_when_a_response_keeps_its_contract(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CONTRACT_RESPONSES", "report")

    check_response(QUERY, {"server_ids": []})

    assert caplog.records == []


def test_response_is_refused_when_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONTRACT_RESPONSES", "refuse")

    with pytest.raises(ContractViolationError) as caught:
        check_response(QUERY, {})

    assert caught.value.direction == "response"


def test_required_response_is_refused_when_the_policy_is_to_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONTRACT_RESPONSES", "report")

    with pytest.raises(ContractViolationError):
        require(QUERY, "response", {})


def test_action_is_an_error_when_it_has_no_contract() -> None:
    with pytest.raises(KeyError, match="v1/nothing/request"):
        check_request("nothing", {})


def test_contracts_are_found_when_they_lie_beside_shared(
    tmp_path: Path,
) -> None:
    source = Path(contracts.__file__)
    (tmp_path / "shared").mkdir()
    shutil.copy(source, tmp_path / "shared")
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    program = (
        "import json\n"
        "from shared import contracts\n"
        f"found = contracts.find_violations({QUERY!r}, 'request', [])\n"
        "print(json.dumps([contracts.__file__, found[0].rule]))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(answer.stdout) == [
        str(tmp_path / "shared" / "contracts.py"),
        "type",
    ]
