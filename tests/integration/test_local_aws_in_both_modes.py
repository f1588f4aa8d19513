"""The same smoke tests in this process, and over HTTP from another one."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.cloud.local_cloud import LocalCloud
from harness.local_aws import plan_seeding
from tests.local_server import PLAN, DrsOrch, client


@dataclass(frozen=True)
class World:
    """A local AWS, whichever way it is reached."""

    client: Callable[[str], Any]
    advance: Callable[[float], object]
    begin_anew: Callable[[], Any]


@contextmanager
def in_this_process(folder: Path) -> Iterator[World]:
    with LocalCloud() as cloud:

        def begin_anew() -> Any:
            cloud.reset()
            return plan_seeding.seed(cloud, PLAN)

        yield World(client, cloud.clock.sleep, begin_anew)


@contextmanager
def over_http(folder: Path) -> Iterator[World]:
    with DrsOrch(folder).up() as server:

        def begin_anew() -> Any:
            server.controls.post("reset")
            return server.controls.post("seed", PLAN)

        def advance(seconds: float) -> object:
            return server.controls.post("clock/advance", {"seconds": seconds})

        yield World(server.client, advance, begin_anew)


@pytest.fixture(scope="module", params=[in_this_process, over_http])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with request.param(tmp_path_factory.mktemp("runtime")) as world:
        yield world


@pytest.fixture
def plan(world: World) -> Any:
    return world.begin_anew()


def server_ids(plan: Any) -> list[str]:
    return [server["sourceServerId"] for server in plan["sourceServers"]]


def recover(world: World, *ids: str) -> Any:
    drs = world.client("drs")
    job_id = drs.start_recovery(
        isDrill=True, sourceServers=[{"sourceServerID": each} for each in ids]
    )["job"]["jobID"]
    world.advance(3600)
    (job,) = drs.describe_jobs(filters={"jobIDs": [job_id]})["items"]
    return job


def test_servers_are_listed_page_by_page(world: World, plan: Any) -> None:
    pages = (
        world.client("drs")
        .get_paginator("describe_source_servers")
        .paginate(filters={}, PaginationConfig={"PageSize": 1})
    )

    items = [item for page in pages for item in page["items"]]

    assert {each["sourceServerID"] for each in items} == set(server_ids(plan))
    assert {each["tags"]["tier"] for each in items} == {"web"}


def test_a_drill_ends_with_an_instance_in_ec2_and_a_failed_server(
    world: World, plan: Any
) -> None:
    fine, failing = server_ids(plan)

    job = recover(world, fine, failing)

    assert job["status"] == "COMPLETED"
    statuses = {
        each["sourceServerID"]: each["launchStatus"]
        for each in job["participatingServers"]
    }
    assert statuses == {fine: "LAUNCHED", failing: "FAILED"}
    (reservation,) = world.client("ec2").describe_instances()["Reservations"]
    (instance,) = reservation["Instances"]
    assert fine in str(instance["Tags"])


def test_the_log_of_a_job_is_in_order(world: World, plan: Any) -> None:
    job = recover(world, server_ids(plan)[0])

    items = world.client("drs").describe_job_log_items(jobID=job["jobID"])

    events = [item["event"] for item in items["items"]]
    assert (events[0], events[-1]) == ("JOB_START", "JOB_END")
    assert "LAUNCH_END" in events


def test_errors_carry_their_class_and_status_on_the_wire(
    world: World, plan: Any
) -> None:
    drs = world.client("drs")
    servers = [{"sourceServerID": server_ids(plan)[0]}]
    drs.start_recovery(sourceServers=servers)

    with pytest.raises(ClientError) as error:
        drs.start_recovery(sourceServers=servers)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "ConflictException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_function_is_invoked_when_it_is_deployed(
    world: World, plan: Any
) -> None:
    lambdas = world.client("lambda")
    (name,) = (
        each["FunctionName"]
        for each in lambdas.list_functions()["Functions"]
        if "query-handler" in each["FunctionName"]
    )
    event = {
        "action": "query_servers_by_tags",
        "region": "us-east-1",
        "tags": {"tier": "web"},
        "account_context": {"accountId": "", "isCurrentAccount": True},
    }

    answer = lambdas.invoke(FunctionName=name, Payload=json.dumps(event))

    found = json.loads(answer["Payload"].read())
    assert sorted(found["server_ids"]) == sorted(server_ids(plan))


def test_a_function_is_not_found_when_it_is_not_deployed(
    world: World,
) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        world.client("lambda").invoke(FunctionName="nobody", Payload=b"{}")


def test_the_state_machine_recovers_the_plan_when_time_passes(
    world: World, plan: Any
) -> None:
    states = world.client("stepfunctions")

    arn = states.start_execution(
        stateMachineArn=plan["stateMachineArn"],
        name=plan["executionName"],
        input=json.dumps(plan["executionInput"]),
    )["executionArn"]
    end = time.monotonic() + 60
    status = "RUNNING"
    while status == "RUNNING" and time.monotonic() < end:
        world.advance(30)
        # In this process the machine's own threads need a moment, too.
        time.sleep(0.02)
        status = states.describe_execution(executionArn=arn)["status"]

    assert status == "SUCCEEDED"
    (job,) = world.client("drs").describe_jobs(filters={})["items"]
    assert job["status"] == "COMPLETED"
