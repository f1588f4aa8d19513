"""Requests are refused, responses reported, by the version asked for."""

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared import contract_files, contracts
from shared.contract_files import NoContractError
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
START = "start_wave_recovery"
VARIABLES = ("CONTRACT_REQUESTS", "CONTRACT_RESPONSES", "CONTRACT_ENGINE")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def _request(**changes: object) -> dict[str, Any]:
    request = {"action": QUERY, "region": "eu-west-1", "tags": {}}
    return request | changes


def test_request_is_refused_when_it_breaks_its_contract() -> None:
    with pytest.raises(ContractViolationError) as caught:
        check_request(QUERY, _request(region="", tags={"a/b": 1}))

    assert caught.value.action == QUERY
    assert caught.value.direction == "request"
    assert caught.value.version == "1"
    assert caught.value.violations == (
        Violation("/region", "minLength", "1", '""'),
        Violation("/tags/a~1b", "type", "string", "1"),
    )
    assert str(caught.value) == (
        "query_servers_by_tags request breaks version 1 of its contract: "
        "at '/region': minLength, expected 1, got \"\"; "
        "at '/tags/a~1b': type, expected string, got 1"
    )


@pytest.mark.parametrize("document", [None, [], "junk", 7, True, {}])
def test_request_is_refused_when_it_is_no_request(document: object) -> None:
    with pytest.raises(ContractViolationError):
        check_request(QUERY, document)


def test_versions_are_those_that_have_a_folder_the_oldest_first() -> None:
    assert contract_files.versions(QUERY) == ("1", "2")
    assert contract_files.versions("orchestration/begin") == ("1",)


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ({}, "1"),
        ({"contract_version": "1"}, "1"),
        ({"contract_version": "2"}, "2"),
    ],
)
def test_request_is_judged_by_the_version_that_it_asks_for(
    asked: dict[str, str], version: str
) -> None:
    assert check_request(QUERY, _request(**asked)) == version


@pytest.mark.parametrize(
    ("asked", "actual"),
    [
        ("3", '"3"'),
        ("", '""'),
        ("v1", '"v1"'),
        ("3\nERROR", '"3\\nERROR"'),
        ("9" * 1000, "string of 1000 characters"),
        (1, "1"),
        (None, "null"),
        (["1"], "array of 1"),
        ({"1": "1"}, "object of 1"),
        ({"1"}, "value of type set"),
    ],
)
def test_request_is_refused_when_its_version_is_not_served(
    asked: object, actual: str
) -> None:
    with pytest.raises(ContractViolationError) as caught:
        check_request(QUERY, _request(contract_version=asked, region=7))

    assert caught.value.version is None
    assert caught.value.violations == (
        Violation("/contract_version", "version", '"1" or "2"', actual),
    )
    assert str(caught.value) == (
        "query_servers_by_tags request breaks its contract: "
        "at '/contract_version': version, "
        f'expected "1" or "2", got {actual}'
    )


def test_supported_version_is_named_when_there_is_only_one() -> None:
    with pytest.raises(ContractViolationError, match='expected "1", got "2"'):
        check_request(START, {"action": START, "contract_version": "2"})


@pytest.mark.parametrize(
    ("version", "found"), [("1", []), ("2", ["required"]), (None, [])]
)
def test_response_is_judged_by_the_version_that_was_asked_for(
    version: str | None, found: list[str]
) -> None:
    answer = {"server_ids": []}

    violations = find_violations(QUERY, "response", answer, version)

    assert [violation.rule for violation in violations] == found


def test_response_is_reported_when_it_breaks_its_contract(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check_response(QUERY, {"server_ids": None})

    assert caplog.record_tuples[0] == (
        "drs_orchestration",
        logging.ERROR,
        "Contract violation in query_servers_by_tags response, version 1, "
        "reported: at '/server_ids': type, expected array, got null",
    )


@pytest.mark.parametrize("policy", ["report", "refuse"])
def test_nothing_is_reported_when_the_contract_is_kept(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    policy: str,
) -> None:
    monkeypatch.setenv("CONTRACT_REQUESTS", policy)
    monkeypatch.setenv("CONTRACT_RESPONSES", policy)

    check_request(QUERY, _request(tags={"Tier": "database"}))
    check_response(QUERY, {"server_ids": []})

    assert caplog.records == []


def test_response_is_refused_when_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CONTRACT_RESPONSES", "refuse")

    with pytest.raises(ContractViolationError) as caught:
        check_response(QUERY, {})

    assert caught.value.direction == "response"
    assert ", refused: " in caplog.records[0].getMessage()


@pytest.mark.parametrize(
    "request_", [_request(region=""), _request(contract_version="3")]
)
def test_request_is_let_through_when_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    request_: dict[str, Any],
) -> None:
    monkeypatch.setenv("CONTRACT_REQUESTS", "report")

    assert check_request(QUERY, request_) == "1"
    assert ", reported: " in caplog.records[0].getMessage()


@pytest.mark.parametrize(
    ("variable", "default", "check"),
    [
        ("CONTRACT_REQUESTS", "refuse", lambda: check_request(QUERY, {})),
        ("CONTRACT_RESPONSES", "report", lambda: check_response(QUERY, {})),
    ],
)
def test_default_holds_loudly_when_a_policy_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    variable: str,
    default: str,
    check: Callable[[], object],
) -> None:
    monkeypatch.setenv(variable, "Refuse\n")

    try:
        check()
        followed = "report"
    except ContractViolationError:
        followed = "refuse"

    assert followed == default
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].getMessage() == (
        f"{variable} is 'Refuse\\n': it must be refuse or report; "
        f"{default} is taken"
    )


def test_required_response_is_refused_when_the_policy_is_to_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONTRACT_RESPONSES", "report")

    with pytest.raises(ContractViolationError):
        require(QUERY, "response", {})


def test_action_is_an_error_when_it_has_no_contract() -> None:
    with pytest.raises(NoContractError, match="nothing"):
        check_request("nothing", {})


def test_contracts_are_found_when_they_lie_beside_shared(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "lambda" / "shared", tmp_path / "shared")
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


def test_engine_is_not_imported_before_the_first_check() -> None:
    program = (
        "import sys\n"
        "from shared import contracts\n"
        "engines = {'jsonschema', 'jsonschema_rs'}\n"
        "before = engines & set(sys.modules)\n"
        f"contracts.find_violations({QUERY!r}, 'request', [])\n"
        "print(before, engines & set(sys.modules))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(contracts.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == "set() {'jsonschema_rs'}\n"
