"""What a drill tells while it runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness import plans
from harness.drill.progress import Happening, Progress
from harness.drs import JobEvent
from harness.plans.plan import Plan

EXAMPLE = Path(__file__).parents[4] / "examples" / "failing-server.yaml"
START = datetime(2026, 1, 1, tzinfo=UTC)


class Watched:
    """A progress with everything it told."""

    def __init__(self) -> None:
        self.plan: Plan = plans.load(EXAMPLE)
        self.progress = Progress(self.plan, START)
        self.told: list[Happening] = []
        self.progress.subscribe(self.told.append)

    @property
    def lines(self) -> list[str]:
        return [f"{each.place}: {each.text}" for each in self.told]

    def see_event(self, event: str, second: int = 1, **data: Any) -> None:
        server = self.plan.servers[0].server_id
        at = START + timedelta(seconds=second)
        self.progress.see_job_event(
            JobEvent(at, "1", "us-east-1", "j-1", event, server, data)
        )

    def see_state(self, *results: dict[str, Any], **changes: Any) -> None:
        state = {"status": "running", "error": None} | changes
        self.progress.see_state(START, {**state, "wave_results": results})

    def result(self, **changes: Any) -> dict[str, Any]:
        return {
            "waveNumber": 0,
            "status": "STARTED",
            "jobId": "j-1",
            "serverIds": [self.plan.servers[0].server_id],
        } | changes


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_wave_is_told_once_when_several_states_show_it(
    watched: Watched,
) -> None:
    watched.see_state(watched.result())
    watched.see_state(watched.result(status="LAUNCHING"))
    watched.see_state(watched.result(status="COMPLETED"))
    watched.see_state(watched.result(status="COMPLETED"))

    assert watched.lines == [
        "Databases: DRS job j-1 for report-db",
        "Databases: wave completed",
    ]


def test_the_job_comes_first_when_its_log_was_seen_before_its_wave(
    watched: Watched,
) -> None:
    watched.see_event("SNAPSHOT_START", second=3)
    watched.see_state(watched.result())

    assert watched.lines == [
        "Databases: DRS job j-1 for report-db",
        "Databases / report-db: taking snapshot",
    ]
    assert watched.told[1].elapsed == timedelta(seconds=3)


def test_the_error_is_told_when_a_server_fails(watched: Watched) -> None:
    watched.see_state(watched.result())
    watched.see_event("LAUNCH_FAILED", rawError="no capacity")
    watched.see_state(
        watched.result(status="FAILED"), status="failed", error="1 failed"
    )

    assert watched.lines[1:] == [
        "Databases / report-db: launch failed: no capacity",
        "Databases: wave failed: 1 failed",
        "Plan: failed: 1 failed",
    ]


def test_the_wave_that_waits_is_told_when_the_plan_pauses(
    watched: Watched,
) -> None:
    watched.see_state(status="paused", paused_before_wave=2)

    assert watched.lines == ["Web: waits for a person to approve"]
    assert watched.progress.waves[2].status == "waits for approval"


def test_an_empty_wave_is_told_when_it_has_no_job(watched: Watched) -> None:
    watched.see_state(
        watched.result(jobId=None, serverIds=[], status="COMPLETED")
    )

    assert watched.lines == [
        "Databases: no servers: nothing to recover",
        "Databases: wave completed",
    ]
