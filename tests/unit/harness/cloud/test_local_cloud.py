"""A cloud begins and ends cleanly, and equal seeds make equal worlds."""

import os
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import handlers

from harness import drs
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings

EnterCloud = Callable[..., LocalCloud]

WORK = """
    import random
    import boto3
    def lambda_handler(event, context):
        table = boto3.resource("dynamodb").Table("toy-items")
        for _ in range(event["reads"]):
            table.get_item(Key={"id": "absent"})
        run = boto3.client("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1
        )
        servers = boto3.client("drs").describe_source_servers()["items"]
        ids = [server["sourceServerID"] for server in servers]
        job = boto3.client("drs").start_recovery(
            isDrill=True, sourceServers=[{"sourceServerID": i} for i in ids]
        )["job"]["jobID"]
        table.put_item(Item={"id": job})
        return [ids, job, run["Instances"][0]["InstanceId"], context.aws_request_id]
"""


def play(cloud: LocalCloud, reads: int = 0) -> Any:
    """Run one scenario and give all that it left."""
    region = drs.region("123456789012", "us-east-1")
    region.initialize()
    region.add_source_server(drs.SourceServerSeed("web-1"))
    answer = cloud.invoke("work", {"reads": reads}).json()
    cloud.clock.sleep(7200)
    instances = boto3.client("ec2").describe_instances()["Reservations"]
    found = [
        (i["InstanceId"], i["PrivateIpAddress"], i["LaunchTime"])
        for reservation in instances
        for i in reservation["Instances"]
    ]
    items = cloud.tables.items("Items")
    return answer, sorted(found), items, cloud.clock.now(), cloud.calls


def test_a_reset_world_equals_a_fresh_one_when_the_seed_is_the_same(
    enter_cloud: EnterCloud,
) -> None:
    with_other_seed = enter_cloud({"work": WORK}, seed=5)
    used = play(with_other_seed)
    with_other_seed.reset(seed=3)
    reset = play(with_other_seed)
    with_other_seed.__exit__(None)

    fresh = play(enter_cloud({"work": WORK}, seed=3))

    assert fresh == reset
    assert fresh[0] != used[0]


def test_ids_stay_the_same_when_one_world_only_reads_more(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"work": WORK})

    few = play(cloud)
    cloud.reset()
    many = play(cloud, reads=5)

    assert few[:4] == many[:4]
    assert len(few[4]) + 5 == len(many[4])


def test_nothing_is_left_when_a_world_is_reset(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"work": WORK})
    cloud.on_call(before=lambda call: None)
    cloud.on_invocation(lambda invocation: None)
    play(cloud)

    cloud.reset()

    assert cloud.calls == cloud.invocations == []
    assert cloud.tables.items("Items") == []
    assert boto3.client("ec2").describe_instances()["Reservations"] == []
    assert drs.next_event_at() is None
    assert cloud.clock.now() == LocalCloudSettings().start


def test_the_process_is_as_before_when_a_cloud_is_left(
    enter_cloud: EnterCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebodys")
    environment = dict(os.environ)
    listening = list(handlers.BUILTIN_HANDLERS)
    now = time.time()

    cloud = enter_cloud({"work": WORK})
    play(cloud)
    assert "AWS_PROFILE" not in os.environ
    cloud.__exit__(None)

    assert dict(os.environ) == environment
    assert handlers.BUILTIN_HANDLERS == listening
    assert abs(time.time() - now) < 60


def test_a_listeners_failure_surfaces_when_the_cloud_is_left(
    enter_cloud: EnterCloud,
) -> None:
    cloud = enter_cloud({"toy": "def lambda_handler(e, c): return 1"})

    def object_to(invocation: object) -> None:
        raise AssertionError("not as expected")

    cloud.on_invocation(object_to)
    with pytest.raises(AssertionError):
        cloud.invoke("toy", {})

    with pytest.raises(AssertionError, match="not as expected"):
        cloud.__exit__(None)
