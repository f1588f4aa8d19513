"""A world ends with all executions in it, whoever started them."""

import json

import boto3

from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings

DAY = {"Type": "Wait", "Seconds": 86_400, "Next": "Day"}
ENDLESS = json.dumps({"StartAt": "Day", "States": {"Day": DAY}})
ROLE = "arn:aws:iam::123456789012:role/machine"


def test_a_reset_ends_what_others_run_on_state_machines_of_their_own() -> None:
    with LocalCloud(LocalCloudSettings(speed=0, limit=5)) as cloud:
        client = boto3.client("stepfunctions")
        machine = client.create_state_machine(
            name="theirs", definition=ENDLESS, roleArn=ROLE
        )["stateMachineArn"]
        client.start_execution(stateMachineArn=machine, name="one")

        cloud.reset()

        found = client.list_state_machines()["stateMachines"]
        assert "theirs" not in {each["name"] for each in found}
