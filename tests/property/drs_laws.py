"""What holds in DRS whatever happens; each law tells how it is broken."""

from collections import Counter
from collections.abc import Callable, Iterator

from harness import drs
from tests.property.drs_histories import (
    History,
    Instances,
    JobSeen,
    Logged,
    Seen,
    Started,
    last_seen,
    log_items,
    paths,
)

Law = Callable[[History], Iterator[str]]

CLEANED = {"SNAPSHOT_START", "CONVERSION_START"}
LAUNCH_STEPS = {
    "": {"CLEANUP_START", *CLEANED},
    "CLEANUP_START": {"CLEANUP_END", "CLEANUP_FAIL"},
    "CLEANUP_END": CLEANED,
    "CLEANUP_FAIL": CLEANED,
    "SNAPSHOT_START": {"SNAPSHOT_END", "SNAPSHOT_FAIL"},
    "SNAPSHOT_END": {"CONVERSION_START", "LAUNCH_START"},
    "CONVERSION_START": {"CONVERSION_END", "CONVERSION_FAIL"},
    "CONVERSION_END": {"LAUNCH_START"},
    "LAUNCH_START": {"LAUNCH_END", "LAUNCH_FAILED"},
}
LAUNCH_ENDS = {
    "SNAPSHOT_FAIL": "FAILED",
    "CONVERSION_FAIL": "FAILED",
    "LAUNCH_FAILED": "FAILED",
    "LAUNCH_END": "LAUNCHED",
}
TERMINATION_STEPS = {
    "": {"CLEANUP_START"},
    "CLEANUP_START": {"CLEANUP_END", "CLEANUP_FAIL"},
}
TERMINATION_ENDS = {"CLEANUP_END": "TERMINATED", "CLEANUP_FAIL": "FAILED"}
FINAL = {*LAUNCH_ENDS.values(), *TERMINATION_ENDS.values()}


def servers_take_steps_in_order(history: History) -> Iterator[str]:
    """A server's log items follow each other as the phases do, in time."""
    for job, server_id, path in paths(history):
        steps = TERMINATION_STEPS if job.terminates else LAUNCH_STEPS
        before = ""
        for item in path:
            if item.event not in steps.get(before, ()):
                yield f"{server_id}: {item.event} after {before or 'nothing'}"
            before = item.event
    times = [each.at for each in history if isinstance(each, Logged)]
    if times != sorted(times):
        yield "log items were written out of order"


def servers_end_once(history: History) -> Iterator[str]:
    """A completed job gives each server one end, and that status stays."""
    jobs = last_seen(history)
    for job, server_id, path in paths(history):
        ends = TERMINATION_ENDS if job.terminates else LAUNCH_ENDS
        reached = [ends[each.event] for each in path if each.event in ends]
        seen = jobs.get(job.job_id)
        if len(reached) > 1:
            yield f"{server_id} ended {len(reached)} times in {job.job_id}"
        if seen and seen.status == "COMPLETED":
            if [seen.servers.get(server_id)] != reached:
                yield f"{server_id} is {seen.servers}, its log says {reached}"
    yield from _changed_ends(history)


def _changed_ends(history: History) -> Iterator[str]:
    ended: dict[tuple[str, str], str] = {}
    for job in _sightings(history):
        for server_id, status in job.servers.items():
            first = ended.get((job.job_id, server_id), status)
            if status != first:
                yield f"{server_id} went from {first} to {status}"
            if status in FINAL:
                ended[job.job_id, server_id] = status


def jobs_begin_and_end_properly(history: History) -> Iterator[str]:
    """JOB_START comes first and JOB_END last, once each."""
    for job_id, items in log_items(history).items():
        events = [item.event for item in items]
        count = Counter(events)
        if events[0] != "JOB_START" or count["JOB_START"] > 1:
            yield f"{job_id} starts with {events[0]}"
        if "JOB_END" in events[:-1]:
            yield f"{job_id} goes on after JOB_END with {events[-1]}"
        lone = {"JOB_START", "JOB_END"} & {
            i.event for i in items if i.server_id
        }
        if lone:
            yield f"{job_id} says {lone} of one server"


def jobs_complete(history: History) -> Iterator[str]:
    """After enough time each job is COMPLETED, whatever failed in it."""
    jobs, items = last_seen(history), log_items(history)
    for moment in history:
        if not isinstance(moment, Started):
            continue
        seen = jobs.get(moment.job_id)
        if seen is None or seen.status != "COMPLETED":
            yield f"{moment.job_id} is {seen and seen.status}"
        if [i.event for i in items.get(moment.job_id, [])][-1:] != ["JOB_END"]:
            yield f"{moment.job_id} has no JOB_END"


def jobs_move_forward(history: History) -> Iterator[str]:
    """A job goes from PENDING over STARTED to COMPLETED and never back."""
    order = ["PENDING", "STARTED", "COMPLETED"]
    reached: dict[str, int] = {}
    for job in _sightings(history):
        if job.status not in order:
            yield f"{job.job_id} is {job.status}"
            continue
        stage = order.index(job.status)
        if stage < reached.get(job.job_id, 0):
            yield f"{job.job_id} went back to {job.status}"
        reached[job.job_id] = stage


def servers_have_one_active_job(history: History) -> Iterator[str]:
    """No server is in two jobs that are not completed."""
    for moment in history:
        if isinstance(moment, Seen):
            busy = Counter(
                server_id
                for job in moment.jobs
                if job.status != "COMPLETED"
                for server_id in job.servers
            )
            twice = [each for each, times in busy.items() if times > 1]
            if twice:
                yield f"{twice} in two active jobs"


def quotas_are_kept(quotas: drs.Quotas) -> Law:
    """At no moment is there more than the quotas allow."""

    def law(history: History) -> Iterator[str]:
        for moment in history:
            if not isinstance(moment, Seen):
                continue
            sizes = [
                len(job.servers)
                for job in moment.jobs
                if job.status != "COMPLETED"
            ]
            if len(sizes) > quotas.active_jobs:
                yield f"{len(sizes)} active jobs"
            if sum(sizes) > quotas.servers_in_active_jobs:
                yield f"{sum(sizes)} servers in active jobs"
            if max(sizes, default=0) > quotas.servers_per_job:
                yield f"{max(sizes)} servers in a job"

    return law


def instances_exist_exactly_when_they_should(
    history: History,
) -> Iterator[str]:
    """An instance is there from its launch to its removal, and no longer."""
    expected = Instances()
    for moment in history:
        expected.follow(moment)
        if not isinstance(moment, Seen):
            continue
        if moment.instances != expected.recorded:
            yield f"DRS shows {moment.instances}, not {expected.recorded}"
        if moment.latest != expected.latest:
            yield f"servers show {moment.latest}, not {expected.latest}"
        if moment.running != expected.running:
            yield f"EC2 runs {moment.running}, not {expected.running}"


def relaunches_clean_up_first(history: History) -> Iterator[str]:
    """A launch begins with a clean-up if, and only if, there is one to do."""
    instances, begun = Instances(), set()
    jobs: dict[str, Started] = {}
    for moment in history:
        if isinstance(moment, Started):
            jobs[moment.job_id] = moment
        if isinstance(moment, Logged) and moment.server_id:
            job, server_id = jobs[moment.job_id], moment.server_id
            is_first = (job.job_id, server_id) not in begun
            begun.add((job.job_id, server_id))
            cleans_up = moment.event == "CLEANUP_START"
            has_any = bool(instances.waiting.get(server_id))
            if is_first and not job.terminates and cleans_up != has_any:
                yield f"{server_id} begins with {moment.event}"
        instances.follow(moment)


def _sightings(history: History) -> Iterator[JobSeen]:
    for moment in history:
        if isinstance(moment, Seen):
            yield from moment.jobs


# What holds at any moment; that jobs complete holds only in the end.
ALWAYS: tuple[Law, ...] = (
    servers_take_steps_in_order,
    servers_end_once,
    jobs_begin_and_end_properly,
    jobs_move_forward,
    servers_have_one_active_job,
    instances_exist_exactly_when_they_should,
    relaunches_clean_up_first,
)


def broken(history: History, *laws: Law) -> list[str]:
    """List how a history breaks some laws."""
    return [
        f"{getattr(law, '__name__', law)}: {complaint}"
        for law in laws
        for complaint in law(history)
    ]
