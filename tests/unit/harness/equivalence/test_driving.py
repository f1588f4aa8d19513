"""The state machine goes on from an answer, whatever it is."""

from typing import Any

import pytest

from harness.cloud.invoker import Invocation
from harness.equivalence.coverage import Coverage
from harness.equivalence.driving import Driver, status_of
from harness.equivalence.scenarios import Step
from harness.equivalence.world import Outcome


def driven(payload: bytes) -> Driver:
    """Deliver the first event to a function that answers so."""
    driver = Driver({"action": "begin"})
    answered = Invocation("function", None, "id", b"{}", payload, None, ())
    attempts = driver.deliver(
        driver.event("begin"), lambda event: answered, lambda seconds: None
    )
    assert len(attempts) == 1
    return driver


@pytest.mark.parametrize("answer", ["null", "[]", "3", '"running"'])
def test_nothing_follows_an_answer_that_is_no_state(answer: str) -> None:
    driver = driven(answer.encode())

    assert driver.next_action() is None
    driver.limit_wait(3)
    driver.add_key("more")
    assert status_of(driver.state) is None


@pytest.mark.parametrize("answer", ["{}", '{"status": 3}'])
def test_wave_is_polled_when_no_choice_matches_the_state(answer: str) -> None:
    driver = driven(answer.encode())

    assert driver.next_action() == "update_wave_status"
    assert status_of(driver.state) is None


@pytest.mark.parametrize("state", [None, [], {}, {"status": None}])
def test_answer_without_a_status_is_counted_as_such(state: Any) -> None:
    coverage = Coverage()
    attempt = {"action": "begin", "error": None, "state": state}
    outcome = Outcome({"attempts": [attempt]}, None, None, ())

    coverage.add(Step("go on"), None, outcome)

    assert list(coverage.transitions) == [("not begun", "begin", "no state")]
    assert not coverage.has_answers
