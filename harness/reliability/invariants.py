"""What must hold at the end of every execution, whatever went wrong.

Each function gives the violations it finds, as sentences. They feed on
plain outcomes, so that a test can hand them wrong ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from harness.reliability.outcomes import Job, Outcome, has_ended

# DATA_MODEL.md section 3; BEHAVIOUR.md section 7.2.
ENDS = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED")
_MACHINE_STATUS = {
    "COMPLETED": "SUCCEEDED",
    "CANCELLED": "SUCCEEDED",
    "FAILED": "FAILED",
    "TIMEOUT": "FAILED",
}
# Moments, and what is counted in them: retries shift these.
_TIMES = {
    "start_time",
    "end_time",
    "duration_seconds",
    "current_wave_total_wait_time",
    "startTime",
    "endTime",
    "launchTime",
}
_SHIFTED = "(a time)"


def violations(
    outcome: Outcome, undisturbed: Outcome | None = None
) -> list[str]:
    """Tell what an outcome breaks.

    Args:
        undisturbed: The same execution in good conditions. Given, the
            outcome must equal it, or be FAILED with a reason.
    """
    found = [*_end(outcome), *_open(outcome), *_jobs(outcome)]
    if undisturbed is not None and not ended_with_reason(outcome):
        found += _unlike(outcome, undisturbed)
    return found


def ended_with_reason(outcome: Outcome) -> bool:
    """Tell whether an execution failed, or timed out, and says why."""
    failed = outcome.history.get("status") in ("FAILED", "TIMEOUT")
    return failed and bool(outcome.reason)


def equals(outcome: Outcome, undisturbed: Outcome) -> bool:
    """Tell whether two ends are equal, but for times."""
    return not list(_unlike(outcome, undisturbed))


def _end(outcome: Outcome) -> Iterator[str]:
    if outcome.stuck is not None:
        yield f"The execution does not end: {outcome.stuck}"
    elif not has_ended(outcome.status):
        yield f"The state machine has no end: it is {outcome.status}"
    status = outcome.history.get("status")
    if status not in ENDS:
        yield f"The history is {status} after the end"
        return
    if not outcome.history.get("endTime"):
        yield f"The history is {status} without an endTime"
    if status == "FAILED" and not outcome.reason:
        yield "The history is FAILED without a reason"
    expected = _MACHINE_STATUS[status]
    if has_ended(outcome.status) and outcome.status != expected:
        yield (
            f"The history is {status}, but the state machine {outcome.status}"
        )


def _open(outcome: Outcome) -> Iterator[str]:
    for name in ("taskToken", "pausedBeforeWave"):
        if name in outcome.history:
            yield f"The history still holds a {name} after the end"
    if outcome.tokens:
        yield f"{len(outcome.tokens)} task tokens wait for an answer"
    for wave in outcome.history.get("waves", []):
        if not _wave_ended(wave, outcome.history.get("status")):
            yield (
                f"Wave {wave.get('waveNumber')} is {wave.get('status')} in a "
                f"history that is {outcome.history.get('status')}"
            )


def _wave_ended(wave: Mapping[str, Any], status: object) -> bool:
    # A wave that never started has no status to end in; a cancellation
    # leaves the job of its wave running: DRS cannot stop it.
    return (
        not wave.get("jobId")
        or wave.get("status") in ENDS
        or status == "CANCELLED"
    )


def _jobs(outcome: Outcome) -> Iterator[str]:
    """Compare the jobs there are with those on record."""
    recorded = Counter(outcome.recorded_jobs())
    existing = {job.job_id for job in outcome.jobs}
    for job_id, times in recorded.items():
        if job_id not in existing:
            yield f"Job {job_id} is on record, but does not exist"
        if times > 1:
            yield f"Job {job_id} is on record for {times} waves"
    for job in outcome.jobs:
        if job.job_id not in recorded:
            yield _unrecorded(outcome, job)
    yield from _wrong_servers(outcome)


def _unrecorded(outcome: Outcome, job: Job) -> str:
    for wave in outcome.history.get("waves", []):
        if set(wave.get("serverIds") or ()) == set(job.servers):
            return (
                f"A second DRS job was started for wave "
                f"{wave.get('waveNumber')}: {job.job_id} besides "
                f"{wave.get('jobId')}"
            )
    return f"Job {job.job_id} exists, but is not on record"


def _wrong_servers(outcome: Outcome) -> Iterator[str]:
    existing = {job.job_id: job for job in outcome.jobs}
    for wave in outcome.history.get("waves", []):
        job = existing.get(wave.get("jobId") or "")
        if job is None:
            continue
        if set(job.servers) != set(wave.get("serverIds", [])):
            yield (
                f"Wave {wave.get('waveNumber')} records job {job.job_id} "
                "of other servers"
            )
        if job.is_drill != outcome.scene.is_drill:
            yield f"Job {job.job_id} is no {_kind(outcome.scene.is_drill)}"


def _kind(is_drill: bool) -> str:
    return "drill" if is_drill else "recovery"


def _unlike(outcome: Outcome, undisturbed: Outcome) -> Iterator[str]:
    pairs = (
        ("status", outcome.status, undisturbed.status),
        ("history", outcome.history, undisturbed.history),
        ("state", outcome.state, undisturbed.state),
        ("jobs", outcome.jobs, undisturbed.jobs),
        (
            "launch settings",
            outcome.launch_settings,
            undisturbed.launch_settings,
        ),
    )
    for name, left, right in pairs:
        for path, was, should in _differences(timeless(left), timeless(right)):
            yield f"The end is another: {name}{path} is {was}, not {should}"


def timeless(value: Any) -> Any:
    """Copy a value without the times in it."""
    if isinstance(value, Mapping):
        return {
            key: _SHIFTED if key in _TIMES and inner else timeless(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [timeless(inner) for inner in value]
    return value


def _differences(
    left: Any, right: Any, path: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}, key=str):
            one, other = left.get(key, "absent"), right.get(key, "absent")
            yield from _differences(one, other, f"{path}.{key}")
    elif (
        isinstance(left, list)
        and isinstance(right, list)
        and len(left) == len(right)
    ):
        for index, pair in enumerate(zip(left, right)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif left != right:
        yield path, left, right
