"""Recoveries with the permissions of the templates, and without one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness import drs
from harness.cli import app
from harness.cloud import account_clients, project
from harness.cloud.deployment import Deployment
from harness.cloud.functions import Role
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from tests.integration.conftest import ORCHESTRATIONS
from tests.recoveries import (
    CROSS_ACCOUNT,
    HUB,
    REGION,
    SHORT,
    TARGET,
    Recovery,
    Wave,
)
from tests.state_machine.second_opinion import SecondOpinion

EXAMPLES = Path(__file__).parents[2] / "examples"
QUICK = ("--profile", "instant")
# Who starts waves: folder, role and function.
STARTERS = {
    "reference": (
        "orchestration-stepfunctions",
        "OrchestrationStepFunctionsRole",
        "drs-orchestration-orch-sf-dev",
    ),
    "refactored": (
        "execution-handler",
        "ExecutionHandlerRole",
        "drs-orchestration-execution-handler-dev",
    ),
}
SERVER = f"arn:aws:drs:{REGION}:{HUB}:source-server/s-{0:017d}"
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
    "Action": "sts:AssumeRole",
}


@pytest.fixture(scope="module")
def one_cloud() -> Iterator[LocalCloud]:
    """Enter a cloud that enforces IAM, for all tests of this module."""
    settings = LocalCloudSettings(profile=SHORT, enforces_iam=True)
    with LocalCloud(settings) as cloud:
        yield cloud


@pytest.fixture(params=ORCHESTRATIONS)
def orchestration(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cloud(
    one_cloud: LocalCloud, second_opinion: SecondOpinion, orchestration: Any
) -> Iterator[LocalCloud]:
    """Give a cloud as new, with each of the orchestrations."""
    one_cloud.reset(orchestration=orchestration)
    yield one_cloud
    second_opinion.check(one_cloud)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def without(
    statements: tuple[Mapping[str, Any], ...], action: str
) -> tuple[Mapping[str, Any], ...]:
    assert any(action in as_list(each["Action"]) for each in statements)
    return tuple(
        {
            **statement,
            "Action": [
                each for each in as_list(statement["Action"]) if each != action
            ],
        }
        for statement in statements
    )


def weakened(role: Role | None, action: str) -> Role:
    assert role is not None
    return replace(role, statements=without(role.statements, action))


def with_weak_function(
    deployment: Deployment, folder: str, action: str
) -> Deployment:
    functions = tuple(
        (
            replace(each, role=weakened(each.role, action))
            if each.folder == folder
            else each
        )
        for each in deployment.functions
    )
    return replace(deployment, functions=functions)


def create_target_role(*missing: str, managed: bool = False) -> None:
    """Make the role in the target account, with all policies but some."""
    iam = account_clients.iam(TARGET)
    name = CROSS_ACCOUNT["assumeRoleName"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    iam.create_role(RoleName=str(name), AssumeRolePolicyDocument=document)
    for policy, whole in project.target_account_policies(TARGET).items():
        statements = tuple(whole["Statement"])
        for action in missing:
            if any(action in as_list(s["Action"]) for s in statements):
                statements = without(statements, action)
        text = json.dumps({**whole, "Statement": statements})
        if managed:
            made = iam.create_policy(PolicyName=policy, PolicyDocument=text)
            arn = made["Policy"]["Arn"]
            iam.attach_role_policy(RoleName=str(name), PolicyArn=arn)
        else:
            iam.put_role_policy(
                RoleName=str(name), PolicyName=policy, PolicyDocument=text
            )


@pytest.mark.parametrize("plan", ["three-tier.yaml", "cross-account.yaml"])
def test_the_roles_of_the_templates_suffice_when_a_plan_is_recovered(
    plan: str,
) -> None:
    options = ["--enforce-iam", "--orchestration=both", "--json", *QUICK]

    result = CliRunner().invoke(app, ["drill", str(EXAMPLES / plan), *options])

    drill = json.loads(result.stdout)
    assert (drill["outcome"], result.exit_code) == ("completed", 0)
    assert drill["comparison"]["differences"] == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("drs:DescribeSourceServers", "*"),
        ("drs:StartRecovery", SERVER),
        ("drs:CreateRecoveryInstanceForDrs", SERVER),
        ("drs:TagResource", SERVER),
    ],
)
def test_a_wave_fails_and_says_why_when_a_permission_is_missing(
    cloud: LocalCloud, orchestration: str, action: str, resource: str
) -> None:
    folder, role, function = STARTERS[orchestration]
    cloud.deployment = with_weak_function(cloud.deployment, folder, action)
    recovery = Recovery(cloud, (Wave(),))

    status = recovery.run()

    assert status == "FAILED"
    assert recovery.history()["errorMessage"].endswith(
        f"User: arn:aws:sts::{HUB}:assumed-role/{role}/{function} is not "
        f"authorized to perform: {action} on resource: {resource} because "
        f"no identity-based policy allows the {action} action"
    )
    assert recovery.jobs() == []


def test_launch_settings_stay_as_they_are_when_they_may_not_be_changed(
    cloud: LocalCloud, orchestration: str
) -> None:
    folder, _, _ = STARTERS[orchestration]
    action = "drs:UpdateLaunchConfiguration"
    cloud.deployment = with_weak_function(cloud.deployment, folder, action)
    wave = Wave(launch_config={"copyPrivateIp": True})
    recovery = Recovery(cloud, (wave,))

    status = recovery.run()

    server = drs.region(HUB, REGION).source_servers[recovery.server_id(0)]
    [denied] = [call for call in cloud.calls if call.error]
    assert status == "SUCCEEDED"
    assert denied.operation == "UpdateLaunchConfiguration"
    assert denied.error == "AccessDeniedException"
    assert server.launch_configuration.copy_private_ip is False


@pytest.mark.parametrize(
    ("action", "called", "resource"),
    [
        ("ec2:DeleteVolume", "DeleteVolume", f"ec2:{REGION}:{HUB}:volume/*"),
        (
            "iam:PassRole",
            "RunInstances",
            f"iam::{HUB}:role/service-role/"
            "AWSElasticDisasterRecoveryConversionServerRole",
        ),
    ],
)
def test_a_launch_fails_in_its_job_when_the_caller_may_not_use_ec2(
    cloud: LocalCloud,
    orchestration: str,
    called: str,
    action: str,
    resource: str,
) -> None:
    folder, _, _ = STARTERS[orchestration]
    cloud.deployment = with_weak_function(cloud.deployment, folder, action)
    recovery = Recovery(cloud, (Wave(servers=2),))

    status = recovery.run()
    recovery.operator.pass_time(120)

    [job] = drs.region(HUB, REGION).jobs.values()
    errors = [
        item.data["rawError"]
        for item in job.log
        if item.event == "LAUNCH_FAILED"
    ]
    assert (status, job.status) == ("FAILED", "COMPLETED")
    assert len(errors) == 2
    assert f"(UnauthorizedOperation) when calling the {called}" in errors[0]
    assert f"perform: {action} on resource: arn:aws:{resource}" in errors[0]
    assert list(drs.faults) == []


@pytest.mark.parametrize("managed", [True, False])
def test_the_policies_of_the_assumed_role_count_when_a_wave_is_elsewhere(
    cloud: LocalCloud, managed: bool
) -> None:
    create_target_role("drs:DescribeSourceServers", managed=managed)
    recovery = Recovery(cloud, (Wave(),), CROSS_ACCOUNT)

    status = recovery.run()

    assert status == "FAILED"
    message = recovery.history()["errorMessage"]
    role = f"arn:aws:sts::{TARGET}:assumed-role/DRSOrchestrationRole/"
    assert f"User: {role}drs-orchestration-" in message
    assert "perform: drs:DescribeSourceServers on resource: *" in message


def test_a_wave_elsewhere_completes_when_its_role_has_the_policies(
    cloud: LocalCloud,
) -> None:
    create_target_role(managed=True)
    recovery = Recovery(cloud, (Wave(),), CROSS_ACCOUNT)

    status = recovery.run()

    assert status == "SUCCEEDED"
    assert len(recovery.jobs()) == 1


def test_the_execution_ends_as_failed_when_its_machine_may_not_call(
    cloud: LocalCloud,
) -> None:
    role = weakened(
        cloud.deployment.state_machine_role, "lambda:InvokeFunction"
    )
    cloud.deployment = replace(cloud.deployment, state_machine_role=role)
    recovery = Recovery(cloud, (Wave(),))

    status = recovery.run()

    assert status == "FAILED"
    assert cloud.invocations == []
    assert (
        "assumed-role/StateMachineRole/states is not authorized to perform: "
        f"lambda:InvokeFunction on resource: arn:aws:lambda:{REGION}:{HUB}:"
        "function:drs-orchestration-"
    ) in recovery.history()["errorMessage"]
