"""Recovery instances are instances of EC2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.fixture
def network(emulator: Emulator) -> dict[str, str]:
    """Make a subnet 10.0.1.0/24 with a security group."""
    vpc = emulator.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = emulator.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
    group = emulator.ec2.create_security_group(
        GroupName="app", Description="app", VpcId=vpc
    )
    return {
        "subnet": subnet["Subnet"]["SubnetId"],
        "group": group["GroupId"],
    }


def revise(emulator: Emulator, server: str, data: Any) -> None:
    """Change a launch template as an orchestrator does."""
    template_id = emulator.drs.get_launch_configuration(sourceServerID=server)[
        "ec2LaunchTemplateID"
    ]
    version = emulator.ec2.create_launch_template_version(
        LaunchTemplateId=template_id,
        SourceVersion="$Default",
        LaunchTemplateData=data,
    )["LaunchTemplateVersion"]["VersionNumber"]
    emulator.ec2.modify_launch_template(
        LaunchTemplateId=template_id, DefaultVersion=str(version)
    )


def interface(**settings: Any) -> dict[str, Any]:
    return {"NetworkInterfaces": [{"DeviceIndex": 0, **settings}]}


def only_instance(emulator: Emulator) -> Any:
    (instance,) = emulator.instances().values()
    return instance


def tags_of(instance: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in instance["Tags"]}


def raw_error(emulator: Emulator, job_id: str) -> str:
    failed = emulator.log(job_id)[-2]
    assert failed["event"] == "LAUNCH_FAILED"
    return str(failed["eventData"]["rawError"])


def test_the_instance_is_in_ec2_with_the_tags_of_drs(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1", tags={"tier": "web"}, image_id="ami-77")

    job_id = emulator.recover(server)["jobID"]

    instance = only_instance(emulator)
    assert instance["InstanceType"] == "t3.medium"
    assert instance["ImageId"] == "ami-77"
    assert instance["State"]["Name"] == "running"
    assert tags_of(instance) == {
        "Name": "web-1",
        "AWSElasticDisasterRecoveryManaged": "drs.amazonaws.com",
        "AWSElasticDisasterRecoverySourceServerID": server,
        "drs.amazonaws.com-source-server": server,
        "drs.amazonaws.com-job": job_id,
    }


def test_the_recovery_instance_has_the_id_of_the_instance(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    job_id = emulator.recover(server)["jobID"]

    (record,) = emulator.drs.describe_recovery_instances()["items"]

    instance = only_instance(emulator)
    source = emulator.drs.describe_source_servers()["items"][0]
    assert record["recoveryInstanceID"] == instance["InstanceId"]
    assert record["ec2InstanceID"] == instance["InstanceId"]
    assert source["recoveryInstanceId"] == instance["InstanceId"]
    assert record["ec2InstanceState"] == "RUNNING"
    assert (record["jobID"], record["isDrill"]) == (job_id, True)
    addresses = record["recoveryInstanceProperties"]["networkInterfaces"]
    assert addresses[0]["ips"] == [instance["PrivateIpAddress"]]


def test_the_job_names_no_recovery_instance_but_its_log_does(
    emulator: Emulator,
) -> None:
    job = emulator.recover(emulator.add("web-1"))

    launched = emulator.log(job["jobID"])[-2]

    instance_id = only_instance(emulator)["InstanceId"]
    assert "recoveryInstanceID" not in job["participatingServers"][0]
    assert launched["event"] == "LAUNCH_END"
    assert launched["eventData"]["targetInstanceID"] == instance_id


@pytest.mark.in_process("steps from event to event")
def test_the_instance_appears_when_its_launch_ends_and_not_before(
    emulator: Emulator,
) -> None:
    emulator.start(emulator.add("web-1"))
    drs.advance_to(emulator.region.settings.now())
    seen = []

    while at := drs.next_event_at():
        emulator.clock.move_to(at)
        drs.advance_to(at)
        seen.append(len(emulator.instances()))

    assert seen == [0, 0, 0, 0, 0, 0, 1, 1, 1]
    job = next(iter(emulator.region.jobs.values()))
    ended = [item.at for item in job.log if item.event == "LAUNCH_END"]
    launched = only_instance(emulator)["LaunchTime"]
    assert launched == ended[0].replace(microsecond=0)


def test_tags_of_the_server_are_copied_when_so_configured(
    emulator: Emulator,
) -> None:
    tags = {"tier": "web", "Name": "front", "drs.amazonaws.com-job": "mine"}
    server = emulator.add("web-1", tags=tags)
    emulator.drs.update_launch_configuration(
        sourceServerID=server, copyTags=True
    )

    job_id = emulator.recover(server)["jobID"]

    found = tags_of(only_instance(emulator))
    assert (found["tier"], found["Name"]) == ("web", "front")
    assert found["drs.amazonaws.com-job"] == job_id


def test_tags_of_the_template_win_over_all_others(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1", tags={"tier": "web"})
    tags = [{"Key": "tier", "Value": "x"}, {"Key": "Name", "Value": "y"}]
    revise(
        emulator,
        server,
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": tags}]},
    )

    emulator.recover(server)

    found = tags_of(only_instance(emulator))
    assert (found["tier"], found["Name"]) == ("x", "y")


def test_the_instance_gets_the_network_of_the_default_version(
    emulator: Emulator, network: dict[str, str]
) -> None:
    server = emulator.add("web-1", image_id="ami-77")
    settings = interface(
        SubnetId=network["subnet"],
        Groups=[network["group"]],
        PrivateIpAddress="10.0.1.20",
    )
    revise(emulator, server, settings)

    emulator.recover(server)

    instance = only_instance(emulator)
    assert instance["SubnetId"] == network["subnet"]
    assert instance["PrivateIpAddress"] == "10.0.1.20"
    groups = [group["GroupId"] for group in instance["SecurityGroups"]]
    assert groups == [network["group"]]
    assert instance["ImageId"] == "ami-77"


def test_a_version_has_no_effect_when_it_is_not_the_default(
    emulator: Emulator, network: dict[str, str]
) -> None:
    server = emulator.add("web-1")
    emulator.ec2.create_launch_template_version(
        LaunchTemplateId=emulator.drs.get_launch_configuration(
            sourceServerID=server
        )["ec2LaunchTemplateID"],
        SourceVersion="1",
        LaunchTemplateData=interface(  # type: ignore[arg-type]
            SubnetId=network["subnet"]
        ),
    )

    emulator.recover(server)

    assert only_instance(emulator)["SubnetId"] != network["subnet"]


def test_the_instance_lies_in_a_default_subnet_when_none_is_named(
    emulator: Emulator,
) -> None:
    emulator.recover(emulator.add("web-1"))

    assert only_instance(emulator)["PrivateIpAddress"].startswith("172.31.")


def test_the_address_of_the_source_is_taken_when_so_configured(
    emulator: Emulator, network: dict[str, str]
) -> None:
    server = emulator.add("web-1", private_ip="10.0.1.77")
    revise(emulator, server, interface(SubnetId=network["subnet"]))
    emulator.drs.update_launch_configuration(
        sourceServerID=server, copyPrivateIp=True
    )

    emulator.recover(server)

    assert only_instance(emulator)["PrivateIpAddress"] == "10.0.1.77"


def test_the_address_of_the_source_is_left_when_no_subnet_is_named(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1", private_ip="10.0.1.77")
    emulator.drs.update_launch_configuration(
        sourceServerID=server, copyPrivateIp=True
    )

    emulator.recover(server)

    assert only_instance(emulator)["PrivateIpAddress"].startswith("172.31.")


@pytest.mark.parametrize(
    ("method", "expected"),
    [("BASIC", "t3.medium"), ("IN_AWS", "t3.medium"), ("NONE", "m5.large")],
)
def test_right_sizing_overrides_the_type_of_the_template(
    emulator: Emulator, method: Any, expected: str
) -> None:
    server = emulator.add("web-1")
    revise(emulator, server, {"InstanceType": "m5.large"})
    emulator.drs.update_launch_configuration(
        sourceServerID=server, targetInstanceTypeRightSizingMethod=method
    )

    emulator.recover(server)

    assert only_instance(emulator)["InstanceType"] == expected


def test_the_instance_is_stopped_when_so_configured(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    emulator.drs.update_launch_configuration(
        sourceServerID=server, launchDisposition="STOPPED"
    )

    emulator.recover(server)

    (record,) = emulator.drs.describe_recovery_instances()["items"]
    assert record["ec2InstanceState"] == "STOPPED"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (interface(SubnetId="subnet-missing"), "InvalidSubnetID.NotFound"),
        (interface(Groups=["sg-missing"]), "InvalidGroup.NotFound"),
        ({"IamInstanceProfile": {"Name": "missing"}}, "NoSuchEntity"),
    ],
)
def test_the_launch_fails_with_the_error_of_ec2_when_it_refuses(
    emulator: Emulator, settings: Any, text: str
) -> None:
    server = emulator.add("web-1")
    revise(emulator, server, settings)

    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "FAILED"}
    assert text in raw_error(emulator, job["jobID"])
    assert emulator.instances() == {}


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("10.0.9.9", "does not fall within the subnet's address range"),
        ("somewhere", "does not fall within the subnet's address range"),
        ("10.0.1.20", "is in use"),
    ],
)
def test_the_launch_fails_when_the_subnet_cannot_give_the_address(
    emulator: Emulator, network: dict[str, str], address: str, text: str
) -> None:
    emulator.ec2.run_instances(
        MinCount=1,
        MaxCount=1,
        ImageId="ami-77",
        SubnetId=network["subnet"],
        PrivateIpAddress="10.0.1.20",
    )
    server = emulator.add("web-1")
    settings = interface(SubnetId=network["subnet"], PrivateIpAddress=address)
    revise(emulator, server, settings)

    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "FAILED"}
    assert text in raw_error(emulator, job["jobID"])


def test_earlier_instances_are_removed_first_when_a_server_launches_again(
    emulator: Emulator,
) -> None:
    again, first = emulator.add("again"), emulator.add("first")
    emulator.recover(again)
    (old,) = emulator.instances()

    job = emulator.recover(again, first)

    assert emulator.events(job["jobID"], again)[:3] == [
        "CLEANUP_START",
        "CLEANUP_END",
        "SNAPSHOT_START",
    ]
    assert emulator.events(job["jobID"], first)[0] == "SNAPSHOT_START"
    states = {
        instance_id: instance["State"]["Name"]
        for instance_id, instance in emulator.instances().items()
    }
    records = emulator.drs.describe_recovery_instances()["items"]
    assert states.pop(old) == "terminated"
    assert sorted(states.values()) == ["running", "running"]
    assert {each["ec2InstanceID"] for each in records} == set(states)


def test_the_launch_goes_on_when_the_earlier_instance_cannot_be_removed(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    emulator.recover(server)
    (old,) = emulator.instances()
    emulator.ec2.modify_instance_attribute(
        InstanceId=old, DisableApiTermination={"Value": True}
    )

    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}
    events = emulator.events(job["jobID"], server)
    assert events[:2] == ["CLEANUP_START", "CLEANUP_FAIL"]
    assert len(emulator.drs.describe_recovery_instances()["items"]) == 2


def test_an_instance_is_terminated_and_forgotten_when_asked(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    emulator.recover(server)
    (instance_id,) = emulator.instances()

    answer = emulator.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[instance_id]
    )
    emulator.sleep(3600)

    job = emulator.job(answer["job"]["jobID"])
    assert (answer["job"]["type"], job["type"]) == ("TERMINATE", "TERMINATE")
    assert job["initiatedBy"] == "TERMINATE_RECOVERY_INSTANCES"
    assert (answer["job"]["status"], job["status"]) == ("PENDING", "COMPLETED")
    assert emulator.statuses(job["jobID"]) == {server: "TERMINATED"}
    assert emulator.events(job["jobID"]) == [
        "JOB_START",
        "CLEANUP_START",
        "CLEANUP_END",
        "JOB_END",
    ]
    assert only_instance(emulator)["State"]["Name"] == "terminated"
    assert emulator.drs.describe_recovery_instances()["items"] == []
    source = emulator.drs.describe_source_servers()["items"][0]
    assert "recoveryInstanceId" not in source


def test_a_termination_fails_for_its_server_when_ec2_refuses(
    emulator: Emulator,
) -> None:
    server = emulator.add("web-1")
    emulator.recover(server)
    (instance_id,) = emulator.instances()
    emulator.ec2.modify_instance_attribute(
        InstanceId=instance_id, DisableApiTermination={"Value": True}
    )

    answer = emulator.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[instance_id]
    )
    emulator.sleep(3600)

    job_id = answer["job"]["jobID"]
    assert emulator.statuses(job_id) == {server: "FAILED"}
    assert "CLEANUP_FAIL" in emulator.events(job_id)
    assert len(emulator.drs.describe_recovery_instances()["items"]) == 1


def test_an_unknown_instance_is_not_terminated(emulator: Emulator) -> None:
    emulator.initialize()

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        emulator.drs.terminate_recovery_instances(
            recoveryInstanceIDs=["i-00000000000000000"]
        )


def test_the_state_is_that_of_ec2_when_someone_else_ends_the_instance(
    emulator: Emulator,
) -> None:
    emulator.recover(emulator.add("web-1"))
    (instance_id,) = emulator.instances()

    emulator.ec2.terminate_instances(InstanceIds=[instance_id])

    (record,) = emulator.drs.describe_recovery_instances()["items"]
    assert record["ec2InstanceState"] == "TERMINATED"
