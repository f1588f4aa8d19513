"""The laws of DRS catch what is wrong, and let pass what was recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from harness import drs
from harness.drs.engine import (
    admission,
    job_runs,
    launch_runs,
    paging,
    recovery_instances,
    region,
)
from tests.property import drs_laws
from tests.property.drs_accounts import START
from tests.property.drs_histories import (
    Forgotten,
    History,
    JobSeen,
    Logged,
    Seen,
    Started,
    Vanished,
)
from tests.property.test_drs_laws import Drs

WEB, DB = "s-web", "s-db"
LAUNCH = (
    "SNAPSHOT_START",
    "SNAPSHOT_END",
    "CONVERSION_START",
    "CONVERSION_END",
    "LAUNCH_START",
    "LAUNCH_END",
)
# The first job of the drill recorded in December 2022 (DRS_SERVICE.md 3.4):
# seconds after 19:15:39, and the server. The last launches change places.
RECORDED = (
    (0.204, "JOB_START", None),
    (0.608, "SNAPSHOT_START", WEB),
    (0.633, "SNAPSHOT_START", DB),
    (0.798, "SNAPSHOT_END", WEB),
    (0.824, "SNAPSHOT_END", DB),
    (52.767, "CONVERSION_START", WEB),
    (52.793, "CONVERSION_START", DB),
    (250.281, "CONVERSION_END", WEB),
    (250.343, "CONVERSION_END", DB),
    (250.854, "LAUNCH_START", WEB),
    (251.044, "LAUNCH_START", DB),
    (528.973, "LAUNCH_END", DB),
    (530.375, "LAUNCH_END", WEB),
    (533.182, "JOB_END", None),
)


def item(
    seconds: float, job_id: str, event: str, server: Any = None
) -> Logged:
    instance = f"i-{job_id}-{server}" if event == "LAUNCH_END" else None
    at = START + timedelta(seconds=seconds)
    return Logged(at, job_id, event, server, instance)


def recorded() -> History:
    items: History = [item(at, "job", event, s) for at, event, s in RECORDED]
    return [Started("job", {WEB: None, DB: None}), *items, both_launched()]


def both_launched() -> Seen:
    servers = {WEB: "LAUNCHED", DB: "LAUNCHED"}
    instances = {f"i-job-{each}": each for each in servers}
    return Seen(
        (JobSeen("job", "COMPLETED", servers),),
        instances,
        {server: instance for instance, server in instances.items()},
        frozenset(instances),
    )


def run(job_id: str, *events: str, **targets: str | None) -> History:
    """Make the history of a job of one server, without looking at it."""
    started = Started(job_id, targets or {WEB: None})
    lone = [
        item(second, job_id, event, WEB) for second, event in enumerate(events)
    ]
    end = len(events) + 1
    return [
        started,
        item(0, job_id, "JOB_START"),
        *lone,
        item(end, job_id, "JOB_END"),
    ]


def seen(status: str, launch_status: str = "PENDING") -> Seen:
    return Seen((JobSeen("job", status, {WEB: launch_status}),))


def replaced(history: History, position: int, **changes: Any) -> History:
    changed: Any = replace(history[position], **changes)
    return [*history[:position], changed, *history[position + 1 :]]


def with_last(history: History, **changes: Any) -> History:
    return replaced(history, len(history) - 1, **changes)


def swapped(history: History, first: int, second: int) -> History:
    order = list(history)
    order[first], order[second] = order[second], order[first]
    return order


ORDER = drs_laws.servers_take_steps_in_order
ENDS = drs_laws.servers_end_once
FRAME = drs_laws.jobs_begin_and_end_properly
COMPLETE = drs_laws.jobs_complete
FORWARD = drs_laws.jobs_move_forward
ONE_JOB = drs_laws.servers_have_one_active_job
QUOTAS = drs_laws.quotas_are_kept(drs.Quotas(2, 3, 1))
EXIST = drs_laws.instances_exist_exactly_when_they_should
CLEAN = drs_laws.relaunches_clean_up_first

OTHER = JobSeen("other", "STARTED", {DB: "PENDING"})
MINIATURES: dict[str, tuple[drs_laws.Law, History]] = {
    "launch before conversion": (ORDER, swapped(recorded(), 8, 10)),
    "a step is missing": (ORDER, run("job", *LAUNCH[:3], *LAUNCH[4:])),
    "a step comes twice": (ORDER, run("job", *LAUNCH[:2], *LAUNCH[1:])),
    "snapshot in a termination": (
        ORDER,
        run("job", "SNAPSHOT_START", **{WEB: "i-1"}),
    ),
    "goes on after a failure": (
        ORDER,
        run("job", "SNAPSHOT_START", "SNAPSHOT_FAIL", "CONVERSION_START"),
    ),
    "time runs back": (ORDER, replaced(recorded(), 2, at=START)),
    "two ends": (ENDS, run("job", *LAUNCH, "LAUNCH_FAILED")),
    "no end": (
        ENDS,
        [*run("job", *LAUNCH[:5]), seen("COMPLETED", "LAUNCHED")],
    ),
    "status and log differ": (
        ENDS,
        [*run("job", *LAUNCH), seen("COMPLETED", "FAILED")],
    ),
    "status changes after the end": (
        ENDS,
        [seen("STARTED", "FAILED"), seen("STARTED", "LAUNCHED")],
    ),
    "no JOB_START": (FRAME, [item(0, "job", "SNAPSHOT_START", WEB)]),
    "two JOB_START": (FRAME, [*recorded()[:2], item(9, "job", "JOB_START")]),
    "JOB_END not last": (FRAME, swapped(recorded(), 13, 14)),
    "JOB_END of a server": (FRAME, replaced(recorded(), 14, server_id=WEB)),
    "never completed": (COMPLETE, [*recorded()[:-1], seen("STARTED")]),
    "never seen": (COMPLETE, recorded()[:-1]),
    "no JOB_END": (COMPLETE, [*recorded()[:-2], recorded()[-1]]),
    "failed as a whole": (FORWARD, [seen("FAILED")]),
    "back to STARTED": (FORWARD, [seen("COMPLETED"), seen("STARTED")]),
    "server in two jobs": (
        ONE_JOB,
        [Seen((*seen("STARTED").jobs, replace(OTHER, servers={WEB: ""})))],
    ),
    "too many jobs": (QUOTAS, [Seen((*seen("PENDING").jobs, OTHER))]),
    "too many servers in a job": (
        QUOTAS,
        [Seen((replace(OTHER, servers=dict.fromkeys("abc", "")),))],
    ),
    "too many servers in jobs": (
        QUOTAS,
        [Seen((replace(OTHER, servers=dict.fromkeys("abcd", "")),))],
    ),
    "instance not shown": (EXIST, with_last(recorded(), instances={})),
    "instance of another server": (
        EXIST,
        with_last(
            recorded(),
            instances={f"i-job-{WEB}": DB, f"i-job-{DB}": WEB},
        ),
    ),
    "server shows no instance": (EXIST, with_last(recorded(), latest={})),
    "nothing runs": (EXIST, with_last(recorded(), running=frozenset())),
    "instance before its launch": (
        EXIST,
        [*recorded()[:12], recorded()[-1]],
    ),
    "instance after its termination": (
        EXIST,
        [
            *recorded(),
            *run(
                "end",
                *("CLEANUP_START", "CLEANUP_END"),
                **{WEB: f"i-job-{WEB}"},
            ),
            both_launched(),
        ],
    ),
    "instance after the clean-up of a relaunch": (
        EXIST,
        [
            *recorded(),
            *run("again", "CLEANUP_START", "CLEANUP_END"),
            both_launched(),
        ],
    ),
    "record after it was deleted": (
        EXIST,
        [*recorded(), Forgotten(f"i-job-{WEB}"), both_launched()],
    ),
    "runs after it vanished": (
        EXIST,
        [*recorded(), Vanished(f"i-job-{WEB}"), both_launched()],
    ),
    "relaunch without clean-up": (
        CLEAN,
        [*recorded(), *run("again", *LAUNCH)],
    ),
    "deleted instance is not cleaned up": (
        CLEAN,
        [*recorded(), Forgotten(f"i-job-{WEB}"), *run("again", *LAUNCH)],
    ),
    "clean-up of nothing": (CLEAN, run("job", "CLEANUP_START", *LAUNCH)),
}


@pytest.mark.parametrize("name", MINIATURES)
def test_a_law_catches_a_history_that_is_wrong(name: str) -> None:
    law, history = MINIATURES[name]

    assert drs_laws.broken(history, law) != []


@pytest.mark.parametrize("law", [*drs_laws.ALWAYS, COMPLETE])
def test_every_law_has_a_miniature_that_it_catches(law: drs_laws.Law) -> None:
    assert law in {each for each, _ in MINIATURES.values()}


def test_no_law_is_broken_by_the_recorded_drill() -> None:
    quotas = drs_laws.quotas_are_kept(drs.Quotas())
    laws = (*drs_laws.ALWAYS, COMPLETE, quotas)

    assert drs_laws.broken(recorded(), *laws) == []


def refuse_nothing(*_: Any) -> None:
    """Let everybody in."""


def forget_only(place: Any, server: Any, instance_id: str) -> None:
    """Leave the instance of a removed record running."""
    place.recovery_instances.pop(instance_id, None)
    server.instance_ids.remove(instance_id)
    server.recovery_instance_id = None


def keep_record(place: Any, server: Any, instance_id: str) -> None:
    """Terminate an instance and go on showing it."""
    place.compute.terminate(instance_id)
    server.instance_ids.remove(instance_id)


def begin_at_once(self: Any, at: datetime, participant: Any) -> None:
    """Launch without removing earlier instances."""
    self._start_snapshot(at, participant)


def end_with_first(self: Any, at: datetime, one: Any, status: str) -> None:
    """Complete a job as soon as one server has ended."""
    one.launch_status = status
    self.after(at, "job_end", self._complete)


def end_unless_failed(self: Any, at: datetime, one: Any, status: str) -> None:
    """Never complete a job in which a server failed."""
    one.launch_status = status
    if all(each.launch_status == "LAUNCHED" for each in self.job.participants):
        self.after(at, "job_end", self._complete)


def complete_and_log_again(self: Any, at: datetime) -> None:
    """Write JOB_END before the job's time is over, and once more."""
    self.log(at, "JOB_END")
    COMPLETE_JOB(self, at)


def note_twice(
    place: Any, job: Any, at: datetime, event: str, data: Any
) -> None:
    """Write a failed launch twice."""
    for _ in range(1 + (event == "LAUNCH_FAILED")):
        LOG(place, job, at, event, data)


def answer_one_too_many(self: Any, view: Any) -> dict[str, Any]:
    """Lose the first record of every page but the first."""
    page = PAGE_ANSWER(self, view)
    if self.records and len(self.records) == 1 and self.next_token is None:
        page["items"] = []
    return page


COMPLETE_JOB = job_runs.JobRun._complete
LOG = region.Region.log
PAGE_ANSWER = paging.Page.answer
BROKEN_ENGINES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "takes busy servers": (admission, "refuse_busy", refuse_nothing),
    "takes unready servers": (admission, "refuse_unready", refuse_nothing),
    "knows no quota": (admission, "refuse_over_quota", refuse_nothing),
    "leaves instances running": (recovery_instances, "remove", forget_only),
    "shows removed instances": (recovery_instances, "remove", keep_record),
    "cleans nothing up": (launch_runs.LaunchRun, "begin", begin_at_once),
    "ends with the first server": (job_runs.JobRun, "end", end_with_first),
    "waits for failed servers": (job_runs.JobRun, "end", end_unless_failed),
    "logs JOB_END twice": (
        job_runs.JobRun,
        "_complete",
        complete_and_log_again,
    ),
    "logs failures twice": (region.Region, "log", note_twice),
    "loses the last record": (paging.Page, "answer", answer_one_too_many),
}


@pytest.fixture
def broken_engine(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    owner, name, wrong = BROKEN_ENGINES[request.param]
    monkeypatch.setattr(owner, name, wrong)
    yield request.param


@pytest.mark.parametrize("broken_engine", BROKEN_ENGINES, indirect=True)
@pytest.mark.usefixtures("broken_engine")
def test_the_machine_notices_an_engine_that_is_wrong() -> None:
    hunt = settings(
        max_examples=200,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Drs, settings=hunt)
