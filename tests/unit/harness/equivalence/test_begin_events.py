"""The first event holds what a setup says, and lacks what it leaves out."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given

from harness.cloud import project
from harness.contracts import loading
from harness.equivalence import draws
from harness.equivalence.begin_events import begin_event, is_abroad
from harness.equivalence.names import TARGET
from harness.equivalence.scenarios import Nullable, Omissible, Setup, Wave

ABROAD = Setup(waves=(Wave(),), account="target")
BEGIN = loading.load(project.ROOT / "contracts").fast_validator(
    "v1/orchestration/begin/request"
)


def parts_of(event: dict[str, Any]) -> dict[str, Any]:
    """Give all members of an event, its plan and its account context."""
    context = event.get("accountContext") or event.get("account_context")
    return {**event, **event["plan"], **(context or {})}


@given(setup=draws.setups)
def test_event_keeps_its_contract_whatever_it_lacks(setup: Setup) -> None:
    assert BEGIN.is_valid(begin_event(setup))


@pytest.mark.parametrize("name", get_args(Omissible))
def test_part_is_missing_when_it_is_left_out(name: Omissible) -> None:
    assert name in parts_of(begin_event(ABROAD))

    lacking = begin_event(replace(ABROAD, left_out=(name,)))

    assert name not in parts_of(lacking)
    assert BEGIN.is_valid(lacking)


@pytest.mark.parametrize("name", get_args(Nullable))
def test_part_is_null_when_the_setup_says_so(name: Nullable) -> None:
    lacking = begin_event(replace(ABROAD, null=(name,)))

    assert parts_of(lacking)[name] is None
    assert BEGIN.is_valid(lacking)


def test_account_context_has_its_other_name_when_the_setup_says_so() -> None:
    event = begin_event(replace(ABROAD, context_key="account_context"))

    assert event["account_context"]["accountId"] == TARGET
    assert "accountContext" not in event


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        (ABROAD, True),
        (replace(ABROAD, context_key="account_context"), True),
        (replace(ABROAD, left_out=("externalId",)), True),
        (replace(ABROAD, left_out=("isCurrentAccount",)), False),
        (replace(ABROAD, left_out=("accountContext",)), False),
        (replace(ABROAD, null=("accountContext",)), False),
        (replace(ABROAD, null=("isCurrentAccount",)), False),
        (Setup(), False),
        (Setup(account="hub by id"), False),
    ],
)
def test_servers_are_abroad_when_the_event_asks_for_another_account(
    setup: Setup, expected: bool
) -> None:
    assert is_abroad(setup) == expected


def test_event_names_an_account_when_the_hub_is_asked_for_by_id() -> None:
    context = begin_event(Setup(account="hub by id"))["accountContext"]

    assert (context["accountId"], context["isCurrentAccount"]) == (
        TARGET,
        True,
    )
