"""Drills and recoveries: clean-up, snapshot, conversion, launch."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from harness.drs.engine import (
    launch_actions,
    launch_failures,
    recovery_instances,
    recovery_snapshots,
)
from harness.drs.engine.compute import (
    LaunchRefusedError,
    TerminationRefusedError,
)
from harness.drs.engine.job_runs import JobRun
from harness.drs.engine.records import Job, Participant, Phase, SourceServer
from harness.drs.engine.recovery_instances import StartedInstance, settings_of
from harness.drs.engine.region import Region

FAILURES = {
    "snapshot": "SNAPSHOT_FAIL",
    "conversion": "CONVERSION_FAIL",
    "launch": "LAUNCH_FAILED",
}


class LaunchRun(JobRun):
    """A job of StartRecovery."""

    def __init__(
        self, region: Region, job: Job, servers: Iterable[SourceServer]
    ) -> None:
        """Lock the job's servers and plan its start."""
        # Instances in EC2 whose launch has not ended, by server id.
        self._started: dict[str, StartedInstance] = {}
        super().__init__(region, job, servers)

    def begin(self, at: datetime, participant: Participant) -> None:
        """Remove earlier instances if there are any, then take a snapshot."""
        if not self.server(participant).instance_ids:
            self._start_first_phase(at, participant)
            return
        self.log(at, "CLEANUP_START", participant)
        earlier = tuple(self.server(participant).instance_ids)
        recovery_instances.end_early(self.region, earlier)
        self.after(
            at, "cleanup", lambda when: self._clean_up(when, participant)
        )

    def _clean_up(self, at: datetime, participant: Participant) -> None:
        try:
            server = self.server(participant)
            for instance_id in tuple(server.instance_ids):
                recovery_instances.remove(self.region, server, instance_id)
        except TerminationRefusedError as error:
            self.log_failure(at, "CLEANUP_FAIL", participant, str(error))
            if not self.region.options.continues_after_failed_cleanup:
                self._end(at, participant, "FAILED")
                return
        else:
            self.log(at, "CLEANUP_END", participant)
        self._start_first_phase(at, participant)

    def _start_first_phase(
        self, at: datetime, participant: Participant
    ) -> None:
        chosen = participant.snapshot_id is not None
        if chosen and not self.region.options.logs_chosen_snapshot:
            self._after_snapshot(participant)(at, participant)
        else:
            self._start_snapshot(at, participant)

    def _start_snapshot(self, at: datetime, participant: Participant) -> None:
        self.log(at, "SNAPSHOT_START", participant)
        self.after(
            at,
            "snapshot",
            lambda when: self._end_snapshot(when, participant, at),
        )

    def _end_snapshot(
        self, at: datetime, participant: Participant, since: datetime
    ) -> None:
        raw_error = self._raw_error(participant, "snapshot")
        if raw_error is None:
            taken_at = self.region.options.snapshots.taken_at
            if participant.snapshot_id is None:
                moment = since if taken_at == "SNAPSHOT_START" else at
                participant.snapshot_at = moment
                self.server(participant).on_demand_at = moment
            self.log(at, "SNAPSHOT_END", participant)
        elif not self._takes_previous(at, participant, raw_error):
            return
        next_step = self._after_snapshot(participant)
        self.after(at, "wait", lambda when: next_step(when, participant))

    def _takes_previous(
        self, at: datetime, participant: Participant, raw_error: str
    ) -> bool:
        """Fail, or go on with the latest snapshot if so chosen."""
        if not self.region.options.jobs.uses_previous_snapshot:
            self._fail(at, participant, "snapshot", raw_error)
            return False
        self.log_failure(at, FAILURES["snapshot"], participant, raw_error)
        server = self.server(participant)
        earlier = recovery_snapshots.ladder(self.region, server)
        if not earlier:
            self.log(at, "USING_PREVIOUS_SNAPSHOT_FAILED", participant)
            self._end(at, participant, "FAILED")
            return False
        self.log(at, "USING_PREVIOUS_SNAPSHOT", participant)
        participant.snapshot_at = participant.snapshot_at or earlier[-1].at
        return True

    def _after_snapshot(
        self, participant: Participant
    ) -> Callable[[datetime, Participant], None]:
        server = self.server(participant)
        mode = settings_of(server, participant).recovery_mode
        skips = self.region.options.skips_conversion_when_fast
        if mode == "FAST" and skips:
            return self._start_launch
        return self._start_conversion

    def _start_conversion(
        self, at: datetime, participant: Participant
    ) -> None:
        self.log(at, "CONVERSION_START", participant)
        participant.conversion_server_id = self.region.ids.new("i-")
        self.after(
            at,
            "conversion",
            lambda when: self._end_conversion(when, participant),
        )

    def _end_conversion(self, at: datetime, participant: Participant) -> None:
        if self._fails(at, participant, "conversion"):
            return
        self.log(
            at,
            "CONVERSION_END",
            participant,
            conversionServerID=participant.conversion_server_id,
        )
        self.region.schedule.plan(
            at + self.pace.launch_gap(participant.server_id),
            lambda when: self._start_launch(when, participant),
        )

    def _start_launch(self, at: datetime, participant: Participant) -> None:
        self.log(at, "LAUNCH_START", participant)
        if self.region.options.shows_in_progress:
            participant.launch_status = "IN_PROGRESS"
            self._note_launch(participant)
        self._start_early(participant)
        self.region.schedule.plan(
            at + self.pace.launch(participant.server_id),
            lambda when: self._end_launch(when, participant),
        )

    def _start_early(self, participant: Participant) -> None:
        """Launch in EC2 at once, if so chosen; what fails does so later."""
        early = self.region.options.jobs.instance_appears_at == "LAUNCH_START"
        if not early or self._raw_error(participant, "launch"):
            return
        with suppress(LaunchRefusedError):
            self._started[participant.server_id] = self._run(participant)

    def _run(self, participant: Participant) -> StartedInstance:
        server = self.server(participant)
        return recovery_instances.start(
            self.region, self.job, server, participant
        )

    def _end_launch(self, at: datetime, participant: Participant) -> None:
        started = self._started.pop(participant.server_id, None)
        if self._fails(at, participant, "launch"):
            if started:
                instance_id = started.instance.instance_id
                recovery_instances.discard(self.region, instance_id)
            return
        try:
            started = started or self._run(participant)
        except LaunchRefusedError as error:
            self._fail(at, participant, "launch", str(error))
            return
        instance_id = recovery_instances.record(
            self.region, self.job, participant, started, at
        )
        self.log(at, "LAUNCH_END", participant, targetInstanceID=instance_id)
        if not launch_actions.start(self.region, participant):
            self._end(at, participant, "LAUNCHED")
            return
        took = self.region.options.actions.duration
        self.region.schedule.plan(
            at + took, lambda when: self._end_actions(when, participant)
        )

    def _end_actions(self, at: datetime, participant: Participant) -> None:
        fatal = launch_actions.end(participant)
        if fatal is None:
            self._end(at, participant, "LAUNCHED")
        elif self.region.options.actions.logs_failure:
            self._fail(at, participant, "launch", fatal)
        else:
            self._end(at, participant, "FAILED")

    def _fails(
        self, at: datetime, participant: Participant, phase: Phase
    ) -> bool:
        raw_error = self._raw_error(participant, phase)
        if raw_error is None:
            return False
        self._fail(at, participant, phase, raw_error)
        return True

    def _raw_error(self, participant: Participant, phase: Phase) -> str | None:
        server = self.server(participant)
        return launch_failures.raw_error(self.region, server, phase)

    def _fail(
        self,
        at: datetime,
        participant: Participant,
        phase: Phase,
        raw_error: str,
    ) -> None:
        self.log_failure(at, FAILURES[phase], participant, raw_error)
        self._end(at, participant, "FAILED")

    def _end(
        self, at: datetime, participant: Participant, status: str
    ) -> None:
        self.end(at, participant, status)
        self._note_launch(participant)
        result = "SUCCEEDED" if status == "LAUNCHED" else "FAILED"
        self.server(participant).last_launch_result = result

    def _note_launch(self, participant: Participant) -> None:
        last = self.server(participant).last_launch
        if last is not None:
            last.status = participant.launch_status
