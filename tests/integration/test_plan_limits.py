"""The limits of a plan, against executions that were carried out."""

import json

import boto3
import pytest

from execution_handler import plan_limits
from harness.cloud.local_cloud import LocalCloud
from tests.recoveries import Recovery, Wave


def test_nothing_starts_when_a_later_wave_is_too_large_for_a_job(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(101)))

    status = recovery.run()

    assert status == "FAILED"
    assert recovery.jobs() == []
    history = recovery.history()
    assert history["status"] == "FAILED"
    assert history["errorMessage"] == (
        "Wave 1 (Tier 1) has 101 servers, 1 more than the 100 that DRS "
        "recovers in one job: split the wave"
    )


@pytest.mark.parametrize(
    "waves",
    [(Wave(2),), (Wave(3, by_tags=False), Wave(3, pause=True), Wave(2))],
    ids=["one wave", "three waves, one pause"],
)
def test_execution_takes_the_events_and_bytes_that_were_foreseen(
    cloud: LocalCloud, waves: tuple[Wave, ...]
) -> None:
    recovery = Recovery(cloud, waves)

    recovery.run_approved()

    polls = recovery.states().count("UpdateWaveStatus")
    pauses = recovery.states().count("WaitForResume")
    assert _events(recovery) == (
        plan_limits.EVENTS_AROUND
        + polls * plan_limits.EVENTS_OF_A_POLL
        + pauses * plan_limits.EVENTS_OF_A_PAUSE
    )
    state = recovery.final_state()
    expected = plan_limits.expected_bytes(
        state,  # type: ignore[arg-type]
        [wave.servers for wave in waves],
    )
    actual = len(json.dumps(state, separators=(",", ":")).encode())
    per_server = (expected - plan_limits.FRAME_BYTES - actual) / sum(
        wave.servers for wave in waves
    )
    # Longer names than those of this cloud are allowed for, but not more.
    assert 0 <= per_server < 60


def _events(recovery: Recovery) -> int:
    client = boto3.client("stepfunctions")
    history = client.get_execution_history(executionArn=recovery.arn)
    return len(history["events"])
