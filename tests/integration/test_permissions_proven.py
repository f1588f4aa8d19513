"""Roles allow all that is asked of them, and nothing that nobody needs."""

from dataclasses import replace

import pytest

from harness.cloud.deployment import Deployment
from harness.cloud.functions import Role
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.permissions import evaluation, usage
from harness.cloud.permissions.evaluation import Request
from harness.cloud.permissions.usage import Permission, RoleUse
from tests.permissions import excuses, recording
from tests.permissions.scenes import SCENES

ROLES = recording.roles()
EXCUSES = excuses.load()
ALLOWED = [
    (role.name, permission)
    for role in ROLES.values()
    for permission in usage.permissions(role.statements)
]
NEEDED = [
    pytest.param(role, permission, id=f"{role}-{number}-{permission.action}")
    for number, (role, permission) in enumerate(ALLOWED)
    if excuses.reason(EXCUSES, role, permission) is None
]


@pytest.fixture(scope="module")
def uses() -> dict[str, RoleUse]:
    """Carry all scenes out, once."""
    return recording.record()


@pytest.mark.parametrize("role", ROLES)
def test_everything_a_function_asks_for_is_allowed_by_its_role(
    uses: dict[str, RoleUse], role: str
) -> None:
    assert uses[role].asked
    assert [str(refusal) for refusal in uses[role].refusals()] == []


@pytest.mark.parametrize("role", ROLES)
def test_everything_a_role_allows_is_asked_for_or_has_a_reason(
    uses: dict[str, RoleUse], role: str
) -> None:
    unexplained = [
        permission
        for permission in uses[role].unused()
        if excuses.reason(EXCUSES, role, permission) is None
    ]

    assert unexplained == []


def test_every_reason_is_for_a_permission_that_is_there_and_unused(
    uses: dict[str, RoleUse],
) -> None:
    idle = [
        excuse
        for excuse in EXCUSES
        if not any(
            excuse.covers(excuse.role, permission)
            for permission in uses[excuse.role].unused()
        )
    ]
    superfluous = [
        (role, permission)
        for role, permission in ALLOWED
        if excuses.reason(EXCUSES, role, permission)
        and permission not in uses[role].unused()
    ]

    assert idle == []
    assert superfluous == []


@pytest.mark.parametrize(("role", "permission"), NEEDED)
def test_function_action_and_resource_are_named_when_a_permission_is_removed(
    uses: dict[str, RoleUse], role: str, permission: Permission
) -> None:
    refusals = uses[role].refusals(missing=permission)

    assert refusals
    for refusal in refusals:
        asked = Request(refusal.action, refusal.resource)
        allowed = {
            "Effect": "Allow",
            "Action": permission.action,
            "Resource": permission.resource,
        }
        assert evaluation.applying([allowed], asked)
        assert str(refusal) == (
            f"{refusal.function} as {role} may not {refusal.action} on "
            f"{refusal.resource}"
        )


def test_each_function_is_named_when_its_role_loses_all(
    uses: dict[str, RoleUse],
) -> None:
    functions = {
        role: {
            refusal.function
            for refusal in RoleUse(role, (), use.asked).refusals()
        }
        for role, use in uses.items()
    }

    prefix = "drs-orchestration-"
    assert functions == {
        "ExecutionHandlerRole": {f"{prefix}execution-handler-dev"},
        "QueryHandlerRole": {f"{prefix}query-handler-dev"},
        "DrOrchestrationStepFunctionRole": {f"{prefix}dr-orch-sf-dev"},
        "OrchestrationStepFunctionsRole": {f"{prefix}orch-sf-dev"},
        "StateMachineRole": {"states"},
        "DRSOrchestrationRole": {
            f"{prefix}{name}-dev"
            for name in ("execution-handler", "query-handler", "orch-sf")
        },
    }


def test_a_call_is_told_when_its_role_does_not_allow_it() -> None:
    with LocalCloud() as cloud:
        SCENES["query here"](cloud)
        before = recording.refused(cloud)
        cloud.deployment = with_no_permissions(cloud.deployment)
        after = recording.refused(cloud)

    assert before == []
    assert after == [
        "drs-orchestration-query-handler-dev may not "
        "drs:DescribeSourceServers on *"
    ]


def with_no_permissions(deployment: Deployment) -> Deployment:
    functions = tuple(
        replace(each, role=Role(each.name)) for each in deployment.functions
    )
    return replace(deployment, functions=functions)
