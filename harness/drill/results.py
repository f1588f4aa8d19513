"""What a drill came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from harness.equivalence import Observation

Outcome = Literal["completed", "failed", "timeout", "cancelled", "open"]
OUTCOMES: Mapping[str, Outcome] = {
    "COMPLETED": "completed",
    "FAILED": "failed",
    "TIMEOUT": "timeout",
    "CANCELLED": "cancelled",
}


@dataclass(frozen=True)
class PhaseTime:
    """When something was logged of a server."""

    event: str
    at: datetime


@dataclass(frozen=True)
class ServerResult:
    """What became of one server of a wave.

    Attributes:
        status: Its launch status in the execution history.
        instance_id: As the history says; where it is silent, because the
            plan had ended before, as DRS logged.
        error: What DRS logged when it failed, or nothing.
        phases: What DRS logged of it, in order.
    """

    server_id: str
    hostname: str
    status: str
    instance_id: str
    private_ip: str
    instance_type: str
    error: str
    phases: tuple[PhaseTime, ...]

    @property
    def took(self) -> timedelta | None:
        """Virtual time from its first item in the job's log to its last."""
        if not self.phases:
            return None
        return self.phases[-1].at - self.phases[0].at

    @property
    def failed(self) -> bool:
        """Tell whether its recovery failed."""
        return self.status in ("FAILED", "TERMINATED")


@dataclass(frozen=True)
class WaveResult:
    """What became of one wave; `not started` when the plan ended before."""

    number: int
    name: str
    status: str
    job_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    servers: tuple[ServerResult, ...]


@dataclass(frozen=True)
class JobResult:
    """One DRS job at the end of the drill."""

    job_id: str
    account_id: str
    region: str
    status: str
    initiated_by: str
    servers: int
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Run:
    """One execution of the plan by one orchestration.

    Attributes:
        lambdas: How the functions ran: in-process, packaged or rie.
        outcome: `open` when the state machine ended and the execution
            history shows no end.
        history: The execution's item, secrets masked.
        machine: How the state machine ended: status, error, cause.
        machine_events: Its execution's history, secrets and all.
        invocations: How often each function was invoked.
        observation: Everything an outsider saw, to compare with another.
    """

    orchestration: str
    lambdas: str
    execution_id: str
    outcome: Outcome
    started_at: datetime
    ended_at: datetime
    waves: tuple[WaveResult, ...]
    jobs: tuple[JobResult, ...]
    history: Mapping[str, Any]
    machine: Mapping[str, Any]
    machine_events: tuple[Mapping[str, Any], ...]
    transitions: int
    invocations: Mapping[str, int]
    observation: Observation

    @property
    def name(self) -> str:
        """What tells it from another run of the same order."""
        is_usual = self.lambdas == "in-process"
        addition = "" if is_usual else f" ({self.lambdas})"
        return f"{self.orchestration}{addition}"

    @property
    def failed_servers(self) -> list[tuple[WaveResult, ServerResult]]:
        """The servers that could not be recovered, with their waves."""
        return [
            (wave, server)
            for wave in self.waves
            for server in wave.servers
            if server.failed
        ]
