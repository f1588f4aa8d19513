"""Which permissions each API operation needs, on which resources.

After https://docs.aws.amazon.com/service-authorization/latest/reference/
(DRS: list_awselasticdisasterrecovery.html). An operation that is not
listed here is an error, so that none is let through unseen.
"""

from collections.abc import Callable, Iterator, Mapping

from harness.cloud.calls import AwsCall
from harness.cloud.permissions.evaluation import Request

# Starting a recovery asks for all of these, on every server.
_RECOVERY = (
    "drs:StartRecovery",
    "drs:CreateRecoveryInstanceForDrs",
    "drs:TagResource",
)
# One action on some resources.
Need = tuple[str, tuple[str, ...]]
Needs = Callable[[AwsCall], Iterator[Need]]


class UnmappedOperationError(Exception):
    """Nobody wrote down which permissions an operation needs."""

    def __init__(self, call: AwsCall) -> None:
        self.call = call
        super().__init__(
            f"{call.function} calls {call.service} {call.operation}, and "
            "harness/cloud/permissions/operations.py does not say which "
            "permissions that needs"
        )


class UnnamedResourceError(Exception):
    """A call names its resource in a way that gives no ARN."""

    def __init__(self, call: AwsCall, parameter: str) -> None:
        self.call = call
        super().__init__(
            f"{call.function} calls {call.service} {call.operation} without "
            f"{parameter}, so the resource of the permission is not known"
        )


def requests(call: AwsCall, context: Mapping[str, str]) -> list[Request]:
    """List what a call asks IAM for, in the order AWS asks.

    Args:
        context: What is known of every request; what only this call says
            is added to it.

    Raises:
        UnmappedOperationError: The operation is not listed.
        UnnamedResourceError: The call does not name its resource.
    """
    needs = _OPERATIONS.get((call.service, call.operation))
    if needs is None:
        raise UnmappedOperationError(call)
    whole = {**context, **_said_by(call)}
    return [
        Request(action, resource, whole)
        for action, resources in needs(call)
        for resource in resources
    ]


def arn(call: AwsCall, service: str, resource: str) -> str:
    """Build the ARN of a resource where a call is made."""
    return f"arn:aws:{service}:{call.region}:{call.account}:{resource}"


def source_servers(call: AwsCall) -> list[str]:
    """List the ids of the servers that a StartRecovery names."""
    return [each["sourceServerID"] for each in call.params["sourceServers"]]


def _said_by(call: AwsCall) -> dict[str, str]:
    if call.service != "sts":
        return {}
    names = {"sts:ExternalId": "ExternalId"}
    names["sts:RoleSessionName"] = "RoleSessionName"
    return {
        key: str(call.params[name])
        for key, name in names.items()
        if name in call.params
    }


def _named(call: AwsCall, parameter: str) -> str:
    if parameter not in call.params:
        raise UnnamedResourceError(call, parameter)
    return str(call.params[parameter])


def _anything(action: str) -> Needs:
    """Need an action that AWS allows for no named resource."""

    def needs(call: AwsCall) -> Iterator[Need]:
        yield action, ("*",)

    return needs


def _on(action: str, parameter: str, kind: str) -> Needs:
    """Need an action on the resource that a parameter names."""
    service, _, _ = action.partition(":")

    def needs(call: AwsCall) -> Iterator[Need]:
        name = _named(call, parameter)
        is_arn = name.startswith("arn:")
        yield action, (name if is_arn else arn(call, service, kind + name),)

    return needs


def _nothing(call: AwsCall) -> Iterator[Need]:
    yield from ()


def _function(call: AwsCall) -> Iterator[Need]:
    # A name may have its account before it.
    _, _, name = _named(call, "FunctionName").rpartition("function:")
    yield "lambda:InvokeFunction", (arn(call, "lambda", f"function:{name}"),)


def _recovery(call: AwsCall) -> Iterator[Need]:
    servers = tuple(
        arn(call, "drs", f"source-server/{server_id}")
        for server_id in source_servers(call)
    )
    for action in _RECOVERY:
        yield action, servers


_TABLE = "TableName", "table/"
_SERVER = "sourceServerID", "source-server/"
_TEMPLATE = "LaunchTemplateId", "launch-template/"
_OPERATIONS: Mapping[tuple[str, str], Needs] = {
    ("dynamodb", "GetItem"): _on("dynamodb:GetItem", *_TABLE),
    ("dynamodb", "Scan"): _on("dynamodb:Scan", *_TABLE),
    ("dynamodb", "UpdateItem"): _on("dynamodb:UpdateItem", *_TABLE),
    ("lambda", "Invoke"): _function,
    ("sts", "AssumeRole"): _on("sts:AssumeRole", "RoleArn", ""),
    # Allowed whatever policies say.
    ("sts", "GetCallerIdentity"): _nothing,
    ("drs", "DescribeJobs"): _anything("drs:DescribeJobs"),
    ("drs", "DescribeRecoveryInstances"): _anything(
        "drs:DescribeRecoveryInstances"
    ),
    ("drs", "DescribeSourceServers"): _anything("drs:DescribeSourceServers"),
    ("drs", "DescribeJobLogItems"): _on(
        "drs:DescribeJobLogItems", "jobID", "job/"
    ),
    ("drs", "GetLaunchConfiguration"): _on(
        "drs:GetLaunchConfiguration", *_SERVER
    ),
    ("drs", "UpdateLaunchConfiguration"): _on(
        "drs:UpdateLaunchConfiguration", *_SERVER
    ),
    ("drs", "StartRecovery"): _recovery,
    ("ec2", "DescribeInstances"): _anything("ec2:DescribeInstances"),
    ("ec2", "DescribeLaunchTemplateVersions"): _anything(
        "ec2:DescribeLaunchTemplateVersions"
    ),
    ("ec2", "CreateLaunchTemplateVersion"): _on(
        "ec2:CreateLaunchTemplateVersion", *_TEMPLATE
    ),
    ("ec2", "ModifyLaunchTemplate"): _on(
        "ec2:ModifyLaunchTemplate", *_TEMPLATE
    ),
}
