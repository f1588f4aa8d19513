"""Choices about jobs and recovery snapshots that no source documents."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Refusal = Literal["busy", "unready", "snapshot", "quota"]


@dataclass(frozen=True)
class JobOptions:
    """What can be switched about jobs.

    ``refusal_order`` is the order in which a request for a job is checked;
    what it leaves out is not checked. ``unready`` stands for the failback
    in a request to terminate.
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
