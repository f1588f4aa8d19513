"""A plan as the drill sees it: every reference resolved to an id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from harness import drs

HUB_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"
DEFAULT_ROLE_NAME = "DRSOrchestrationRole"
DEFAULT_EXTERNAL_ID = "drs-orchestration-cross-account"

Phase = Literal["snapshot", "conversion", "launch"]
Expectation = Literal["completed", "failed"]
LaunchConfig = Mapping[str, Any]


@dataclass(frozen=True)
class Account:
    """An AWS account that servers are recovered in."""

    account_id: str
    account_name: str
    region: str = DEFAULT_REGION
    assume_role_name: str = DEFAULT_ROLE_NAME
    external_id: str = DEFAULT_EXTERNAL_ID

    @property
    def is_hub(self) -> bool:
        """Tell whether the orchestration itself runs in this account."""
        return self.account_id == HUB_ACCOUNT_ID


@dataclass(frozen=True)
class Placed:
    """Something with a name that exists in one account and Region."""

    name: str
    account_id: str
    region: str
    cidr_block: str = ""


@dataclass(frozen=True)
class Network:
    """What launch configurations name and the cloud must hold first."""

    subnets: tuple[Placed, ...] = ()
    security_groups: tuple[Placed, ...] = ()
    instance_profiles: tuple[Placed, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A server's recovery that fails on purpose."""

    phase: Phase
    message: str | None = None


@dataclass(frozen=True)
class SourceServer:
    """A server that DRS replicates."""

    server_id: str
    hostname: str
    account_id: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)
    instance_type: str = "t3.medium"
    private_ip: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class ServerOverride:
    """The launch configuration of one server of a group."""

    server_id: str
    launch_template: LaunchConfig
    use_group_defaults: bool = True


@dataclass(frozen=True)
class ProtectionGroup:
    """Servers that are recovered together, by tags or by name."""

    group_id: str
    group_name: str
    region: str
    tags: Mapping[str, str]
    server_ids: tuple[str, ...]
    launch_config: LaunchConfig | None
    overrides: tuple[ServerOverride, ...]


@dataclass(frozen=True)
class Wave:
    """One step of the plan."""

    name: str
    description: str
    group_id: str
    server_ids: tuple[str, ...] | None
    pause_before: bool


@dataclass(frozen=True)
class Throttle:
    """A DRS operation that refuses some calls (ThrottlingException)."""

    operation: str
    times: int


@dataclass(frozen=True)
class Plan:
    """Everything a plan file says.

    Attributes:
        path: The file it was read from.
        expect: How the drill ends when everything works as planned.
        approval_minutes: Virtual minutes until a person approves a pause.
        recovery_account: Account the plan recovers in.
        accounts: Every account of the file, the hub first.
        drs_options: What DRS does where nothing is documented, None if
            the file is silent about it.
    """

    path: Path
    plan_id: str
    name: str
    description: str
    expect: Expectation
    approval_minutes: float
    recovery_account: Account
    accounts: tuple[Account, ...]
    network: Network
    servers: tuple[SourceServer, ...]
    groups: tuple[ProtectionGroup, ...]
    waves: tuple[Wave, ...]
    throttles: tuple[Throttle, ...]
    drs_options: drs.EmulatorOptions | None = None

    def server(self, name: str) -> SourceServer | None:
        """Find a server by its hostname, whatever the case, or its id."""
        for server in self.servers:
            if name == server.server_id:
                return server
            if name.casefold() == server.hostname.casefold():
                return server
        return None
