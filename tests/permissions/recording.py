"""What the scenes ask of each role."""

from collections.abc import Iterator, Mapping
from typing import get_args

from harness import drs
from harness.cloud import project
from harness.cloud.calls import AwsCall
from harness.cloud.functions import Role
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.permissions import evaluation, identities, usage
from harness.cloud.permissions.evaluation import Request, Statement
from harness.cloud.permissions.usage import Asked, RoleUse
from tests.permissions.scenes import ELSEWHERE, SCENES, Scene

# Two polls a wave: one finds it under way, one complete.
QUICK = drs.Profile(
    name="two polls", conversion=drs.Span(25, 25), launch=drs.Span(20, 20)
)
# Equal requests are kept once: by role, function and what makes a request.
Notes = dict[tuple[object, ...], tuple[str, Asked]]


def roles() -> dict[str, Role]:
    """Return all roles of the templates by name, with that of an account."""
    deployment = project.deployment("refactored")
    account, name = ELSEWHERE["accountId"], ELSEWHERE["assumeRoleName"]
    policies = project.target_account_policies(str(account)).values()
    statements = tuple(s for policy in policies for s in policy["Statement"])
    declared = [each.role for each in deployment.functions]
    declared += [
        deployment.state_machine_role,
        Role(str(name), statements),
    ]
    return {role.name: role for role in declared if role is not None}


def record() -> dict[str, RoleUse]:
    """Carry all scenes out with each orchestration.

    Returns:
        What each role was asked for, by the role's name.
    """
    notes: Notes = {}
    with LocalCloud(LocalCloudSettings(profile=QUICK)) as cloud:
        for orchestration in get_args(project.Orchestration):
            for scene in SCENES.values():
                cloud.reset(orchestration=orchestration)
                notes |= _notes(cloud, scene)
    return _by_role(notes)


def refused(cloud: LocalCloud) -> list[str]:
    """Tell which recorded calls the roles of the templates do not allow.

    Whatever role a call of another account has, it is taken for the one
    that such accounts deploy.
    """
    calls = [*cloud.calls, *cloud.state_machine_calls]
    return [
        f"{call.function} may not {request.action} on {request.resource}"
        for call in calls
        for request, statements in _judged(cloud, call)
        if evaluation.denial(statements, request)
    ]


def _judged(
    cloud: LocalCloud, call: AwsCall
) -> Iterator[tuple[Request, tuple[Statement, ...]]]:
    caller = identities.caller_of(call, cloud.deployment)
    statements = caller.statements
    if call.session is not None:
        policies = project.target_account_policies(call.account).values()
        statements = tuple(s for p in policies for s in p["Statement"])
    for request in usage.needs(call, caller):
        yield request, statements


def _notes(cloud: LocalCloud, scene: Scene) -> Notes:
    scene(cloud)
    calls = [*cloud.calls, *cloud.state_machine_calls]
    return {
        (role, asked.function, asked.request.action)
        + (asked.request.resource, *_context(asked.request.context)): (
            role,
            asked,
        )
        for call in calls
        for role, asked in _asked(cloud, call)
    }


def _context(context: Mapping[str, str]) -> list[tuple[str, str]]:
    # A session's name tells the time, and no policy asks for it.
    return sorted(
        item for item in context.items() if item[0] != "sts:RoleSessionName"
    )


def _asked(cloud: LocalCloud, call: AwsCall) -> Iterator[tuple[str, Asked]]:
    caller = identities.caller_of(call, cloud.deployment)
    role = caller.role_arn.rpartition("/")[2]
    for request in usage.needs(call, caller):
        yield role, Asked(call.function, request)


def _by_role(notes: Notes) -> dict[str, RoleUse]:
    return {
        name: RoleUse(
            name,
            role.statements,
            tuple(asked for asker, asked in notes.values() if asker == name),
        )
        for name, role in roles().items()
    }
