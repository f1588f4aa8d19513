"""A start whose job nobody could find is tried again, not given up."""

from harness.cloud.calls import AwsCall, Fault, NoAnswer, ServiceError
from harness.cloud.local_cloud import LocalCloud
from tests.recoveries import Recovery, Wave

UNAVAILABLE = ServiceError("ServiceUnavailableException", 503)


class LostStart:
    """Loses the answer of a wave's first start, then the look-ups.

    Attributes:
        starts: Calls of StartRecovery, the lost one included.
    """

    def __init__(self, cloud: LocalCloud, wave: int, look_ups: int) -> None:
        """Wait for the start of a wave.

        Args:
            look_ups: How many look-ups for the job fail after it.
        """
        self.starts: list[AwsCall] = []
        self._before_loss = wave
        self._look_ups = look_ups
        cloud.on_call(before=self._disturb)

    def _disturb(self, call: AwsCall) -> Fault | None:
        if call.operation == "StartRecovery":
            self.starts.append(call)
            if len(self.starts) == self._before_loss + 1:
                return NoAnswer(after_effect=True)
        is_lost = len(self.starts) > self._before_loss
        looks_up = "filters" in call.params
        if is_lost and looks_up and self._look_ups:
            self._look_ups -= 1
            return UNAVAILABLE
        return None


def test_job_is_found_by_a_later_try_when_drs_was_unavailable(
    cloud: LocalCloud,
) -> None:
    for wave in (0, 1):
        cloud.reset()
        recovery = Recovery(cloud, (Wave(), Wave(2)))
        LostStart(cloud, wave, look_ups=3)

        status = recovery.run()

        assert status == "SUCCEEDED"
        assert len(recovery.jobs()) == 2
        assert recovery.recorded_jobs() == recovery.jobs()


def test_reason_tells_of_the_open_start_when_no_try_can_look_for_its_job(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(),))
    lost = LostStart(cloud, 0, look_ups=100)

    status = recovery.run()

    history = recovery.history()
    assert (status, history["status"]) == ("FAILED", "FAILED")
    assert history["errorMessage"].startswith("RecoveryStartUncertainError: ")
    assert "look for a running job" in history["errorMessage"]
    # Who cannot see whether a job runs starts none.
    assert len(lost.starts) == 1
    assert len(recovery.jobs()) == 1


def test_nothing_starts_twice_when_the_job_ends_while_nobody_can_look(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(),))
    starts: list[AwsCall] = []
    looks: list[AwsCall] = []

    def disturb(call: AwsCall) -> Fault | None:
        if call.operation == "StartRecovery":
            starts.append(call)
            return NoAnswer(after_effect=True)
        if starts and not looks and "filters" in call.params:
            looks.append(call)
            # The job is over before anybody can look again.
            recovery.operator.pass_time(600)
            return NoAnswer()
        return None

    cloud.on_call(before=disturb)

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert (len(starts), len(looks)) == (1, 1)
    assert len(recovery.jobs()) == 1
    assert recovery.recorded_jobs() == recovery.jobs()
