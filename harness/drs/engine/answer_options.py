"""Choices about requests and answers that no source documents."""

from dataclasses import dataclass
from typing import Literal

ConflictOrValidation = Literal["ConflictException", "ValidationException"]
QuotaOrValidation = Literal[
    "ServiceQuotaExceededException", "ValidationException"
]


@dataclass(frozen=True)
class ListingOptions:
    """What can be switched about lists and their pages.

    ``newest_first`` names operations that list the youngest record first;
    DescribeJobs always does.
    """

    newest_first: frozenset[str] = frozenset()
    dates_include_ends: bool = True
    refuses_foreign_tokens: bool = True


@dataclass(frozen=True)
class ErrorCodes:
    """Classes of errors where the service model leaves more than one.

    Each is named as its text in ``ErrorTexts``; ``servers_per_job`` and
    ``too_many_tags`` are quotas.
    """

    not_ready: ConflictOrValidation = "ConflictException"
    not_from_ec2: ConflictOrValidation = "ValidationException"
    not_initialized: ConflictOrValidation = "ConflictException"
    already_reversed: ConflictOrValidation = "ConflictException"
    servers_per_job: QuotaOrValidation = "ServiceQuotaExceededException"
    too_many_tags: QuotaOrValidation = "ValidationException"


@dataclass(frozen=True)
class MachineOptions:
    """What answers say of machines, as nothing real stands behind them.

    ``seen_now`` tells whether a connected source server was last seen at
    the time of the request, or when it was added. ``fresh_failback_state``
    is that of an instance whose replication was never reversed.
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
