"""Whole executions through the state machine, with either orchestration."""

import boto3
import pytest

from harness import drs
from harness.cloud import account_clients
from harness.cloud.calls import AwsCall, Fault, NoAnswer, ServiceError
from harness.cloud.executions import PAUSED
from harness.cloud.local_cloud import LocalCloud
from tests.recoveries import CROSS_ACCOUNT, HUB, TARGET, Recovery, Wave

THROTTLED = ServiceError("ThrottlingException", 429)


def fail_calls(
    cloud: LocalCloud,
    operation: str,
    fault: Fault,
    times: int = 1,
    after: int = 0,
) -> None:
    """Let some calls of an operation by Lambdas go wrong.

    Args:
        after: How many go well before.
    """
    met = []

    def before(call: AwsCall) -> Fault | None:
        if call.operation != operation or call.function == "states":
            return None
        met.append(call)
        return fault if after < len(met) <= after + times else None

    cloud.on_call(before=before)


def instances(account: str, region: str) -> list[dict[str, object]]:
    ec2 = account_clients.ec2(account, region)
    reservations = ec2.describe_instances()["Reservations"]
    return [dict(each) for r in reservations for each in r["Instances"]]


def test_single_wave_completes(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(servers=2),))

    status = recovery.run()

    state = recovery.final_state()
    assert status == "SUCCEEDED"
    assert state["status"] == "completed"
    assert state["completed_waves"] == 1
    assert len(state["recovery_instance_ids"]) == 2
    assert len(state["recovery_instance_ips"]) == 2
    assert recovery.history()["status"] == "COMPLETED"
    assert recovery.states()[-1] == "PlanCompleted"


def test_three_waves_run_one_after_the_other(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(by_tags=False), Wave(2)))

    status = recovery.run()

    waves = recovery.history()["waves"]
    assert status == "SUCCEEDED"
    assert [wave["waveNumber"] for wave in waves] == [0, 1, 2]
    assert [wave["status"] for wave in waves] == ["COMPLETED"] * 3
    assert waves[0]["endTime"] <= waves[1]["startTime"]
    assert waves[1]["endTime"] <= waves[2]["startTime"]
    assert recovery.recorded_jobs() == recovery.jobs()
    assert recovery.history()["drsJobId"] == recovery.jobs()[-1]


def test_servers_show_where_they_run_when_launched(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(),))

    recovery.run()

    server = recovery.history()["waves"][0]["serverStatuses"][0]
    (instance,) = instances(HUB, "us-east-1")
    assert server["launchStatus"] == "LAUNCHED"
    assert server["instanceId"] == instance["InstanceId"]
    assert server["recoveryInstanceId"] == instance["InstanceId"]
    assert server["privateIp"] == instance["PrivateIpAddress"]
    assert server["hostname"] == "host-0-0"
    assert server["serverName"] == recovery.server_id(0)
    assert server["launchTime"] > 0


def test_phases_show_while_a_job_runs(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(servers=6),))
    seen = []
    cloud.on_invocation(
        lambda _: seen.append(recovery.history()["waves"][0]["status"])
    )

    recovery.run()

    assert list(dict.fromkeys(seen)) == [
        "STARTED",
        "CONVERTING",
        "LAUNCHING",
        "IN_PROGRESS",
        "COMPLETED",
    ]


def test_real_recovery_is_no_drill(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(),), is_drill=False)

    recovery.run()

    (job,) = drs.region(HUB, "us-east-1").jobs.values()
    assert job.initiated_by == "START_RECOVERY"


def test_execution_waits_for_approval_before_a_wave(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True)))

    status = recovery.run()

    assert status == PAUSED
    assert recovery.history()["status"] == "PAUSED"
    assert recovery.history()["pausedBeforeWave"] == 1
    assert len(recovery.jobs()) == 1


@pytest.mark.parametrize("output", [None, {"status": "failed"}, "junk", 7])
def test_resumed_execution_goes_on_whatever_the_answer_holds(
    cloud: LocalCloud, output: object
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True), Wave()))
    recovery.run()

    recovery.operator.resume(output)
    status = recovery.wait()

    assert status == "SUCCEEDED"
    assert "pausedBeforeWave" not in recovery.history()
    assert recovery.final_state()["completed_waves"] == 3


def test_paused_execution_ends_when_cancelled(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(pause=True)))
    recovery.run()

    recovery.operator.cancel_at_gate()
    status = recovery.wait()

    assert status == "SUCCEEDED"
    assert recovery.states()[-1] == "PlanCancelled"
    assert recovery.history()["status"] == "CANCELLED"
    assert len(recovery.jobs()) == 1


def test_running_execution_ends_at_the_next_poll_when_cancelled(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave()))

    def cancel_first(call: AwsCall) -> None:
        if call.operation == "DescribeJobLogItems":
            recovery.operator.request_cancel()

    cloud.on_call(before=cancel_first)
    status = recovery.run()

    state = recovery.final_state()
    assert status == "SUCCEEDED"
    assert state["status"] == "cancelled"
    assert state["status_reason"] == "Execution cancelled by user"
    assert recovery.history()["status"] == "CANCELLED"
    assert recovery.history()["waves"][0]["status"] == "CANCELLED"
    assert len(recovery.jobs()) == 1


@pytest.mark.parametrize("phase", ["snapshot", "conversion", "launch"])
def test_failing_server_fails_the_execution(
    cloud: LocalCloud, phase: str
) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(3, fails=phase), Wave()))

    status = recovery.run()

    history = recovery.history()
    assert status == "FAILED"
    assert history["status"] == "FAILED"
    assert history["errorMessage"] == "1 servers failed to launch"
    assert [wave["status"] for wave in history["waves"]] == [
        "COMPLETED",
        "FAILED",
    ]
    assert history["waves"][1]["endTime"] == history["endTime"]
    assert recovery.final_state()["error_code"] == "WAVE_LAUNCH_FAILED"


def test_execution_fails_when_no_server_launches(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(1, fails="launch"),))

    status = recovery.run()

    assert status == "FAILED"
    assert recovery.history()["errorMessage"] in (
        "1 servers failed to launch",
        "DRS job completed but no recovery instances created",
    )


@pytest.mark.parametrize(
    "sizes", [(0,), (0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 0, 1), (0, 0, 0)]
)
def test_wave_without_servers_is_passed_over(
    cloud: LocalCloud, sizes: tuple[int, ...]
) -> None:
    recovery = Recovery(cloud, tuple(Wave(size) for size in sizes))

    status = recovery.run()

    waves = recovery.history()["waves"]
    assert status == "SUCCEEDED"
    assert [wave["waveNumber"] for wave in waves] == list(range(len(sizes)))
    assert [wave["status"] for wave in waves] == ["COMPLETED"] * len(sizes)
    assert [bool(wave["jobId"]) for wave in waves] == list(map(bool, sizes))
    assert recovery.final_state()["completed_waves"] == len(sizes)


def test_empty_wave_still_waits_for_the_next_ones_approval(
    cloud: LocalCloud,
) -> None:
    recovery = Recovery(cloud, (Wave(0), Wave(pause=True)))

    status = recovery.run()

    assert status == PAUSED
    assert recovery.jobs() == []


def test_plan_without_waves_completes(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, ())

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert recovery.history()["status"] == "COMPLETED"


def test_everything_happens_in_the_target_account(cloud: LocalCloud) -> None:
    settings = {
        "instanceType": "m5.large",
        "targetInstanceTypeRightSizingMethod": "NONE",
    }
    recovery = Recovery(
        cloud,
        (Wave(2, launch_config=settings), Wave()),
        account_context=CROSS_ACCOUNT,
        region="eu-west-1",
    )

    status = recovery.run()

    recovered = instances(TARGET, "eu-west-1")
    assert status == "SUCCEEDED"
    assert len(recovered) == 3
    assert [i["InstanceType"] for i in recovered].count("m5.large") == 2
    assert instances(HUB, "eu-west-1") == instances(HUB, "us-east-1") == []
    places = {
        (call.account, call.region)
        for call in cloud.calls
        if call.service in ("drs", "ec2")
    }
    assert places == {(TARGET, "eu-west-1")}


@pytest.mark.parametrize("missing", ["accountId", "assumeRoleName"])
def test_incomplete_account_fails_and_touches_nothing(
    cloud: LocalCloud, missing: str
) -> None:
    context = {k: v for k, v in CROSS_ACCOUNT.items() if k != missing}
    recovery = Recovery(cloud, (Wave(),), account_context=context)

    status = recovery.run()

    assert status == "FAILED"
    assert missing in recovery.history()["errorMessage"]
    assert {call.service for call in cloud.calls} <= {"dynamodb", "lambda"}


def test_refused_role_fails_and_is_named(cloud: LocalCloud) -> None:
    fail_calls(cloud, "AssumeRole", ServiceError("AccessDenied", 403))
    recovery = Recovery(cloud, (Wave(),), account_context=CROSS_ACCOUNT)

    status = recovery.run()

    role = f"arn:aws:iam::{TARGET}:role/DRSOrchestrationRole"
    assert status == "FAILED"
    assert role in recovery.history()["errorMessage"]
    assert "drs-orchestration-cross-account" not in str(recovery.history())


@pytest.mark.parametrize(
    "fault",
    [THROTTLED, ServiceError("InternalServerException", 500), NoAnswer()],
)
def test_poll_without_answer_leaves_the_wave_in_progress(
    cloud: LocalCloud, fault: Fault
) -> None:
    fail_calls(cloud, "DescribeJobs", fault, times=2)
    recovery = Recovery(cloud, (Wave(),))

    status = recovery.run()

    polls = recovery.states().count("UpdateWaveStatus")
    assert status == "SUCCEEDED"
    assert polls == 5


def test_poll_fails_the_wave_when_aws_refuses(cloud: LocalCloud) -> None:
    denied = ServiceError("AccessDeniedException", 403, "not authorized")
    # Before the start one looks for the job of an earlier try.
    fail_calls(cloud, "DescribeJobs", denied, after=1)
    recovery = Recovery(cloud, (Wave(),))

    status = recovery.run()

    assert status == "FAILED"
    assert "not authorized" in recovery.history()["errorMessage"]
    assert recovery.final_state()["error_code"] == "WAVE_POLL_FAILED"


def test_throttled_start_is_sent_again(cloud: LocalCloud) -> None:
    throttled = ServiceError("ThrottlingException", 429, attempts=2)
    fail_calls(cloud, "StartRecovery", throttled)
    recovery = Recovery(cloud, (Wave(),))

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert len(recovery.jobs()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        NoAnswer(after_effect=True),
        ServiceError("InternalServerException", 500, after_effect=True),
    ],
)
def test_job_is_adopted_when_the_answer_of_its_start_is_lost(
    cloud: LocalCloud, fault: Fault
) -> None:
    fail_calls(cloud, "StartRecovery", fault)
    recovery = Recovery(cloud, (Wave(2), Wave()))

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert len(recovery.jobs()) == 2
    assert recovery.recorded_jobs() == recovery.jobs()


def test_wave_fails_when_its_servers_are_busy(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(2),)).prepare()
    other = [{"sourceServerID": recovery.server_id(0)}]
    boto3.client("drs").start_recovery(isDrill=True, sourceServers=other)

    status = recovery.start().wait()

    assert status == "FAILED"
    assert "being processed by a Job" in recovery.history()["errorMessage"]
    assert recovery.recorded_jobs() == []


@pytest.mark.parametrize(
    ("number", "ended"), [(0, []), (1, ["COMPLETED"])], ids=["first", "next"]
)
def test_wave_fails_when_its_group_is_missing(
    cloud: LocalCloud, number: int, ended: list[str]
) -> None:
    waves = [Wave(), Wave()]
    waves[number] = Wave(group=False)
    recovery = Recovery(cloud, tuple(waves))

    status = recovery.run()

    history = recovery.history()
    assert status == "FAILED"
    assert history["errorMessage"].startswith("Protection Group ")
    assert history["errorMessage"].endswith(" not found")
    assert [wave["status"] for wave in history["waves"]] == ended
    assert recovery.final_state()["error_code"] == "WAVE_START_FAILED"


def test_end_is_recorded_when_dynamodb_comes_back(cloud: LocalCloud) -> None:
    refused = ServiceError("InternalServerError", 500)
    recovery = Recovery(cloud, (Wave(),))
    fail_calls_of_end(cloud, "COMPLETED", refused, times=2)

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert recovery.history()["status"] == "COMPLETED"


def test_state_machine_records_what_no_lambda_could(
    cloud: LocalCloud,
) -> None:
    refused = ServiceError("InternalServerError", 500)
    recovery = Recovery(cloud, (Wave(),))
    fail_calls_of_end(cloud, "COMPLETED", refused, times=1000)

    status = recovery.run()

    history = recovery.history()
    assert status == "FAILED"
    assert history["status"] == "FAILED"
    assert history["errorMessage"].startswith("ExecutionHistoryError")


def fail_calls_of_end(
    cloud: LocalCloud, end: str, fault: Fault, times: int
) -> None:
    """Let DynamoDB refuse a status that a Lambda writes."""
    met = []

    def before(call: AwsCall) -> Fault | None:
        if call.operation != "UpdateItem" or call.function == "states":
            return None
        values = call.params.get("ExpressionAttributeValues", {})
        if values.get(":new0") not in (end, {"S": end}):
            return None
        met.append(call)
        return fault if len(met) <= times else None

    cloud.on_call(before=before)
