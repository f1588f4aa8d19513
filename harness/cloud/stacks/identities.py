"""Roles and managed policies, as their properties say."""

import json
from typing import Any

from harness.cloud.stacks.places import Place, Properties


def role(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Attach managed policies; change what an update changes."""
    iam = place.client("iam")
    _attach(iam, physical_id, before, now)
    if not before:
        return
    iam.update_assume_role_policy(
        RoleName=physical_id,
        PolicyDocument=json.dumps(now["AssumeRolePolicyDocument"]),
    )
    iam.update_role(
        RoleName=physical_id, Description=now.get("Description", "")
    )
    _write_inline(iam, physical_id, before, now)


def managed_policy(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Let another version of the policy count."""
    if not before:
        return
    iam = place.client("iam")
    made = iam.create_policy_version(
        PolicyArn=physical_id,
        PolicyDocument=json.dumps(now["PolicyDocument"]),
        SetAsDefault=True,
    )["PolicyVersion"]["VersionId"]
    # A policy can have five versions: as CloudFormation, keep one.
    for each in iam.list_policy_versions(PolicyArn=physical_id)["Versions"]:
        if each["VersionId"] != made:
            iam.delete_policy_version(
                PolicyArn=physical_id, VersionId=each["VersionId"]
            )


def release_role(place: Place, physical_id: str, now: Properties) -> None:
    """Detach managed policies, for a role that has some cannot go."""
    _attach(place.client("iam"), physical_id, now, {})


def delete_policy(place: Place, physical_id: str, now: Properties) -> None:
    """Delete a policy, which moto's stacks leave behind."""
    place.client("iam").delete_policy(PolicyArn=physical_id)


def _attach(
    iam: Any, role_name: str, before: Properties, now: Properties
) -> None:
    old = set(before.get("ManagedPolicyArns", []))
    new = set(now.get("ManagedPolicyArns", []))
    for arn in sorted(new - old):
        iam.attach_role_policy(RoleName=role_name, PolicyArn=arn)
    for arn in sorted(old - new):
        iam.detach_role_policy(RoleName=role_name, PolicyArn=arn)


def _write_inline(
    iam: Any, role_name: str, before: Properties, now: Properties
) -> None:
    kept = {each["PolicyName"] for each in now.get("Policies", [])}
    for each in now.get("Policies", []):
        iam.put_role_policy(
            RoleName=role_name,
            PolicyName=each["PolicyName"],
            PolicyDocument=json.dumps(each["PolicyDocument"]),
        )
    for each in before.get("Policies", []):
        if each["PolicyName"] not in kept:
            iam.delete_role_policy(
                RoleName=role_name, PolicyName=each["PolicyName"]
            )
