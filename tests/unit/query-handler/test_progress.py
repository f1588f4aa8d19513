"""What people see of a wave: its status and the details of its servers."""

from typing import TYPE_CHECKING, Any

import pytest

from harness import drs
from query_handler import launch_progress
from query_handler.launch_progress import Progress
from tests import builders
from tests.unit.outside_world import (
    refuse,
    refuse_in_xml,
    replace_body,
    replace_raw,
)

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

LAUNCHED = 1200


def begun(
    world: "OutsideWorld", lambdas: "Lambdas", *servers: str
) -> dict[str, Any]:
    world.put_group(sourceServerIds=list(servers))
    world.put_execution(status="RUNNING")
    state = lambdas.start(builders.state())
    world.calls.clear()
    return state


@pytest.mark.parametrize(
    ("events", "launched", "status"),
    [
        ([], 0, "STARTED"),
        (["JOB_START", "SNAPSHOT_START", "SNAPSHOT_END"], 0, "STARTED"),
        (["SNAPSHOT_END", "CONVERSION_START"], 0, "CONVERTING"),
        (["CONVERSION_START", "CONVERSION_END"], 0, "CONVERTING"),
        (["CONVERSION_END", "LAUNCH_START"], 0, "LAUNCHING"),
        (["LAUNCH_START", "LAUNCH_END"], 0, "LAUNCHING"),
        (["LAUNCH_END"], 1, "IN_PROGRESS"),
        ([], 1, "IN_PROGRESS"),
        (["LAUNCH_END"], 2, "LAUNCHING"),
    ],
)
def test_status_follows_from_the_log_and_the_launched_servers(
    events: list[str], launched: int, status: str
) -> None:
    progress = Progress(total=2, launched=launched, failed=0)

    assert launch_progress.wave_status(set(events), progress) == status


def test_status_follows_the_job_as_it_goes_on(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = begun(world, lambdas, world.add_server())
    seen = []

    while not state["wave_completed"]:
        world.sleep(30)
        state = lambdas.poll(state)
        recorded = world.execution()["waves"][0]
        assert recorded == state["wave_results"][0]
        if recorded["status"] not in seen[-1:]:
            seen.append(recorded["status"])

    assert seen == ["STARTED", "CONVERTING", "LAUNCHING", "COMPLETED"]


def test_all_pages_of_the_log_are_read(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    drs.reset(options=drs.EmulatorOptions(page_size=1))
    state = begun(world, lambdas, world.add_server())
    world.sleep(60)

    state = lambdas.poll(state)

    assert state["wave_results"][0]["status"] == "CONVERTING"
    assert len(world.asked("drs.DescribeJobLogItems")) > 1


def test_item_of_the_log_is_passed_over_when_it_names_no_event(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    items = [{"logDateTime": "2026-01-05T10:00:01Z"}, {"event": "LAUNCH_END"}]
    log = replace_body({"items": items})
    world.disturb("drs.DescribeJobLogItems", log)

    state = lambdas.poll(given)

    assert state["wave_results"][0]["status"] == "LAUNCHING"


def test_status_stays_when_the_log_cannot_be_read(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(60)
    refused = refuse("AccessDeniedException", 403)
    world.disturb("drs.DescribeJobLogItems", refused)

    state = lambdas.poll(given)

    assert state == given | {"current_wave_total_wait_time": 30}
    assert "log could not be read" in caplog.text


def test_launch_statuses_are_recorded_when_the_log_cannot_be_read(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(400)
    refused = refuse("AccessDeniedException", 403)
    world.disturb("drs.DescribeJobLogItems", refused)

    lambdas.poll(given)

    (server,) = world.execution()["waves"][0]["serverStatuses"]
    assert server["launchStatus"] == "IN_PROGRESS"


def test_nothing_is_written_when_a_poll_shows_nothing_new(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    state = begun(world, lambdas, world.add_server())
    world.sleep(60)
    state = lambdas.poll(state)
    world.calls.clear()

    lambdas.poll(state)

    assert world.asked("dynamodb.UpdateItem") == []


def test_poll_goes_on_when_progress_cannot_be_recorded(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(60)
    world.disturb("dynamodb.UpdateItem", refuse("AccessDenied"))

    state = lambdas.poll(given)

    assert state["wave_results"][0]["status"] == "CONVERTING"
    assert "history could not be written" in caplog.text


def test_details_are_those_of_the_instance_when_a_server_is_launched(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server("db-1", instance_type="m5.large")
    given = begun(world, lambdas, server_id)
    world.sleep(LAUNCHED)

    (server,) = lambdas.poll(given)["wave_results"][0]["serverStatuses"]

    (reservation,) = world.ec2.describe_instances()["Reservations"]
    (instance,) = reservation["Instances"]
    assert server == {
        "sourceServerId": server_id,
        "serverName": server_id,
        "hostname": "db-1",
        "launchStatus": "LAUNCHED",
        "recoveryInstanceId": instance["InstanceId"],
        "instanceId": instance["InstanceId"],
        "privateIp": instance["PrivateIpAddress"],
        "instanceType": instance["InstanceType"],
        "launchTime": int(instance["LaunchTime"].timestamp()),
    }


def test_details_of_launched_servers_are_known_while_others_still_launch(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    given = begun(world, lambdas, first, second)
    world.sleep(LAUNCHED)
    servers = [
        {"sourceServerID": first, "launchStatus": "LAUNCHED"},
        {"sourceServerID": second, "launchStatus": "IN_PROGRESS"},
    ]
    job = {
        "jobID": given["job_id"],
        "status": "STARTED",
        "participatingServers": servers,
    }
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    (result,) = state["wave_results"]
    addresses = [bool(each["privateIp"]) for each in result["serverStatuses"]]
    assert (result["status"], addresses) == ("IN_PROGRESS", [True, False])
    assert state["recovery_instance_ids"] == []
    (asked,) = world.asked("drs.DescribeRecoveryInstances")
    assert asked["filters"] == {"sourceServerIDs": [first]}


@pytest.mark.parametrize(
    ("operation", "mishap", "known"),
    [
        (
            "drs.DescribeRecoveryInstances",
            refuse("AccessDeniedException", 403),
            [],
        ),
        (
            "ec2.DescribeInstances",
            refuse_in_xml("UnauthorizedOperation", 403),
            ["hostname", "instanceId"],
        ),
    ],
    ids=["recovery instances", "instances"],
)
def test_wave_completes_when_details_cannot_be_read(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: Any,
    operation: str,
    mishap: Any,
    known: list[str],
) -> None:
    given = begun(world, lambdas, world.add_server("db-1"))
    world.sleep(LAUNCHED)
    world.disturb(operation, mishap)

    state = lambdas.poll(given)

    (server,) = state["wave_results"][0]["serverStatuses"]
    assert state["status"] == "completed"
    assert [name for name in ("hostname", "instanceId") if server[name]] == (
        known
    )
    assert state["recovery_instance_ips"] == []
    assert "details could not be read" in caplog.text


def test_known_details_stay_when_a_later_poll_shows_none(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    given = begun(world, lambdas, first, second)
    known = builders.server_status(
        first,
        serverName="the first",
        hostname="db-1",
        launchStatus="LAUNCHED",
        recoveryInstanceId="i-0a1b2c3d4e5f60718",
        instanceId="i-0a1b2c3d4e5f60718",
        privateIp="10.0.0.7",
    )
    given["wave_results"][0]["serverStatuses"][0] = known
    servers = [
        {"sourceServerID": first, "launchStatus": "LAUNCHED"},
        {"sourceServerID": second},
    ]
    job = {"jobID": given["job_id"], "participatingServers": servers}
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    assert state["wave_results"][0]["serverStatuses"] == [
        known,
        builders.server_status(second),
    ]
    assert world.asked("drs.DescribeRecoveryInstances") == []


def test_instance_of_another_job_gives_no_details(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    world.start_job(server_id, drill=False)
    world.sleep(LAUNCHED)
    given = begun(world, lambdas, server_id)
    servers = [{"sourceServerID": server_id, "launchStatus": "LAUNCHED"}]
    job = {"jobID": given["job_id"], "participatingServers": servers}
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    (server,) = state["wave_results"][0]["serverStatuses"]
    assert server["instanceId"] == ""
    # Without an id EC2 would list whatever runs in the account.
    assert world.asked("ec2.DescribeInstances") == []


def test_instances_of_some_are_asked_for_when_others_have_none_yet(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    first, second = world.add_server("a"), world.add_server("b")
    world.start_job(second)
    world.sleep(LAUNCHED)
    given = begun(world, lambdas, first)
    world.sleep(LAUNCHED)
    servers = [
        {"sourceServerID": each, "launchStatus": "LAUNCHED"}
        for each in (first, second)
    ]
    job = {"jobID": given["job_id"], "participatingServers": servers}
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    statuses = state["wave_results"][0]["serverStatuses"]
    assert [bool(each["privateIp"]) for each in statuses] == [True, False]


def test_details_stay_when_ec2_does_not_tell_them(
    world: "OutsideWorld", lambdas: "Lambdas", caplog: Any
) -> None:
    given = begun(world, lambdas, world.add_server())
    world.sleep(LAUNCHED)
    (reservation,) = world.ec2.describe_instances()["Reservations"]
    instance_id = reservation["Instances"][0]["InstanceId"]
    item = f"<item><instanceId>{instance_id}</instanceId></item>"
    answer = (
        "<DescribeInstancesResponse><reservationSet><item><instancesSet>"
        f"{item}</instancesSet></item></reservationSet>"
        "</DescribeInstancesResponse>"
    )
    world.disturb("ec2.DescribeInstances", replace_raw(answer.encode()))

    state = lambdas.poll(given)

    (server,) = state["wave_results"][0]["serverStatuses"]
    assert (server["privateIp"], server["instanceType"]) == ("", "")
    assert (server["instanceId"], server["launchTime"]) == (instance_id, 0)
    assert "details could not be read" not in caplog.text


def test_recovery_instance_is_that_of_the_job_when_it_names_one(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id)
    named = {"sourceServerID": server_id, "recoveryInstanceID": "i-0a1b2c3d"}
    job = {
        "jobID": given["job_id"],
        "participatingServers": [named | {"launchStatus": "IN_PROGRESS"}],
    }
    world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    state = lambdas.poll(given)

    (server,) = state["wave_results"][0]["serverStatuses"]
    assert server["recoveryInstanceId"] == "i-0a1b2c3d"


@pytest.mark.parametrize(
    ("statuses", "lines"),
    [
        (["IN_PROGRESS", "PENDING"], []),
        (["DREAMING"] * 2, ["Server {}: launch status DREAMING is not known"]),
    ],
)
def test_launch_status_is_reported_once_when_it_is_none_that_is_known(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: Any,
    statuses: list[str],
    lines: list[str],
) -> None:
    server_id = world.add_server()
    state = begun(world, lambdas, server_id)
    for status in statuses:
        servers = [{"sourceServerID": server_id, "launchStatus": status}]
        job = {"jobID": state["job_id"], "participatingServers": servers}
        world.disturb("drs.DescribeJobs", replace_body({"items": [job]}))

    lambdas.poll(lambdas.poll(state))

    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said if "launch status" in line] == [
        line.format(server_id) for line in lines
    ]


def test_server_is_added_when_only_the_job_knows_it(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    server_id = world.add_server()
    given = begun(world, lambdas, server_id) | {"wave_results": []}
    world.sleep(60)

    state = lambdas.poll(given)

    (result,) = state["wave_results"]
    assert result["jobId"] == given["job_id"]
    assert result["serverStatuses"] == [builders.server_status(server_id)]
