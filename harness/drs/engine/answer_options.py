"""Choices about requests and answers that no source documents."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from harness.drs.engine.lower_limits import refuse_negative, refuse_page_size

FailbackState = Literal[
    "FAILBACK_NOT_STARTED",
    "FAILBACK_IN_PROGRESS",
    "FAILBACK_READY_FOR_LAUNCH",
    "FAILBACK_COMPLETED",
    "FAILBACK_ERROR",
    "FAILBACK_NOT_READY_FOR_LAUNCH",
    "FAILBACK_LAUNCH_STATE_NOT_AVAILABLE",
]


@dataclass(frozen=True)
class ListingOptions:
    """What can be switched about lists and their pages.

    ``newest_first`` names operations that list the youngest record first;
    DescribeJobs always does. ``largest_page`` limits what ``maxResults``
    may ask for; tokens older than ``token_lifetime`` are like those of
    another request.
    """

    newest_first: frozenset[str] = frozenset()
    dates_include_ends: bool = True
    refuses_foreign_tokens: bool = True
    largest_page: int | None = field(default=None, metadata={"minimum": 1})
    token_lifetime: timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse pages without items and lifetimes below zero."""
        refuse_negative(self)
        if self.largest_page is not None:
            refuse_page_size(self.largest_page, "largest_page")


@dataclass(frozen=True)
class FailbackStates:
    """States of a failback by where the reversed replication stands.

    ``gone`` holds when the server of the other direction was deleted.
    """

    gone: FailbackState = "FAILBACK_NOT_STARTED"
    stopped: FailbackState = "FAILBACK_NOT_STARTED"
    syncing: FailbackState = "FAILBACK_IN_PROGRESS"
    synced: FailbackState = "FAILBACK_READY_FOR_LAUNCH"
    launched: FailbackState = "FAILBACK_COMPLETED"


@dataclass(frozen=True)
class MachineOptions:
    """What answers say of machines, as nothing real stands behind them.

    ``seen_now`` tells whether a connected source server was last seen at
    the time of the request, or when it was added. ``fresh_failback_state``
    is that of an instance whose replication was never reversed. ``fqdn`` is
    made from ``{hostname}``, ``synced_share`` is the part of the disk that
    is replicated during the initial sync. The first byte came
    ``first_byte_after`` the server was added.
    """

    agent_version: str = "5.1.0"
    device_name: str = "/dev/xvda"
    disk_bytes: int = 8 * 1024**3
    memory_bytes: int = 4 * 1024**3
    cpu_cores: int = 2
    cpu_model: str = "Intel(R) Xeon(R)"
    operating_system: str = "Linux"
    architecture: str = "x86_64"
    supports_nitro: bool = True
    lag_duration: str = "PT0S"
    staging_disk_type: str = "AUTO"
    optimized_disk_type: str = "GP3"
    seen_now: bool = False
    fresh_failback_state: Literal[
        "FAILBACK_NOT_READY_FOR_LAUNCH", "FAILBACK_NOT_STARTED"
    ] = "FAILBACK_NOT_READY_FOR_LAUNCH"
    fqdn: str = "{hostname}"
    volume_status: str = "REGULAR"
    synced_share: float = field(default=0.0, metadata={"maximum": 1})
    first_byte_after: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Refuse amounts below zero, and more than all of a disk."""
        refuse_negative(self)
        if not 0 <= self.synced_share <= 1:
            raise ValueError("'synced_share' lies between 0 and 1")
