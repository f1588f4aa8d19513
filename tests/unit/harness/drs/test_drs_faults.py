"""Faults that are set in the emulator, as a caller meets them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


def refused(emulator: Emulator, operation: str, **request: Any) -> Any:
    with pytest.raises(ClientError) as error:
        getattr(emulator.drs, operation)(**request)
    return error.value.response


def test_faults_are_listed_until_they_are_withdrawn(
    emulator: Emulator,
) -> None:
    denied, busy = drs.ApiDenied("DescribeJobs"), drs.Busy("s-1")

    emulator.inject(denied)
    emulator.inject(busy)
    both = emulator.world.faults()
    emulator.withdraw(denied)
    emulator.withdraw(denied)

    assert both == [denied, busy]
    assert emulator.world.faults() == [busy]


def test_faults_are_forgotten_when_the_emulator_is_reset(
    emulator: Emulator,
) -> None:
    emulator.inject(drs.ApiDenied("DescribeJobs"))

    emulator.restart()

    emulator.initialize()
    assert emulator.world.faults() == []
    assert emulator.drs.describe_jobs()["items"] == []


def test_a_fault_holds_only_in_its_account_and_region(
    emulator: Emulator,
) -> None:
    other = emulator.within(emulator.account_id, "us-west-2")
    emulator.initialize()
    other.initialize()

    emulator.inject(drs.ApiDenied("DescribeJobs", region="us-west-2"))
    emulator.inject(drs.ApiDenied("DescribeJobs", account_id="210987654321"))

    assert emulator.drs.describe_jobs()["items"] == []
    assert refused(other, "describe_jobs")["Error"]["Code"] == (
        "AccessDeniedException"
    )


def test_an_operation_is_denied_with_the_text_of_iam(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.ApiDenied("StartRecovery"))

    answer = refused(
        emulator, "start_recovery", sourceServers=[{"sourceServerID": server}]
    )

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert "is not authorized to perform: drs:StartRecovery" in (
        answer["Error"]["Message"]
    )
    assert emulator.drs.describe_jobs()["items"] == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (drs.Throttle("DescribeJobs", 2, retry_after=7), 429),
        (drs.InternalError("DescribeJobs", 2, retry_after=7), 500),
        (
            drs.ApiError(
                "DescribeJobs",
                "ThrottlingException",
                "slow",
                times=2,
                retry_after=7,
            ),
            429,
        ),
    ],
)
def test_an_operation_works_again_when_its_fault_has_struck_often_enough(
    emulator: Emulator, fault: Any, status: int
) -> None:
    emulator.initialize()
    emulator.inject(fault)

    answers = [refused(emulator, "describe_jobs") for _ in range(2)]

    for answer in answers:
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
        assert headers["retry-after"] == "7"
    assert emulator.drs.describe_jobs()["items"] == []


def test_calls_are_throttled_beyond_a_rate(emulator: Emulator) -> None:
    emulator.initialize()
    minute = timedelta(minutes=1)
    emulator.inject(drs.RateLimit("DescribeJobs", calls=2, within=minute))

    emulator.drs.describe_jobs()
    emulator.sleep(20)
    emulator.drs.describe_jobs()
    answer = refused(emulator, "describe_jobs")
    emulator.drs.describe_source_servers()
    emulator.sleep(40)

    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert answer["Error"]["Code"] == "ThrottlingException"
    assert headers["retry-after"] == "40"
    assert emulator.drs.describe_jobs()["items"] == []


def test_a_write_reaches_the_present_whatever_lags(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    hour = timedelta(hours=1)
    for operation in ("StartRecovery", "DescribeRecoveryInstances"):
        emulator.inject(drs.Eventual(operation, hour))

    emulator.recover(server)
    before = emulator.drs.describe_recovery_instances()["items"]
    emulator.sleep(3600)
    after = emulator.drs.describe_recovery_instances()["items"]

    assert (len(before), len(after)) == (0, 1)


def test_an_error_outside_the_contract_is_answered_and_marked(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    outside = drs.ApiError("StartRecovery", "ValidationException", "no")
    within = drs.ApiError("StartRecovery", "ConflictException", "no")

    emulator.inject(outside)
    answer = refused(
        emulator, "start_recovery", sourceServers=[{"sourceServerID": server}]
    )

    assert answer["Error"] == {"Code": "ValidationException", "Message": "no"}
    assert not drs.is_declared(outside)
    assert drs.is_declared(within)


def test_the_job_exists_when_the_response_of_its_start_is_lost(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.LostResponse())

    with pytest.raises(ConnectionClosedError):
        emulator.start(server)

    assert len(emulator.drs.describe_jobs()["items"]) == 1


def test_a_retry_ends_in_a_conflict_when_the_response_was_lost(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    client = emulator.client("drs", retries=1)
    emulator.inject(drs.LostResponse())

    with pytest.raises(client.exceptions.ConflictException):
        client.start_recovery(sourceServers=[{"sourceServerID": server}])


def test_an_account_is_not_initialized_while_its_fault_says_so(
    emulator: Emulator,
) -> None:
    emulator.add("web")
    fault = drs.Uninitialized(region="us-east-1")

    emulator.inject(fault)
    answer = refused(emulator, "describe_source_servers")
    emulator.withdraw(fault)

    assert answer["Error"]["Code"] == "UninitializedAccountException"
    assert len(emulator.drs.describe_source_servers()["items"]) == 1


def test_a_busy_server_is_refused_with_the_known_text(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.Busy(server))

    answer = refused(
        emulator, "start_recovery", sourceServers=[{"sourceServerID": server}]
    )

    assert answer["Error"]["Message"].startswith("One or more of the Source")


def test_a_server_stays_locked_as_long_as_its_fault_says(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.UnlockDelay(timedelta(hours=2)))
    emulator.recover(server)

    answer = refused(
        emulator, "start_recovery", sourceServers=[{"sourceServerID": server}]
    )
    emulator.sleep(7200)

    assert answer["Error"]["Code"] == "ConflictException"
    assert emulator.start(server)


def test_a_quota_has_the_limit_of_its_fault(emulator: Emulator) -> None:
    servers = [emulator.add("web"), emulator.add("app")]
    emulator.inject(drs.QuotaLimit("L-B827C881", 1))

    answer = refused(
        emulator,
        "start_recovery",
        sourceServers=[{"sourceServerID": each} for each in servers],
    )

    assert answer["quotaCode"] == "L-B827C881"
    assert emulator.start(servers[0])


def test_reads_show_what_was_true_a_while_ago(emulator: Emulator) -> None:
    server = emulator.add("web")
    emulator.sleep(60)
    emulator.inject(drs.Eventual("DescribeJobs", timedelta(seconds=20)))

    started = emulator.start(server)
    at_once = emulator.drs.describe_jobs()["items"]
    emulator.sleep(20)
    (pending,) = emulator.drs.describe_jobs()["items"]
    emulator.sleep(10)
    (running,) = emulator.drs.describe_jobs()["items"]

    assert at_once == []
    assert pending["jobID"] == started["jobID"]
    assert [pending["status"], running["status"]] == ["PENDING", "STARTED"]


def test_only_the_reads_of_the_faults_operation_lag(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.inject(drs.Eventual("DescribeJobs", timedelta(hours=1)))

    started = emulator.start(server)
    emulator.sleep(600)

    assert emulator.drs.describe_jobs()["items"] == []
    assert emulator.events(started["jobID"])[-1] == "JOB_END"
    assert len(emulator.drs.describe_recovery_instances()["items"]) == 1


def test_pages_hold_no_more_than_the_fault_says(emulator: Emulator) -> None:
    for number in range(3):
        emulator.add(f"web-{number}")
    emulator.inject(drs.PageSize(2))

    answer = emulator.drs.describe_source_servers(maxResults=100)

    assert len(answer["items"]) == 2
    assert answer["nextToken"]


def test_times_end_as_the_fault_says(emulator: Emulator) -> None:
    server = emulator.add("web")
    emulator.inject(drs.TimeFormat("zulu"))

    job = emulator.start(server)

    assert job["creationDateTime"] == "2026-01-05T10:00:00.000000Z"


@pytest.mark.in_process("reads records")
def test_the_records_of_a_region_are_those_of_now(emulator: Emulator) -> None:
    emulator.start(emulator.add("web"))
    emulator.sleep(3600)

    (found,) = emulator.region.recovery_instances.values()
    (job,) = drs.regions()[0].jobs.values()

    assert found.server.recovery_instance_id == found.instance_id
    assert job.status == "COMPLETED"


def test_a_server_added_in_python_is_seen_late_when_reads_lag(
    emulator: Emulator,
) -> None:
    emulator.add("first")
    delay = timedelta(seconds=30)
    emulator.inject(drs.Eventual("DescribeSourceServers", delay))
    emulator.sleep(60)
    emulator.drs.describe_source_servers()

    emulator.add("second")
    early = len(emulator.drs.describe_source_servers()["items"])
    emulator.sleep(30)

    assert early == 1
    assert len(emulator.drs.describe_source_servers()["items"]) == 2
