"""How the data of a source server is replicated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

UNITS = {
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
}


@dataclass(frozen=True)
class PitRule:
    """Take a snapshot every so often and keep it so long.

    ``interval`` and ``retention`` count ``units``.
    """

    rule_id: int | None
    units: Literal["MINUTE", "HOUR", "DAY"]
    interval: int
    retention: int
    enabled: bool = True

    @property
    def every(self) -> timedelta:
        """Tell the time between two snapshots."""
        return UNITS[self.units] * self.interval

    @property
    def kept(self) -> timedelta:
        """Tell how long a snapshot is kept."""
        return UNITS[self.units] * self.retention


# DRS user guide: every 10 minutes for an hour, hourly for a day, daily for
# a week.
PIT_POLICY = (
    PitRule(1, "MINUTE", 10, 60),
    PitRule(2, "HOUR", 1, 24),
    PitRule(3, "DAY", 1, 7),
)


@dataclass(frozen=True)
class ReplicationConfiguration:
    """The replication settings of a source server.

    ``disks`` are settings of single disks by device name.
    """

    name: str = ""
    staging_subnet_id: str | None = None
    default_security_group: bool = True
    security_group_ids: tuple[str, ...] = ()
    server_instance_type: str = "t3.small"
    dedicated_server: bool = False
    large_disk_type: str = "GP3"
    disks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    encryption: str = "DEFAULT"
    encryption_key_arn: str | None = None
    bandwidth_throttling: int = 0
    routing: str = "PRIVATE_IP"
    public_ip: bool = True
    staging_tags: Mapping[str, str] = field(default_factory=dict)
    pit_policy: tuple[PitRule, ...] = PIT_POLICY
    replicates_new_disks: bool = False
    internet_protocol: str = "IPV4"
