"""Recovery plans, their steps and their executions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

TERMINAL_STATUSES = frozenset({"COMPLETED", "FAILED", "CANCELLED"})


@dataclass(frozen=True)
class PlannedServer:
    """A source server in a step; CRITICAL ones decide on its success."""

    server_id: str
    arn: str
    impact_level: str = "CRITICAL"

    @property
    def is_critical(self) -> bool:
        """Tell whether the step fails if this server fails."""
        return self.impact_level == "CRITICAL"


@dataclass(frozen=True)
class ServerStep:
    """Configuration of a step that recovers servers in one job."""

    servers: tuple[PlannedServer, ...]


@dataclass(frozen=True)
class WaitStep:
    """Configuration of a step that lets time pass."""

    minutes: int


Configuration = ServerStep | WaitStep


def servers_of(configuration: Configuration) -> tuple[PlannedServer, ...]:
    """List the servers of a step; a wait has none."""
    if isinstance(configuration, ServerStep):
        return configuration.servers
    return ()


@dataclass
class PlanStep:
    """A step of a plan; ``order`` counts from one."""

    arn: str
    order: int
    name: str
    configuration: Configuration
    created_at: datetime
    updated_at: datetime

    @property
    def number(self) -> int:
        """Where the step stands in lists."""
        return self.order


@dataclass
class RecoveryPlan:
    """A plan; ``steps`` are in their order.

    ``active_with`` is what makes it ACTIVE.
    """

    number: int
    plan_id: str
    arn: str
    name: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    tags: dict[str, str]
    steps: list[PlanStep] = field(default_factory=list)
    active_with: Literal["server", "step"] = "server"

    @property
    def status(self) -> str:
        """Tell whether the plan can be executed."""
        any_step = self.active_with == "step"
        for step in self.steps:
            if any_step or servers_of(step.configuration):
                return "ACTIVE"
        return "INVALID"

    def renumber(self) -> None:
        """Count the steps anew after their list has changed."""
        for order, step in enumerate(self.steps, start=1):
            step.order = order


@dataclass(frozen=True)
class ErrorDetail:
    """Why a step or an execution failed."""

    code: str
    message: str


@dataclass
class ExecutionStep:
    """A step's copy in an execution.

    ``job_ids`` are the latest jobs by server id, ``launched`` the servers
    that some attempt has launched.
    """

    arn: str
    index: int
    name: str
    configuration: Configuration
    created_at: datetime
    updated_at: datetime
    status: str = "NOT_STARTED"
    attempt: int = 1
    error: ErrorDetail | None = None
    job_ids: dict[str, str] = field(default_factory=dict)
    launched: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        """Where the step stands in lists."""
        return self.index

    def turn(self, status: str, at: datetime) -> None:
        """Change the status at a time."""
        self.status = status
        self.updated_at = at


@dataclass
class PlanExecution:
    """One execution; ``timers`` are the numbers of its planned events.

    ``resumed_at`` is when it went on although its time was over.
    """

    number: int
    arn: str
    plan_arn: str
    mode: str
    started_at: datetime
    steps: list[ExecutionStep]
    snapshots: Mapping[str, str]
    tags: dict[str, str]
    status: str = "CREATED"
    completed_at: datetime | None = None
    error: ErrorDetail | None = None
    timers: list[int] = field(default_factory=list)
    resumed_at: datetime | None = None

    @property
    def is_terminal(self) -> bool:
        """Tell whether nothing happens any more by itself."""
        return self.status in TERMINAL_STATUSES

    def steps_in(self, *statuses: str) -> list[ExecutionStep]:
        """List the steps in some statuses, in their order."""
        return [step for step in self.steps if step.status in statuses]


@dataclass(frozen=True)
class UsedToken:
    """What a request with a client token asked for and made."""

    parameters: Mapping[str, Any]
    arn: str
    used_at: datetime


@dataclass
class RecoveryPlanBook:
    """The plans and executions of one account and Region, by ARN.

    ``tokens`` are by operation and client token.
    """

    plans: dict[str, RecoveryPlan] = field(default_factory=dict)
    executions: dict[str, PlanExecution] = field(default_factory=dict)
    tokens: dict[tuple[str, str], UsedToken] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[RecoveryPlan, PlanStep]]:
        """Go through all steps, each with its plan."""
        for plan in self.plans.values():
            for step in plan.steps:
                yield plan, step

    def execution_steps(
        self,
    ) -> Iterator[tuple[PlanExecution, ExecutionStep]]:
        """Go through all steps of executions, each with its execution."""
        for execution in self.executions.values():
            for step in execution.steps:
                yield execution, step
