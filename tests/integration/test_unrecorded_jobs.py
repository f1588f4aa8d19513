"""A job whose record failed is named by a later write."""

from harness.cloud.calls import STATE_MACHINE, AwsCall, ServiceError
from harness.cloud.local_cloud import LocalCloud
from tests.recoveries import Recovery, Wave

UNAVAILABLE = ServiceError("ServiceUnavailable", 503)


class Outage:
    """Keeps Lambdas from writing to DynamoDB once a wave's job has begun."""

    def __init__(self, cloud: LocalCloud, wave: int, writes: int) -> None:
        """Wait for the start of a wave.

        Args:
            writes: How many writes after it fail.
        """
        self._starts = 0
        self._from = wave
        self._writes = writes
        cloud.on_call(before=self._disturb)

    def _disturb(self, call: AwsCall) -> ServiceError | None:
        self._starts += call.operation == "StartRecovery"
        by_lambda = call.function != STATE_MACHINE
        writes = call.operation == "UpdateItem" and by_lambda
        if writes and self._starts > self._from and self._writes:
            self._writes -= 1
            return UNAVAILABLE
        return None


def test_record_names_the_last_job_when_the_write_at_its_start_failed(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave()))
    Outage(cloud, 1, writes=1)

    status = recovery.run()

    assert status == "SUCCEEDED"
    history = recovery.history()
    assert history["drsJobId"] == recovery.jobs()[-1]
    assert recovery.recorded_jobs() == recovery.jobs()


def test_reason_names_the_job_when_it_could_never_be_recorded(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(),))
    Outage(cloud, 0, writes=1_000)

    status = recovery.run()

    history = recovery.history()
    assert (status, history["status"]) == ("FAILED", "FAILED")
    assert recovery.recorded_jobs() == []
    assert history["errorMessage"].endswith(
        f"(last known DRS job: {recovery.jobs()[0]})"
    )
