"""DRS of one account in one Region: its records, locks and planned events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from harness.drs.engine import lagging_reads, seeding
from harness.drs.engine.compute import Compute
from harness.drs.engine.faults import Faults
from harness.drs.engine.identifiers import Identifiers
from harness.drs.engine.options import EmulatorOptions, LaunchConfiguration
from harness.drs.engine.profiles import LINUX, Pace, Profile
from harness.drs.engine.records import (
    Job,
    JobEvent,
    LaunchConfigurationTemplate,
    LogItem,
    Phase,
    RecoveryInstance,
    SourceServer,
    SourceServerSeed,
)
from harness.drs.engine.recovery_plan_records import RecoveryPlanBook
from harness.drs.engine.schedule import Schedule

Listener = Callable[[JobEvent], None]


def utc_now() -> datetime:
    """Read the time of this process."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Settings:
    """What all Regions of a world share."""

    seed: int = 0
    profile: Profile = LINUX
    options: EmulatorOptions = field(default_factory=EmulatorOptions)
    now: Callable[[], datetime] = utc_now


class Region:
    """One account's DRS in one Region.

    Attributes:
        account_id: The account.
        name: The Region.
        initialized: Whether the account may use DRS here.
        source_servers: By id, in the order they were added.
        jobs: By id, oldest first.
        recovery_instances: By id, in the order of their launch.
        recovery_plans: Recovery plans and their executions.
        locks: Id of the job that holds a source server, by server id.
        launch_templates: Launch configuration templates by id.
        trusted_accounts: Accounts that may extend this one's servers.
        faults: The faults that are set; Regions of a world share them.
        history: Earlier states, while a fault makes reads lag.
        find_region: Finds another Region by account and name, if it is used.
        catch_up: Lets happen what is due now, in all Regions of a world.
        guard: Held while something changes; Regions of a world share it.
    """

    def __init__(
        self,
        account_id: str,
        name: str,
        settings: Settings,
        compute: Compute,
        listeners: Iterable[Listener] = (),
    ) -> None:
        """Start empty and not initialized.

        Args:
            account_id: Twelve digits.
            name: Region name.
            settings: Seed, time model and options.
            compute: EC2 of the same account and Region.
            listeners: Told of each log item; read anew for each of them.
        """
        self.account_id = account_id
        self.name = name
        self.settings = settings
        self.compute = compute
        self.initialized = False
        self.source_servers: dict[str, SourceServer] = {}
        self.jobs: dict[str, Job] = {}
        self.recovery_instances: dict[str, RecoveryInstance] = {}
        self.recovery_plans = RecoveryPlanBook()
        self.locks: dict[str, str] = {}
        self.launch_templates: dict[str, LaunchConfigurationTemplate] = {}
        self.trusted_accounts: set[str] = set()
        self.faults = Faults()
        self.history = lagging_reads.History()
        self.find_region: Callable[[str, str], Region | None] = _no_region
        self.schedule = Schedule()
        self.catch_up: Callable[[], None] = self._catch_up
        self.ids = Identifiers(self.key("ids"))
        self.numbers = count(1)
        self._listeners = listeners
        self._requests = count(1)
        self.guard = threading.RLock()

    def __str__(self) -> str:
        """Name the account and the Region."""
        return f"account {self.account_id}, Region {self.name}"

    @property
    def options(self) -> EmulatorOptions:
        """The emulator's choices."""
        return self.settings.options

    def now(self) -> datetime:
        """Tell the time; that of the event while a late one happens."""
        return self.schedule.firing_at or self.settings.now()

    def key(self, *parts: str) -> str:
        """Name something of this Region for a seeded draw."""
        place = (str(self.settings.seed), self.account_id, self.name)
        return "/".join(place + parts)

    def arn(self, kind: str, resource_id: str) -> str:
        """Make an ARN such as that of a ``source-server``."""
        return (
            f"arn:aws:drs:{self.name}:{self.account_id}:{kind}/{resource_id}"
        )

    def new_launch_configuration(self) -> LaunchConfiguration:
        """Find the launch settings a new source server starts with."""
        for template in self.launch_templates.values():
            return template.settings
        return self.options.launch_configuration

    def initialize(self) -> None:
        """Let the account use DRS in this Region; repeating is no error."""
        self.catch_up()
        self.initialized = True

    def add_source_server(self, seed: SourceServerSeed) -> str:
        """Add a server whose agent replicates into this Region.

        Initializes the Region if needed, as nothing can replicate into one
        that is not, and makes the server's launch template in EC2.

        Returns:
            Id of the source server.

        Raises:
            SourceServerIdError: The id of the seed is malformed.
            SourceServerExistsError: The id is in use.
        """
        with self.guard:
            self.initialize()
            lagging_reads.remember(self)
            server = seeding.add(self, seed)
            lagging_reads.remember(self, self.now())
            return server.server_id

    def fail_at(
        self, server_id: str, phase: Phase | None, message: str | None = None
    ) -> None:
        """Make the launches of a server fail at a phase, or succeed again.

        What is due by now has happened before, as with a request.

        Args:
            server_id: Source server.
            phase: Phase to fail at, None for success.
            message: ``rawError`` of the log item, None for a usual one.

        Raises:
            UnknownSourceServerError: No such server in this Region.
        """
        with self.guard:
            self.catch_up()
            server = self.source_servers.get(server_id)
            if server is None:
                raise seeding.UnknownSourceServerError(server_id, self)
            server.fail_at = phase
            server.seed = replace(server.seed, fail_message=message)

    def next_event_at(self) -> datetime | None:
        """Tell when something happens next by itself, or None."""
        return self.schedule.next_at()

    def advance_to(self, now: datetime) -> None:
        """Let happen what is due at or before a time."""
        with self.guard:
            while (at := self.schedule.next_at()) and at <= now:
                self.fire_next()

    def fire_next(self) -> None:
        """Let the next planned event happen."""
        with self.guard:
            lagging_reads.remember(self)
            lagging_reads.remember(self, self.schedule.fire_next())

    def pace(self, job: Job) -> Pace:
        """Draw the durations of a job."""
        servers = [each.server_id for each in job.participants]
        return Pace(self.settings.profile, self.key(job.job_id), servers)

    def log(self, job: Job, at: datetime, event: str, data: Any) -> None:
        """Write a job's log item and tell the listeners."""
        job.log.append(LogItem(len(job.log), at, event, data))
        told = JobEvent(
            at=at,
            account_id=self.account_id,
            region=self.name,
            job_id=job.job_id,
            event=event,
            source_server_id=data.get("sourceServerID"),
            data=data,
        )
        for listener in tuple(self._listeners):
            listener(told)

    def active_jobs(self) -> Sequence[Job]:
        """List the jobs that are not completed."""
        return [job for job in self.jobs.values() if job.is_active]

    def _catch_up(self) -> None:
        # Whoever asks while an event happens sees the moment of the event.
        if self.schedule.firing_at is None:
            self.advance_to(self.now())

    def new_request_id(self) -> str:
        """Make the id of the next request."""
        name = self.key("request", str(next(self._requests)))
        return str(uuid5(NAMESPACE_URL, name))


def _no_region(account_id: str, name: str) -> Region | None:
    return None
