"""What DRS keeps in one account and Region."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from harness.drs.engine.options import LaunchConfiguration
from harness.drs.engine.replication_configuration import (
    PitRule,
    ReplicationConfiguration,
)

Phase = Literal["snapshot", "conversion", "launch"]
# Amazon Linux, known to moto.
DEFAULT_IMAGE_ID = "ami-760aaa0f"
ENDED_STATUSES = frozenset({"LAUNCHED", "FAILED", "TERMINATED"})


@dataclass(frozen=True)
class SourceServerSeed:
    """A source server to add, as its replication agent would.

    ``instance_type`` is the type DRS recommends for it. ``fail_at`` makes
    its launches fail at a phase, with ``fail_message`` as ``rawError``.
    Its snapshots begin ``replicating_since``, None for when it is added.
    ``hardware_id`` is an EC2 instance, a VMware uuid or a MAC address. A
    server that runs in EC2 has an ``origin_region``, and an account there
    if it is another one.
    """

    hostname: str
    server_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    instance_type: str = "t3.medium"
    private_ip: str | None = None
    fail_at: Phase | None = None
    fail_message: str | None = None
    image_id: str = DEFAULT_IMAGE_ID
    replication_state: str = "CONTINUOUS"
    replicating_since: datetime | None = None
    hardware_id: str | None = None
    origin_region: str | None = None
    origin_account_id: str | None = None


@dataclass
class LastLaunch:
    """The latest launch of a source server."""

    called_at: datetime
    job_id: str
    is_drill: bool
    status: str = "PENDING"


@dataclass
class SourceServer:
    """A source server; ``instance_ids`` still wait for their clean-up.

    ``state_changes`` are the replication states since the first recovery
    point may exist. ``staging_arn`` is set for an extended server,
    ``template_id`` is None once it is disconnected. ``on_demand_at`` is
    the time of the latest snapshot that a job took, ``past_policies`` are
    earlier rules for snapshots, each with the time until which it held.
    """

    number: int
    server_id: str
    arn: str
    seed: SourceServerSeed
    added_at: datetime
    template_id: str | None
    launch_configuration: LaunchConfiguration
    replication_configuration: ReplicationConfiguration
    tags: dict[str, str]
    fail_at: Phase | None
    replication_state: str
    state_changes: list[tuple[datetime, str]]
    hardware_id: str | None = None
    last_launch_result: str = "NOT_STARTED"
    last_launch: LastLaunch | None = None
    recovery_instance_id: str | None = None
    instance_ids: list[str] = field(default_factory=list)
    templates_made: int = 1
    syncs: int = 0
    direction: Literal["FAILOVER", "FAILBACK"] = "FAILOVER"
    reversed_arn: str | None = None
    staging_arn: str | None = None
    on_demand_at: datetime | None = None
    past_policies: list[tuple[datetime, tuple[PitRule, ...]]] = field(
        default_factory=list
    )


@dataclass
class Participant:
    """A server in a job; ``instance_id`` only in terminate jobs.

    ``snapshot_id`` is the snapshot the caller chose, if any,
    ``launch_configuration`` that of the job's start if it counts.
    """

    server_id: str
    instance_id: str | None = None
    launch_status: str = "PENDING"
    conversion_server_id: str | None = None
    snapshot_at: datetime | None = None
    snapshot_id: str | None = None
    action_runs: list[dict[str, Any]] = field(default_factory=list)
    launch_configuration: LaunchConfiguration | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether the job has finished with this server."""
        return self.launch_status in ENDED_STATUSES


@dataclass(frozen=True)
class LogItem:
    """One item of a job's log."""

    number: int
    at: datetime
    event: str
    data: Mapping[str, Any]


@dataclass
class Job:
    """A launch or terminate job; ``followers`` are told when it completes."""

    number: int
    job_id: str
    arn: str
    type: Literal["LAUNCH", "TERMINATE"]
    initiated_by: str
    created_at: datetime
    participants: list[Participant]
    tags: dict[str, str]
    status: str = "PENDING"
    ended_at: datetime | None = None
    log: list[LogItem] = field(default_factory=list)
    followers: list[Callable[[datetime], None]] = field(default_factory=list)

    @property
    def is_drill(self) -> bool:
        """Tell whether the job is a drill and not a real recovery."""
        return self.initiated_by == "START_DRILL"

    @property
    def is_active(self) -> bool:
        """Tell whether the job still counts against the quotas."""
        return self.status != "COMPLETED"


@dataclass
class RecoveryInstance:
    """An instance that DRS launched and still knows."""

    number: int
    instance_id: str
    arn: str
    server: SourceServer
    job_id: str
    is_drill: bool
    launched_at: datetime
    snapshot_at: datetime
    private_ip: str | None
    tags: dict[str, str]
    replication_state: str = "NOT_STARTED"
    reversed_arn: str | None = None


@dataclass
class LaunchConfigurationTemplate:
    """The launch settings of source servers that are yet to come."""

    number: int
    template_id: str
    arn: str
    settings: LaunchConfiguration
    tags: dict[str, str]
    export_bucket_arn: str | None = None


@dataclass(frozen=True)
class JobEvent:
    """One log item, as told to those who listen."""

    at: datetime
    account_id: str
    region: str
    job_id: str
    event: str
    source_server_id: str | None
    data: Mapping[str, Any]
