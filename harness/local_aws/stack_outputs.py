"""Where the data of a plan belong: the tables of one deployment."""

import boto3
from botocore.exceptions import ClientError

from harness.cloud.local_cloud import LocalCloud
from harness.cloud.server.seeding import SeedRefusedError
from harness.cloud.tables import Tables
from harness.drill.seeding import Place, own_place

_TABLES = (
    "ExecutionHistoryTable",
    "ProtectionGroupsTable",
    "RecoveryPlansTable",
    "TargetAccountsTable",
)


def place(cloud: LocalCloud, stack: str | None) -> Place:
    """Find the tables and the state machine of a stack.

    Args:
        stack: Name of a stack of `cfn/master-stack.yaml`; None for what the
            cloud itself has deployed.

    Raises:
        SeedRefusedError: There is no such stack, or it lacks an output.
    """
    if stack is None:
        return own_place(cloud)
    outputs = _outputs(stack)
    try:
        names = {table: outputs[f"{table}Name"] for table in _TABLES}
        return Place(Tables(names), outputs["StateMachineArn"])
    except KeyError as error:
        problem = f"Stack {stack} has no output {error.args[0]}"
        raise SeedRefusedError([problem]) from error


def _outputs(stack: str) -> dict[str, str]:
    client = boto3.client("cloudformation")
    try:
        (found,) = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        raise SeedRefusedError([error.response["Error"]["Message"]]) from error
    return {
        output["OutputKey"]: output["OutputValue"]
        for output in found.get("Outputs", [])
    }
