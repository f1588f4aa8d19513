"""Executions of recovery plans as time passes.

A step that recovers servers is one launch job; the next step begins when
the job has completed. A job cannot be cancelled: neither can its step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from harness.drs.engine import recovery_plan_admission as admission
from harness.drs.engine.errors import DrsError
from harness.drs.engine.records import Job
from harness.drs.engine.recovery_plan_options import RecoveryPlanOptions
from harness.drs.engine.recovery_plan_records import (
    ErrorDetail,
    ExecutionStep,
    PlanExecution,
    PlannedServer,
    WaitStep,
    servers_of,
)
from harness.drs.engine.region import Region
from harness.drs.engine.schedule import Action

StartRecovery = Callable[[Region, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class PlanRun:
    """Moves an execution on.

    Attributes:
        region: Where it runs.
        execution: The execution; all that is remembered stands in it.
        recover: StartRecovery, by which steps launch their servers.
    """

    region: Region
    execution: PlanExecution
    recover: StartRecovery

    @property
    def options(self) -> RecoveryPlanOptions:
        """The emulator's choices about recovery plans."""
        return self.region.options.recovery_plans

    @property
    def expires_at(self) -> datetime:
        """Time at which the execution ends at the latest."""
        hours = self.region.options.quotas.plan_execution_hours
        since = self.execution.resumed_at or self.execution.started_at
        return since + timedelta(hours=hours)

    def start(self) -> None:
        """Plan the first step, and the end if it should last too long."""
        self._plan(self.expires_at, self._expire)
        self._soon(self.execution.started_at, self._begin)

    def cancel(self, at: datetime) -> None:
        """Skip what has not begun and stop waiting; a job goes on."""
        self._withdraw()
        self.execution.status = "CANCELLING"
        for step in self.execution.steps_in("NOT_STARTED"):
            step.turn("SKIPPED", at)
        for step in self.execution.steps_in("WAITING"):
            step.turn(self.options.cancelled_wait_status, at)
        waits = self.options.cancel_waits_for_job
        if not waits or not self.execution.steps_in("EXECUTING"):
            self._soon(at, lambda when: self._end(when, "CANCELLED"))

    def skip(self, step: ExecutionStep, at: datetime) -> None:
        """Leave a step out; after a failed one the execution goes on."""
        failed = step.status == "FAILED"
        step.turn("SKIPPED", at)
        if failed:
            self._resume(at)
            self._soon(at, self._go_on)

    def retry(self, step: ExecutionStep, at: datetime) -> None:
        """Let a failed step be the next one again."""
        step.turn("NOT_STARTED", at)
        step.attempt += 1
        step.error = None
        self._resume(at)
        self._soon(at, self._go_on)

    def _begin(self, at: datetime) -> None:
        self.execution.status = "IN_PROGRESS"
        self._go_on(at)

    def _resume(self, at: datetime) -> None:
        if at >= self.expires_at:
            self.execution.resumed_at = at
        if self.execution.is_terminal:
            self._plan(self.expires_at, self._expire)
        self.execution.status = "IN_PROGRESS"
        self.execution.completed_at = None
        self.execution.error = None

    def _go_on(self, at: datetime) -> None:
        remaining = self.execution.steps_in("NOT_STARTED")
        if not remaining:
            self._end(at, "COMPLETED")
            return
        step = remaining[0]
        if isinstance(step.configuration, WaitStep):
            step.turn("WAITING", at)
            minutes = timedelta(minutes=step.configuration.minutes)
            self._plan(at + minutes, lambda when: self._succeed(when, step))
        else:
            step.turn("EXECUTING", at)
            self._recover(at, step)

    def _recover(self, at: datetime, step: ExecutionStep) -> None:
        try:
            jobs = [
                self._start_job(step, servers)
                for servers in self._groups(self._launchable(step))
            ]
        except DrsError as error:
            self._fail(at, step, ErrorDetail(error.code, error.message))
            return
        if not jobs:
            self._end_without_job(at, step)
        for job in jobs:
            job.followers.append(self._judgement(step, job, jobs))

    def _end_without_job(self, at: datetime, step: ExecutionStep) -> None:
        status, texts = self.options.empty_step_status, self.options.texts
        if status == "FAILED":
            code, message = (
                texts.nothing_to_launch_code,
                texts.nothing_to_launch,
            )
            self._fail(at, step, ErrorDetail(code, message))
            return
        self._succeed(at, step)
        step.turn(status, at)

    def _groups(
        self, servers: Sequence[PlannedServer]
    ) -> Sequence[Sequence[PlannedServer]]:
        """Group the servers of a step by the jobs that launch them."""
        if self.options.jobs_per_step == "one":
            return [servers] if servers else []
        return [[server] for server in servers]

    def _launchable(self, step: ExecutionStep) -> Sequence[PlannedServer]:
        """Find the servers to launch, without OPTIONAL ones that cannot be.

        Raises:
            DrsError: What StartRecovery would refuse a server for.
        """
        found = []
        for server in servers_of(step.configuration):
            done = server.server_id in step.launched
            if done and not self.options.retries_launched_servers:
                continue
            if server.is_critical or self._can_be_launched(server):
                found.append(server)
        return found

    def _can_be_launched(self, server: PlannedServer) -> bool:
        if not self.options.leaves_out_optional_servers:
            return True
        try:
            admission.refuse_unlaunchable(
                self.region, server, self.execution.snapshots
            )
        except DrsError:
            return False
        return True

    def _start_job(
        self, step: ExecutionStep, servers: Sequence[PlannedServer]
    ) -> Job:
        for server in servers:
            admission.find(self.region, server)
        ids = [server.server_id for server in servers]
        carries = self.options.jobs_carry_execution_tags
        answer = self.recover(
            self.region,
            {
                "isDrill": self.execution.mode == "DRILL",
                "sourceServers": self._with_snapshots(ids),
                "tags": self.execution.tags if carries else {},
            },
        )
        job = self.region.jobs[answer["job"]["jobID"]]
        step.job_ids |= dict.fromkeys(ids, job.job_id)
        return job

    def _with_snapshots(self, ids: Sequence[str]) -> list[dict[str, str]]:
        snapshots = self.execution.snapshots
        return [
            (
                {"sourceServerID": each, "recoverySnapshotID": snapshots[each]}
                if each in snapshots
                else {"sourceServerID": each}
            )
            for each in ids
        ]

    def _judgement(
        self, step: ExecutionStep, job: Job, jobs: Sequence[Job]
    ) -> Action:
        attempt = step.attempt

        def judge(at: datetime) -> None:
            _note(step, job)
            latest = step.status == "EXECUTING" and step.attempt == attempt
            if latest and not any(each.is_active for each in jobs):
                self._judge(at, step)

        return judge

    def _judge(self, at: datetime, step: ExecutionStep) -> None:
        failed = [
            server.server_id
            for server in servers_of(step.configuration)
            if server.is_critical and server.server_id not in step.launched
        ]
        if not failed:
            self._succeed(at, step)
            return
        texts = self.options.texts
        message = texts.failed_servers.format(ids=", ".join(failed))
        self._fail(at, step, ErrorDetail(texts.failed_servers_code, message))

    def _succeed(self, at: datetime, step: ExecutionStep) -> None:
        step.turn("COMPLETED", at)
        if self.execution.status == "CANCELLING":
            self._end(at, "CANCELLED")
        elif not self.execution.is_terminal:
            self._soon(at, self._go_on)

    def _fail(
        self, at: datetime, step: ExecutionStep, detail: ErrorDetail
    ) -> None:
        step.turn("FAILED", at)
        step.error = detail
        if self.execution.status == "CANCELLING":
            self._end(at, "CANCELLED")
        elif self.execution.is_terminal:
            return
        elif self.options.failed_step_ends_execution:
            self._end(at, "FAILED", detail)

    def _expire(self, at: datetime) -> None:
        hours = self.region.options.quotas.plan_execution_hours
        texts = self.options.texts
        detail = ErrorDetail(
            texts.expired_code,
            texts.execution_expired.format(id=self.execution.arn, hours=hours),
        )
        for step in self.execution.steps_in("EXECUTING", "WAITING"):
            step.turn("TIMED_OUT", at)
            step.error = detail
        if self.options.expiry_skips_remaining_steps:
            for step in self.execution.steps_in("NOT_STARTED"):
                step.turn("SKIPPED", at)
        self._end(at, "FAILED", detail)

    def _end(
        self, at: datetime, status: str, detail: ErrorDetail | None = None
    ) -> None:
        self._withdraw()
        self.execution.status = status
        self.execution.completed_at = at
        self.execution.error = detail

    def _soon(self, at: datetime, action: Action) -> None:
        self._plan(at + self.options.reaction_time, action)

    def _plan(self, at: datetime, action: Action) -> None:
        number = self.region.schedule.plan(at, action)
        self.execution.timers.append(number)

    def _withdraw(self) -> None:
        """Let nothing of what was planned happen; jobs go on."""
        self.region.schedule.withdraw(self.execution.timers)
        self.execution.timers.clear()


def _note(step: ExecutionStep, job: Job) -> None:
    """Remember which servers of a step a job has launched."""
    for each in job.participants:
        if each.launch_status == "LAUNCHED":
            step.launched.add(each.server_id)
        else:
            step.launched.discard(each.server_id)
