"""Jobs that terminate recovery instances.

No recorded log of such a job is known: the items are the emulator's choice.
"""

from datetime import datetime

from harness.drs.engine import recovery_instances
from harness.drs.engine.compute import TerminationRefusedError
from harness.drs.engine.job_runs import JobRun
from harness.drs.engine.records import Participant


class TerminationRun(JobRun):
    """A job of TerminateRecoveryInstances."""

    def begin(self, at: datetime, participant: Participant) -> None:
        """Start to remove the instance of one server."""
        self._note(at, "CLEANUP_START", participant)
        if self.region.options.jobs.terminations_show_in_progress:
            participant.launch_status = "IN_PROGRESS"
        recovery_instances.end_early(
            self.region, [str(participant.instance_id)]
        )
        self.after(
            at, "termination", lambda when: self._remove(when, participant)
        )

    def _remove(self, at: datetime, participant: Participant) -> None:
        server = self.server(participant)
        instance_id = str(participant.instance_id)
        try:
            recovery_instances.remove(self.region, server, instance_id)
        except TerminationRefusedError as error:
            self.log_failure(at, "CLEANUP_FAIL", participant, str(error))
            status = self.region.options.jobs.refused_termination_status
            self.end(at, participant, status)
            return
        self._note(at, "CLEANUP_END", participant)
        self.end(at, participant, "TERMINATED")

    def _note(
        self, at: datetime, event: str, participant: Participant
    ) -> None:
        if self.region.options.jobs.logs_terminations:
            self.log(at, event, participant)
