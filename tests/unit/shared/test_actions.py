"""An event is answered by its action, its contract checked both ways."""

import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from shared.actions import Action, UnknownActionError, answer
from shared.contract_files import versions
from shared.contracts import ContractViolationError

KEY = "contract_version"
QUERY = {"action": "query_servers_by_tags", "region": "eu-west-1", "tags": {}}


def answering(response: Any) -> dict[str, Action]:
    name = "query_servers_by_tags"
    return {name: Action(name, {"1": lambda event: response})}


def test_response_is_given_when_the_contract_is_kept() -> None:
    response = {"server_ids": ["s-3c1730a9e0771ea14"]}

    assert answer(answering(response), QUERY) == response


KNOWN = "known: query_servers_by_tags"


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({}, "missing"),
        ({"action": None}, "unknown action, no string"),
        ({"action": ["delete"]}, "unknown action, no string"),
        ({"action": "delete"}, 'unknown action "delete"'),
        ({"action": "a\nb\u2028"}, 'unknown action "a\\nb\\u2028"'),
        (
            {"action": "a" * 100_000},
            "unknown action, a string of 100000 characters",
        ),
        (None, "missing, the event is no JSON object"),
        ([], "missing, the event is no JSON object"),
        ("delete", "missing, the event is no JSON object"),
        (7, "missing, the event is no JSON object"),
    ],
)
def test_event_is_refused_when_it_names_no_known_action(
    event: Any, complaint: str
) -> None:
    with pytest.raises(UnknownActionError) as caught:
        answer(answering({"server_ids": []}), event)

    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == f"/action: {complaint}, {KNOWN}"


@pytest.mark.parametrize(
    ("asked", "given"), [({}, "1"), *(({KEY: v}, v) for v in ("1", "2"))]
)
def test_event_is_answered_by_the_version_that_it_asks_for(
    asked: dict[str, str], given: str
) -> None:
    answers = {
        "1": {"server_ids": []},
        "2": {"server_ids": [], "servers": []},
    }
    name = "query_servers_by_tags"
    versions = {v: lambda event, v=v: answers[v] for v in answers}

    answered = answer({name: Action(name, versions)}, QUERY | asked)

    assert answered == answers[given]


@pytest.mark.parametrize(
    "folder",
    [
        "dr-orchestration-stepfunction",
        "execution-handler",
        "query-handler",
    ],
)
def test_lambda_serves_the_versions_that_have_a_contract(
    load_index: Callable[[str], ModuleType], folder: str
) -> None:
    actions: dict[str, Action] = load_index(folder).ACTIONS

    for action in actions.values():
        assert tuple(action.versions) == versions(action.contract)


def test_event_is_refused_before_anything_runs_when_it_breaks_its_contract() -> (
    None
):
    with pytest.raises(ContractViolationError) as caught:
        answer(answering(None), QUERY | {"region": 7})

    assert caught.value.direction == "request"


def test_response_is_only_reported_when_it_breaks_its_contract(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("CONTRACT_RESPONSES", raising=False)
    response = {"server_ids": ["nonsense"]}

    with caplog.at_level(logging.ERROR):
        given = answer(answering(response), QUERY)

    assert given == response
    assert (
        "Contract violation in query_servers_by_tags response" in caplog.text
    )
