"""The world of a recorded execution is worked out from its states."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from harness.equivalence.recorded_histories import HistoryError
from harness.equivalence.recordings import (
    MadeIds,
    Recording,
    from_document,
    without_secrets,
)

ROOT = Path(__file__).parents[4]
FILE = ROOT / "examples" / "recorded-execution.json"


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Read the example."""
    return from_document(json.loads(FILE.read_text(encoding="utf-8")))


def changed(recording: Recording, position: int, **members: Any) -> Recording:
    """Change the state that an event was answered with."""
    deliveries = copy.deepcopy(recording.deliveries)
    deliveries[position].state.update(members)
    return Recording(recording.setup, recording.start, deliveries)


def test_servers_and_groups_are_those_that_states_name(
    recording: Recording,
) -> None:
    setup = recording.setup

    assert len(setup.waves) == len(setup.groups) == 3
    assert {server.hostname for server in setup.servers} >= {"db-01", "web-01"}
    assert [len(servers) for _, _, servers in setup.groups] == [2, 3, 2]
    assert {server.region for server in setup.servers} == {"us-east-1"}
    assert not any(server.fails for server in setup.servers)


def test_events_come_when_they_were_recorded(recording: Recording) -> None:
    steps = [*recording.steps(0, MadeIds()), *recording.steps(1, MadeIds())]

    assert [step.do for step in steps] == ["recorded", "recorded"]
    assert [step.value["at"] for step in steps] == [0, 30]
    assert steps[0].value["event"]["action"] == "begin"


def test_job_takes_no_time_when_its_instances_came_up_at_once(
    recording: Recording,
) -> None:
    (step,) = recording.steps(0, MadeIds())

    assert step.value["job"] == 0


def test_job_ends_between_two_polls_when_nothing_says_it_closer(
    recording: Recording,
) -> None:
    results = copy.deepcopy(recording.deliveries[1].state["wave_results"])
    for server in results[0]["serverStatuses"]:
        server["launchTime"] = 0
    vague = changed(recording, 1, wave_results=results)

    (step,) = vague.steps(0, MadeIds())

    assert step.value["job"] == 15


@pytest.mark.parametrize("wish", ["cancel", "pause"])
def test_person_wishes_before_an_event_whose_answer_shows_it(
    recording: Recording, wish: str
) -> None:
    members = {
        "cancel": {"status": "cancelled"},
        "pause": {"status": "paused", "paused_before_wave": 1},
    }[wish]

    first, second = changed(recording, 1, **members).steps(1, MadeIds())

    assert (first.do, second.do) == (wish, "recorded")


def test_ids_of_this_world_take_the_place_of_recorded_ones() -> None:
    made = MadeIds()
    server = {"sourceServerId": "s-1", "instanceId": "i-old", "name": "old"}

    made.learn(
        {"job_id": "drsjob-old", "servers": [server], "error": None},
        {
            "job_id": "drsjob-new",
            "servers": [{**server, "instanceId": "i-new", "name": "new"}],
            "error": None,
        },
    )

    assert made.translated(["drsjob-old", {"ids": ["i-old"]}, "old", 3]) == [
        "drsjob-new",
        {"ids": ["i-new"]},
        "old",
        3,
    ]


def test_secrets_are_no_part_of_what_is_laid_beside_a_record() -> None:
    answer = {"accountContext": {"accountId": "1", "externalId": "***"}}

    assert without_secrets(answer) == {"accountContext": {"accountId": "1"}}


def test_history_is_refused_when_its_states_are_of_something_else() -> None:
    parameters = {"Payload": {"action": "resume_wave", "application": {}}}
    event = {
        "id": 1,
        "type": "TaskScheduled",
        "timestamp": 0,
        "taskScheduledEventDetails": {"parameters": json.dumps(parameters)},
    }

    with pytest.raises(HistoryError, match="none of this orchestration"):
        from_document({"events": [event]})
