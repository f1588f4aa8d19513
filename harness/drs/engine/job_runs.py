"""What launch and terminate jobs have in common while they run."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import UnknownEvent, UnlockDelay
from harness.drs.engine.records import Job, Participant, SourceServer
from harness.drs.engine.region import Region
from harness.drs.engine.schedule import Action


class JobRun:
    """A running job: it starts, handles its servers and ends.

    Each step plans the next one, so that what a step finds (a fault set in
    the meantime, an instance gone) is what holds at its own time.
    """

    def __init__(
        self, region: Region, job: Job, servers: Iterable[SourceServer]
    ) -> None:
        """Lock the job's servers and plan its start."""
        self.region = region
        self.job = job
        # The job goes on with a server that was deleted meanwhile.
        self._servers = {each.server_id: each for each in servers}
        self.pace = region.pace(job)
        for participant in job.participants:
            region.locks[participant.server_id] = job.job_id
        self.after(job.created_at, "job_start", self._start)

    def server(self, participant: Participant) -> SourceServer:
        """Find the source server of a participant."""
        return self._servers[participant.server_id]

    def begin(self, at: datetime, participant: Participant) -> None:
        """Take the first step of one server."""
        raise NotImplementedError

    def after(self, at: datetime, phase: str, action: Action) -> None:
        """Plan an action for the end of a phase that begins now."""
        self.region.schedule.plan(at + self.pace.of(phase), action)

    def log(
        self,
        at: datetime,
        event: str,
        participant: Participant | None = None,
        **data: Any,
    ) -> None:
        """Write a log item, about one server or about the whole job."""
        if participant is not None:
            data = {"sourceServerID": participant.server_id, **data}
        self.region.log(self.job, at, event, data)

    def log_failure(
        self, at: datetime, event: str, participant: Participant, error: str
    ) -> None:
        """Write a log item about a failure, with the error if so chosen."""
        shown = self.region.options.jobs.raw_error_events | {"LAUNCH_FAILED"}
        data = {"rawError": error} if event in shown else {}
        self.log(at, event, participant, **data)

    def end(self, at: datetime, participant: Participant, status: str) -> None:
        """Finish with a server, and with the job if it was the last one."""
        participant.launch_status = status
        if all(each.has_ended for each in self.job.participants):
            self.after(at, "job_end", self._complete)

    def _start(self, at: datetime) -> None:
        self.job.status = "STARTED"
        self.log(at, "JOB_START")
        self._log_unknown_events(at)
        for position, participant in enumerate(self.job.participants):
            lead = self.pace.of("first_step") + self.pace.stagger(position)
            self._plan_begin(at + lead, participant)

    def _log_unknown_events(self, at: datetime) -> None:
        for fault in fault_reading.active(self.region, UnknownEvent):
            if fault.server_id is None:
                self.log(at, fault.event)
            for participant in self.job.participants:
                if participant.server_id == fault.server_id:
                    self.log(at, fault.event, participant)

    def _plan_begin(self, at: datetime, participant: Participant) -> None:
        self.region.schedule.plan(
            at, lambda when: self.begin(when, participant)
        )

    def _complete(self, at: datetime) -> None:
        self.job.status = "COMPLETED"
        self.job.ended_at = at
        fault = fault_reading.latest(self.region, UnlockDelay)
        delay = fault.delay if fault else self.region.options.unlock_delay
        if delay > timedelta(0):
            self.region.schedule.plan(at + delay, self._unlock)
        else:
            self._unlock(at)
        self.after(at, "log_lag", lambda when: self.log(when, "JOB_END"))
        for follower in self.job.followers:
            follower(at)

    def _unlock(self, at: datetime) -> None:
        for participant in self.job.participants:
            self.region.locks.pop(participant.server_id, None)
