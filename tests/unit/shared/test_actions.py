"""An event is answered by its action, its contract checked both ways."""

import logging
from typing import Any

import pytest

from shared.actions import Action, UnknownActionError, answer
from shared.contracts import ContractViolationError

QUERY = {"action": "query_servers_by_tags", "region": "eu-west-1", "tags": {}}


def answering(response: Any) -> dict[str, Action]:
    name = "query_servers_by_tags"
    return {name: Action(name, lambda event: response)}


def test_response_is_given_when_the_contract_is_kept() -> None:
    response = {"server_ids": ["s-3c1730a9e0771ea14"]}

    assert answer(answering(response), QUERY) == response


@pytest.mark.parametrize(
    "event", [{}, {"action": "delete"}, {"action": None}, None, [], "x", 7]
)
def test_event_is_refused_when_it_names_no_known_action(event: object) -> None:
    with pytest.raises(UnknownActionError) as caught:
        answer(answering({"server_ids": []}), event)

    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == (
        "/action: unknown action, known: query_servers_by_tags"
    )


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
