"""What an outsider sees of one account's DRS, moment by moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Started:
    """A job was accepted.

    Attributes:
        job_id: The job.
        targets: Its source servers, each with the instance to terminate,
            or None in a drill or recovery.
    """

    job_id: str
    targets: Mapping[str, str | None]

    @property
    def terminates(self) -> bool:
        """Tell whether the job terminates instances."""
        return any(self.targets.values())


@dataclass(frozen=True)
class Logged:
    """A log item was written; ``instance_id`` only with LAUNCH_END."""

    at: datetime
    job_id: str
    event: str
    server_id: str | None = None
    instance_id: str | None = None


@dataclass(frozen=True)
class Forgotten:
    """DRS was told to forget an instance, which goes on in EC2."""

    instance_id: str


@dataclass(frozen=True)
class Vanished:
    """Someone terminated an instance in EC2."""

    instance_id: str


@dataclass(frozen=True)
class JobSeen:
    """A job as DescribeJobs shows it; ``servers`` are launch statuses."""

    job_id: str
    status: str
    servers: Mapping[str, str]
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """Everything there is to see at one moment.

    Attributes:
        jobs: Of DescribeJobs.
        instances: Source server by recovery instance, of
            DescribeRecoveryInstances.
        latest: Recovery instance by source server, of
            DescribeSourceServers; servers without one are left out.
        running: Instances that run in EC2.
    """

    jobs: tuple[JobSeen, ...] = ()
    instances: Mapping[str, str] = field(default_factory=dict)
    latest: Mapping[str, str] = field(default_factory=dict)
    running: frozenset[str] = frozenset()


Moment = Started | Logged | Forgotten | Vanished | Seen
History = list[Moment]


def log_items(history: History) -> dict[str, list[Logged]]:
    """Sort the log items by job."""
    found: dict[str, list[Logged]] = {}
    for moment in history:
        if isinstance(moment, Logged):
            found.setdefault(moment.job_id, []).append(moment)
    return found


def paths(
    history: History,
) -> Iterator[tuple[Started, str, list[Logged]]]:
    """List what each server of each job went through."""
    items = log_items(history)
    for moment in history:
        if isinstance(moment, Started):
            for server_id in moment.targets:
                path = [
                    item
                    for item in items.get(moment.job_id, [])
                    if item.server_id == server_id
                ]
                yield moment, server_id, path


def last_seen(history: History) -> dict[str, JobSeen]:
    """Find the last state of each job that was seen."""
    found: dict[str, JobSeen] = {}
    for moment in history:
        if isinstance(moment, Seen):
            found |= {job.job_id: job for job in moment.jobs}
    return found


@dataclass
class Instances:
    """Which instances there should be after some moments.

    Attributes:
        waiting: Instances of each server that its next launch removes.
        recorded: Server of each recovery instance that DRS shows.
        latest: The recovery instance each server shows.
        running: Instances that run in EC2.
    """

    waiting: dict[str, set[str]] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    _jobs: dict[str, Started] = field(default_factory=dict)

    def follow(self, moment: Moment) -> None:
        """Take one more moment into account."""
        match moment:
            case Started():
                self._jobs[moment.job_id] = moment
            case Logged(event="LAUNCH_END"):
                self._launch(str(moment.server_id), str(moment.instance_id))
            case Logged(event="CLEANUP_END"):
                self._clean_up(moment)
            case Forgotten():
                self._forget(moment.instance_id)
            case Vanished():
                self.running.discard(moment.instance_id)

    def _launch(self, server_id: str, instance_id: str) -> None:
        self.waiting.setdefault(server_id, set()).add(instance_id)
        self.recorded[instance_id] = server_id
        self.latest[server_id] = instance_id
        self.running.add(instance_id)

    def _clean_up(self, item: Logged) -> None:
        server_id = str(item.server_id)
        waiting = self.waiting.get(server_id, set())
        target = self._jobs[item.job_id].targets[server_id]
        for instance_id in [target] if target else list(waiting):
            waiting.discard(instance_id)
            self._forget(instance_id)
            self.running.discard(instance_id)

    def _forget(self, instance_id: str) -> None:
        server_id = self.recorded.pop(instance_id, None)
        if server_id and self.latest.get(server_id) == instance_id:
            del self.latest[server_id]
