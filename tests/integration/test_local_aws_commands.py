"""`drs-orch up`, `down`, `status`, `advance` and the AWS CLI."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from harness.cloud.real_time import wait_until
from harness.local_aws.control_client import (
    ControlClient,
    NotUpError,
    RefusedError,
)
from tests.local_server import PLAN, DrsOrch, Server, pipe


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server for all tests of a module, with a plan in it."""
    folder = tmp_path_factory.mktemp("runtime")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN)
    with DrsOrch(folder).up("--plan", str(plan)) as server:
        yield server


@pytest.fixture
def orch(tmp_path: Path) -> DrsOrch:
    """Give the command with nothing up."""
    return DrsOrch(tmp_path)


def begin_anew(server: Server) -> Any:
    server.controls.post("reset")
    return server.controls.post("seed", PLAN)


def now(server: Server) -> datetime:
    return datetime.fromisoformat(server.controls.get("clock")["now"])


def test_the_aws_cli_drills_a_server(server: Server) -> None:
    begin_anew(server)

    listed = server.aws("drs", "describe-source-servers")["items"]
    server_id = listed[0]["sourceServerID"]
    started = server.aws(
        "drs",
        "start-recovery",
        "--is-drill",
        "--source-servers",
        f"sourceServerID={server_id}",
    )["job"]
    server.command.json("advance", "10m")
    (job,) = server.aws("drs", "describe-jobs")["items"]
    log = server.aws(
        "drs", "describe-job-log-items", "--job-id", started["jobID"]
    )

    assert job["jobID"] == started["jobID"]
    assert (started["status"], job["status"]) == ("PENDING", "COMPLETED")
    assert log["items"][-1]["event"] == "JOB_END"


def test_the_log_has_the_traceback_when_the_server_cannot_answer(
    server: Server,
) -> None:
    log = server.command.directory / "server.log"
    stacks = server.client("cloudformation")

    with pytest.raises((ClientError, ResponseParserError)):
        stacks.describe_stacks(NextToken="no-such-token")

    wait_until(lambda: "no-such-token" in log.read_text(), "the log", 30)
    assert "Traceback (most recent call last)" in log.read_text()


def test_the_aws_cli_executes_a_native_recovery_plan(server: Server) -> None:
    begin_anew(server)
    listed = server.aws("drs", "describe-source-servers")["items"]
    web = next(s for s in listed if "web-1" in str(s["sourceProperties"]))
    step = {
        "serverStepConfiguration": {"servers": [{"serverArn": web["arn"]}]}
    }

    plan_arn = server.aws("drs", "create-recovery-plan", "--name", "native")[
        "recoveryPlan"
    ]["recoveryPlanArn"]
    of_plan = ("--recovery-plan-arn", plan_arn)
    server.aws(
        "drs",
        "create-recovery-plan-step",
        *of_plan,
        "--step-name",
        "web",
        "--configuration",
        json.dumps(step),
    )
    started = server.aws(
        "drs", "start-recovery-plan-execution", *of_plan, "--mode", "DRILL"
    )["recoveryPlanExecution"]
    server.command.json("advance", "1h")
    ended = server.aws(
        "drs",
        "get-recovery-plan-execution",
        "--recovery-plan-execution-arn",
        started["recoveryPlanExecutionArn"],
    )["recoveryPlanExecution"]

    assert ended["status"] == "COMPLETED"
    assert server.aws("drs", "describe-jobs")["items"]


def test_the_aws_cli_is_told_when_an_operation_is_refused(
    server: Server,
) -> None:
    begin_anew(server)

    done = server.aws_cli(
        "drs",
        "describe-job-log-items",
        "--region",
        "eu-west-1",
        "--job-id",
        "drsjob-0123456789abcdef0",
    )

    assert done.returncode != 0
    assert "UninitializedAccountException" in done.stderr


def test_status_shows_the_jobs_when_the_server_is_up(server: Server) -> None:
    begin_anew(server)
    drs = server.client("drs")
    servers = drs.describe_source_servers(filters={})["items"]
    drs.start_recovery(
        sourceServers=[{"sourceServerID": servers[0]["sourceServerID"]}]
    )

    document = server.command.json("status")
    text = server.command.run("status").stdout

    assert document["url"] == server.url
    assert len(document["jobs"]) == 1
    assert document["jobs"][0]["jobId"] in text
    assert document["versions"]["moto"] in text
    assert "source servers  2" in text


def test_time_passes_by_itself_and_is_advanced(server: Server) -> None:
    begin_anew(server)
    before = now(server)

    time.sleep(0.3)
    later = now(server)
    server.command.run("advance", "1h30m")

    assert timedelta(seconds=0.1) < later - before < timedelta(seconds=20)
    assert now(server) - later >= timedelta(minutes=90)


def test_everything_is_forgotten_but_the_deployment_when_reset(
    server: Server,
) -> None:
    begin_anew(server)

    done = server.command.run("reset")

    assert done.returncode == 0
    assert server.controls.get("status")["sourceServers"] == 0
    assert server.client("lambda").list_functions()["Functions"]


def test_the_deployment_stays_when_moto_is_asked_to_reset(
    server: Server,
) -> None:
    begin_anew(server)

    reset = urllib.request.Request(f"{server.url}/moto-api/reset", b"")
    with urllib.request.urlopen(reset, timeout=30):
        pass

    assert server.controls.get("status")["sourceServers"] == 0
    assert server.client("dynamodb").list_tables()["TableNames"]


def test_a_plan_is_refused_with_its_lines_when_it_is_wrong(
    server: Server, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("planName: Nothing else\n")

    done = server.command.run("seed", str(wrong))

    assert done.returncode == 2
    assert "line 1" in done.stderr


def test_a_plan_is_refused_when_its_servers_are_there(server: Server) -> None:
    begin_anew(server)

    with pytest.raises(RefusedError, match="reset first"):
        server.controls.post("seed", PLAN)


@pytest.mark.parametrize(
    ("control", "document", "reason"),
    [
        ("clock/advance", {"seconds": -1}, "from 0 on"),
        ("clock/advance", {"seconds": "1"}, "from 0 on"),
        ("clock/advance", {"seconds": 1e30}, "beyond the end of time"),
        ("clock/advance", {"seconds": 4e11}, "beyond the end of time"),
        ("clock/advance", [], "JSON object"),
        ("reset", {"seed": "one"}, "integer"),
        ("reset", {"profile": "slow"}, "there are linux"),
        ("reset", {"profile": {"name": 7}}, "cannot be 7"),
        ("reset", {"options": {"pages": 1}}, "no field 'pages'"),
        ("reset", {"options": {"page_size": "1"}}, "cannot be '1'"),
        ("source-servers", {}, "needs the field 'hostname'"),
        (
            "source-servers",
            {"hostname": "web", "server_id": "s-1"},
            "'s-1' is no id",
        ),
        (
            "source-servers",
            {"hostname": "web", "region": "moon-1"},
            "no DRS in 'moon-1'",
        ),
        ("trusted-accounts", {"trusted": "all"}, "cannot be 'all'"),
        ("faults", {"fault": "unheard of"}, "no fault"),
        ("nothing", None, "No control"),
        ("health", None, "takes GET"),
    ],
)
def test_a_control_is_refused_when_it_is_wrong(
    server: Server, control: str, document: object, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        server.controls.post(control, document)


def test_a_fault_strikes_until_it_is_cleared(server: Server) -> None:
    begin_anew(server)
    fault = {"fault": "throttle", "operation": "DescribeJobs", "times": 9}

    injected = server.controls.post("faults", fault)
    with pytest.raises(ClientError, match="ThrottlingException"):
        server.client("drs").describe_jobs(filters={})
    cleared = server.controls.delete("faults")
    jobs = server.client("drs").describe_jobs(filters={})["items"]

    assert (injected["faults"], cleared["faults"]) == ([fault], [])
    assert jobs == []


def test_one_fault_is_taken_away_and_the_others_stay(server: Server) -> None:
    begin_anew(server)
    denied = {"fault": "api_denied", "operation": "DescribeJobs"}
    busy = {"fault": "busy", "server_id": "s-1"}
    for fault in (denied, busy):
        server.controls.post("faults", fault)

    left = server.controls.delete("faults", denied)

    assert left["faults"] == [busy]


def test_a_new_world_has_the_profile_and_the_options_that_are_asked_for(
    server: Server,
) -> None:
    options = {"page_size": 1, "quotas": {"active_jobs": 1}}
    server.controls.post("reset", {"profile": "instant", "options": options})
    ids = [
        server.controls.post("source-servers", {"hostname": name})
        for name in ("web", "app")
    ]
    drs = server.client("drs")

    drs.start_recovery(
        sourceServers=[{"sourceServerID": ids[0]["sourceServerId"]}]
    )

    assert len(drs.describe_source_servers()["items"]) == 1
    assert drs.describe_jobs()["items"][0]["status"] == "COMPLETED"


def test_a_source_server_is_added_where_it_is_asked_for(
    server: Server,
) -> None:
    server.controls.post("reset")
    seed = {
        "hostname": "web",
        "account_id": "123456789012",
        "region": "eu-west-1",
        "tags": {"tier": "web"},
    }

    made = server.controls.post("source-servers", seed)

    listed = server.aws(
        "drs", "describe-source-servers", "--region", "eu-west-1"
    )["items"]
    (found,) = listed
    assert found["sourceServerID"] == made["sourceServerId"]
    assert found["tags"] == {"tier": "web"}


def test_the_connection_breaks_when_a_response_is_to_be_lost(
    server: Server,
) -> None:
    plan = begin_anew(server)
    first, _ = plan["sourceServers"]
    server.controls.post("faults", {"fault": "lost_response"})
    drs = server.client("drs")

    with pytest.raises(ConnectionClosedError):
        drs.start_recovery(
            sourceServers=[{"sourceServerID": first["sourceServerId"]}]
        )

    assert len(drs.describe_jobs(filters={})["items"]) == 1


def test_the_port_is_open_on_loopback_only(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])

    # A listener on all addresses would hold this one, too.
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))

    assert server.url.startswith("http://127.0.0.1:")


def test_a_second_server_is_refused_when_one_is_up(server: Server) -> None:
    for arguments in (["up", "-d"], ["up"]):
        done = server.command.run(*arguments, "--port", "0")

        assert done.returncode == 1
        assert f"is up already at {server.url}" in done.stderr


def test_the_port_is_named_when_it_is_taken(orch: DrsOrch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = orch.run("up", "-d", "--port", str(port))

    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr


def test_a_plan_is_named_when_up_cannot_use_it(orch: DrsOrch) -> None:
    done = orch.run("up", "-d", "--port", "0", "--plan", "no-such.yaml")

    assert done.returncode == 2
    assert "no-such.yaml" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["down"], ["advance", "1m"], ["reset"]],
    ids=lambda arguments: arguments[0],
)
def test_a_command_says_so_when_nothing_is_up(
    orch: DrsOrch, arguments: list[str]
) -> None:
    done = orch.run(*arguments)

    assert done.returncode == 1
    assert "is not up" in done.stderr


def test_a_duration_is_explained_when_it_is_wrong(orch: DrsOrch) -> None:
    done = orch.run("advance", "soon")

    assert done.returncode == 2
    assert "1h30m" in done.stderr


def test_time_stands_still_from_the_moment_that_is_asked_for(
    orch: DrsOrch,
) -> None:
    start = datetime(2026, 1, 5, 10, tzinfo=UTC)
    with orch.up("--speed", "0", "--start", "2026-01-05T10:00:00Z") as server:
        begin_anew(server)
        time.sleep(0.2)

        before = now(server)
        server.command.run("advance", "10m")
        after = now(server)
        server.command.run("reset")

        assert (before, after) == (start, start + timedelta(minutes=10))
        assert now(server) == start


def test_the_server_ends_when_whoever_started_it_was_killed(
    orch: DrsOrch,
) -> None:
    mine, servers = pipe()
    with mine, servers:
        holder = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            pass_fds=[mine.fileno()],
        )
        command = ("up", "-d", "--port", "0", "--until-stdin-ends")
        url = orch.json(*command, stdin=servers.fileno())["url"]
    controls = ControlClient(url)
    controls.get("health")

    holder.kill()
    holder.wait(30)

    wait_until(lambda: orch.run("status").returncode == 1, "its end", 60)
    with pytest.raises(NotUpError):
        controls.get("health")


def test_nothing_is_left_when_the_server_goes_down(orch: DrsOrch) -> None:
    with orch.up("--speed", "60") as server:
        drs_orch = server.command
        stopped = drs_orch.json("down")

        assert stopped["url"] == server.url
        assert drs_orch.run("status").returncode == 1
        with pytest.raises(NotUpError):
            server.controls.get("health")
