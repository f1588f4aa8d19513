"""What DRS does to EC2 in the name of who started a recovery.

A permission that is missing there is no error of StartRecovery: the job
completes, with a server that failed to launch (DRS_SERVICE.md 1 no. 13
and 3.14). No source tells which calls there are: these are the ones that
the policies for callers in AWS's documentation allow.
"""

from collections.abc import Iterator

from harness import drs
from harness.cloud.calls import AwsCall
from harness.cloud.permissions import evaluation, operations
from harness.cloud.permissions.denials import EC2_PREFIX, sentence
from harness.cloud.permissions.evaluation import Denial, Request
from harness.cloud.permissions.identities import Principal

_READS = (
    "DescribeAccountAttributes",
    "DescribeAvailabilityZones",
    "DescribeImages",
    "DescribeInstanceAttribute",
    "DescribeInstanceStatus",
    "DescribeInstanceTypes",
    "DescribeInstances",
    "DescribeLaunchTemplateVersions",
    "DescribeLaunchTemplates",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeSubnets",
    "DescribeVolumes",
    "GetEbsDefaultKmsKeyId",
    "GetEbsEncryptionByDefault",
)
# Kinds of resource by call. What they are called is not known before, so
# each stands for any of its kind.
_CHANGES = {
    "CreateSecurityGroup": ("security-group", "vpc"),
    "AuthorizeSecurityGroupEgress": ("security-group",),
    "RevokeSecurityGroupEgress": ("security-group",),
    "CreateLaunchTemplateVersion": ("launch-template",),
    "ModifyLaunchTemplate": ("launch-template",),
    "DeleteLaunchTemplateVersions": ("launch-template",),
    "CreateSnapshot": ("snapshot", "volume"),
    "CreateVolume": ("volume",),
    "CreateTags": ("instance", "snapshot", "volume"),
    "RunInstances": (
        "image",
        "instance",
        "launch-template",
        "network-interface",
        "security-group",
        "subnet",
        "volume",
    ),
    "StartInstances": ("instance",),
    "StopInstances": ("instance",),
    "ModifyInstanceAttribute": ("instance",),
    "AttachVolume": ("instance", "volume"),
    "DetachVolume": ("instance", "volume"),
    "ModifyVolume": ("volume",),
    "RegisterImage": ("image", "snapshot"),
    "DeleteVolume": ("volume",),
    "DeleteSnapshot": ("snapshot",),
    "TerminateInstances": ("instance",),
}
# Images and snapshots belong to no account in an ARN.
_OWNERLESS = ("image", "snapshot")
_PASS_ROLE = "iam:PassRole"
_ROLES = (
    "AWSElasticDisasterRecoveryConversionServerRole",
    "AWSElasticDisasterRecoveryRecoveryInstanceRole",
)


class DeniedLaunches:
    """The launches that fail because their caller may not use EC2."""

    def __init__(self) -> None:
        self._faults: list[drs.FailAt] = []

    def prepare(self, call: AwsCall, caller: Principal) -> None:
        """Let the launches of a StartRecovery fail, if they must."""
        self.settle()
        denial = _first_denial(call, caller)
        if denial is None:
            return
        busy = _busy_servers(call.account, call.region)
        for server_id in operations.source_servers(call):
            # The job that holds it was started by somebody else.
            if server_id not in busy:
                self._fail(call, server_id, _raw_error(caller, denial))

    def settle(self) -> None:
        """Forget the failures of servers that no job holds any more."""
        for fault in list(self._faults):
            busy = _busy_servers(str(fault.account_id), str(fault.region))
            # To look is to let happen what is due, which may settle, too.
            if fault.server_id not in busy and fault in self._faults:
                self._faults.remove(fault)
                drs.withdraw(fault)

    def see(self, event: drs.JobEvent) -> None:
        """Settle when a job has ended."""
        if event.event == "JOB_END":
            self.settle()

    def _fail(self, call: AwsCall, server_id: str, error: str) -> None:
        fault = drs.FailAt(
            server_id,
            "launch",
            error,
            account_id=call.account,
            region=call.region,
        )
        drs.inject(fault)
        self._faults.append(fault)


def requests(call: AwsCall, caller: Principal) -> Iterator[Request]:
    """List what DRS asks IAM for in the name of a StartRecovery's caller."""
    context = {
        **caller.context(call),
        "aws:ResourceAccount": call.account,
        "aws:ViaAWSService": "true",
    }
    for name in _READS:
        yield Request(f"ec2:{name}", "*", context)
    for name, kinds in _CHANGES.items():
        for kind in kinds:
            yield Request(f"ec2:{name}", _any(call, kind), context)
    context["iam:PassedToService"] = "ec2.amazonaws.com"
    for role in _ROLES:
        arn = f"arn:aws:iam::{call.account}:role/service-role/{role}"
        yield Request(_PASS_ROLE, arn, context)


def _any(call: AwsCall, kind: str) -> str:
    if kind in _OWNERLESS:
        return f"arn:aws:ec2:{call.region}::{kind}/*"
    return operations.arn(call, "ec2", f"{kind}/*")


def _first_denial(call: AwsCall, caller: Principal) -> Denial | None:
    for request in requests(call, caller):
        denial = evaluation.denial(caller.statements, request)
        if denial is not None:
            return denial
    return None


def _raw_error(caller: Principal, denial: Denial) -> str:
    action = denial.request.action
    # Passing a role is part of the launch that needs it.
    called = "RunInstances" if action == _PASS_ROLE else action.split(":")[1]
    return (
        "An error occurred (UnauthorizedOperation) when calling the "
        f"{called} operation: {EC2_PREFIX}{sentence(caller, denial)}"
    )


def _busy_servers(account_id: str, region_name: str) -> set[str]:
    return {
        participant.server_id
        for job in drs.region(account_id, region_name).active_jobs()
        for participant in job.participants
    }
