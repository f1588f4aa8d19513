"""What an outsider finds at the end of an execution."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from harness import drs
from harness.cloud import compute_views
from harness.cloud.executions import PAUSED
from harness.reliability.scenes import PLAN_ID, Scene

if TYPE_CHECKING:
    from harness.reliability.runs import Execution


@dataclass(frozen=True)
class Job:
    """A DRS job that launches servers."""

    job_id: str
    servers: tuple[str, ...]
    is_drill: bool
    status: str


@dataclass(frozen=True)
class Outcome:
    """The end of one execution.

    Attributes:
        status: The state machine's; `PAUSED` or `RUNNING` if it has no end.
        history: The execution's record.
        state: Input of the state machine's last state.
        jobs: All DRS jobs of the account and Region, in order.
        tokens: Task tokens that still wait for an answer.
        launch_settings: By server: DRS's launch configuration and the
            data of the launch template's default version.
        stuck: Why it has no end, None for no reason.
        faults: How many faults it met.
        calls: How many AWS calls its functions made.
        notes: What the script wants a person to read.
    """

    scene: Scene
    execution_id: str
    status: str
    history: Mapping[str, Any]
    state: Mapping[str, Any]
    jobs: tuple[Job, ...]
    tokens: tuple[str, ...] = ()
    launch_settings: Mapping[str, Any] | None = None
    stuck: str | None = None
    faults: int = 0
    calls: int = 0
    notes: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why it failed, for people; empty if nobody says."""
        return str(self.history.get("errorMessage") or "")

    def recorded_jobs(self) -> list[str]:
        """List the jobs in the execution's record, in order of waves."""
        waves = self.history.get("waves", [])
        return [wave["jobId"] for wave in waves if wave.get("jobId")]


def of(execution: "Execution", status: str, stuck: str | None) -> Outcome:
    """See how an execution stands.

    Args:
        status: What waiting for it gave.
        stuck: Why it has no end, None for no reason.
    """
    cloud, scene = execution.cloud, execution.scene
    return Outcome(
        scene=scene,
        execution_id=execution.execution_id,
        status=status,
        history=cloud.history_item(execution.execution_id, PLAN_ID) or {},
        state=cloud.executions.last_input(execution.arn) or {},
        jobs=tuple(jobs(scene)),
        tokens=tuple(cloud.executions.pending_tokens(execution.arn)),
        launch_settings=_launch_settings(scene),
        stuck=stuck,
        faults=execution.faults,
        calls=len(cloud.calls),
        notes=tuple(execution.notes),
    )


def has_ended(status: str) -> bool:
    """Tell whether a status of the state machine is an end."""
    return status not in (PAUSED, "RUNNING")


def jobs(scene: Scene) -> list[Job]:
    """List the jobs that launch servers of a scene, in order."""
    return [
        Job(
            job_id=job.job_id,
            servers=tuple(each.server_id for each in job.participants),
            is_drill=job.is_drill,
            status=job.status,
        )
        for job in drs.region(scene.account, scene.region).jobs.values()
        if job.type == "LAUNCH"
    ]


def _launch_settings(scene: Scene) -> dict[str, Any]:
    region = drs.region(scene.account, scene.region)
    templates = compute_views.launch_templates(scene.account, scene.region)
    return {
        server.server_id: {
            "drs": asdict(server.launch_configuration),
            "ec2": _default_data(templates.get(server.template_id or "")),
        }
        for server in region.source_servers.values()
    }


def _default_data(template: Mapping[str, Any] | None) -> Any:
    if template is None:
        return None
    return template["versions"][str(template["default"])]
