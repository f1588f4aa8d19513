"""Choices about jobs and recovery snapshots that no source documents."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from harness.drs.engine.lower_limits import refuse_negative

Refusal = Literal["busy", "unready", "snapshot", "quota"]
DefaultSubnet = Literal["first", "last", "random"]


@dataclass(frozen=True)
class JobOptions:
    """What can be switched about jobs.

    ``refusal_order`` is the order in which a request for a job is checked;
    what it leaves out is not checked. ``unready`` stands for the failback
    in a request to terminate. ``locked_operations`` are refused for the
    servers of a job, ``undeletable_states`` are those of jobs that cannot
    be deleted. ``raw_error_events`` are log items that show the error, as
    LAUNCH_FAILED always does. ``default_subnet`` is that of the first zone
    or the last, or one drawn for each launch. ``launch_settings_of`` tells
    whose launch settings count: those at the start of the job, or at the
    launch.
    """

    drill_by_default: bool = False
    refusal_order: tuple[Refusal, ...] = (
        "busy",
        "unready",
        "snapshot",
        "quota",
    )
    counts_terminations: bool = True
    logs_terminations: bool = True
    refuses_unknown_log: bool = False
    instance_appears_at: Literal["LAUNCH_START", "LAUNCH_END"] = "LAUNCH_END"
    instance_ends_at: Literal["CLEANUP_START", "CLEANUP_END"] = "CLEANUP_END"
    uses_previous_snapshot: bool = False
    copies_address_without_subnet: bool = False
    default_subnet: DefaultSubnet = "first"
    launch_settings_of: Literal["start", "launch"] = "launch"
    raw_error_events: frozenset[str] = frozenset(
        {"CLEANUP_FAIL", "SNAPSHOT_FAIL", "CONVERSION_FAIL"}
    )
    refused_termination_status: Literal["FAILED", "LAUNCHED", "TERMINATED"] = (
        "FAILED"
    )
    terminations_show_in_progress: bool = False
    terminations_name_instances: bool = False
    undeletable_states: frozenset[str] = frozenset({"PENDING", "STARTED"})
    locked_operations: frozenset[str] = frozenset(
        {
            "DisconnectSourceServer",
            "DeleteSourceServer",
            "StopReplication",
            "ReverseReplication",
            "DisconnectRecoveryInstance",
            "DeleteRecoveryInstance",
        }
    )


@dataclass(frozen=True)
class LaunchActionOptions:
    """What can be switched about the runs of post-launch actions.

    ``duration`` is the time from LAUNCH_END to the end of each action; the
    server's launch status is decided then. ``logs_failure`` adds a
    LAUNCH_FAILED item for an action that fails the launch.
    """

    code: str = "AWS-RunShellScript"
    type: Literal["SSM_COMMAND", "SSM_AUTOMATION"] = "SSM_COMMAND"
    duration: timedelta = timedelta(0)
    logs_failure: bool = False

    def __post_init__(self) -> None:
        """Refuse a duration below zero."""
        refuse_negative(self)


@dataclass(frozen=True)
class SnapshotOptions:
    """What can be switched about recovery snapshots.

    ``delay`` lies between the time a snapshot is expected and the time it
    is taken. ``grid`` is what their times are counted from: the first
    recovery point (``sync``) or the full hours and days (``clock``).
    """

    delay: timedelta = timedelta(0)
    grid: Literal["sync", "clock"] = "sync"
    policy_changes_past: bool = True
    lists_on_demand: bool = False
    taken_at: Literal["SNAPSHOT_START", "SNAPSHOT_END"] = "SNAPSHOT_END"
    retention_includes_end: bool = False
    own_ids_when_extended: bool = True
    numbers_rules: bool = True
    enables_rules: bool = True
