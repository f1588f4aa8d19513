"""Documents that the service finds in AWS, made from a plan.

Their shapes are those of the data model: DynamoDB items and the input of
the state machine.
"""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from harness.plans.plan import (
    HUB_ACCOUNT_ID,
    Account,
    Plan,
    ProtectionGroup,
    Wave,
)

Document = dict[str, Any]
NetworkIds = Mapping[str, str]


def execution_id(plan: Plan, seed: int) -> str:
    """Make an execution's id: the same plan and seed give the same one."""
    text = f"execution:{plan.plan_id}:{seed}"
    digest = hashlib.sha256(text.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def protection_group(
    group: ProtectionGroup, plan: Plan, network: NetworkIds, now: int
) -> Document:
    """Make the item of a protection group.

    Args:
        network: Ids of subnets and security groups by their names.
        now: Epoch seconds.
    """
    account = plan.recovery_account
    item: Document = {
        "groupId": group.group_id,
        "groupName": group.group_name,
        "description": "",
        "region": group.region,
        "accountId": "" if account.is_hub else account.account_id,
        "assumeRoleName": "" if account.is_hub else account.assume_role_name,
        "owner": "",
        "createdDate": now,
        "lastModifiedDate": now,
        "version": 1,
        "serverSelectionTags": dict(group.tags),
        "sourceServerIds": list(group.server_ids),
    }
    if group.launch_config is not None:
        item["launchConfig"] = _launch(group.launch_config, network)
    if group.overrides:
        item["servers"] = [
            {
                "sourceServerId": override.server_id,
                "useGroupDefaults": override.use_group_defaults,
                "launchTemplate": _launch(override.launch_template, network),
            }
            for override in group.overrides
        ]
    return item


def recovery_plan(plan: Plan, now: int) -> Document:
    """Make the item of the recovery plan."""
    return {
        "planId": plan.plan_id,
        "planName": plan.name,
        "description": plan.description,
        "waves": waves(plan),
        "createdDate": now,
        "lastModifiedDate": now,
        "version": 1,
    }


def waves(plan: Plan) -> list[Document]:
    """Make the waves as the plan and the state machine hold them."""
    return [_wave(number, wave) for number, wave in enumerate(plan.waves)]


def account_context(account: Account) -> Document:
    """Make the account context of an execution (BEHAVIOUR.md 2.1)."""
    return {
        "accountId": account.account_id,
        "assumeRoleName": "" if account.is_hub else account.assume_role_name,
        "externalId": "" if account.is_hub else account.external_id,
        "isCurrentAccount": account.is_hub,
    }


def target_account(account: Account) -> Document:
    """Make the item of an account beside the hub."""
    role = f"role/{account.assume_role_name}"
    return {
        "accountId": account.account_id,
        "accountName": account.account_name,
        "status": "active",
        "isCurrentAccount": account.is_hub,
        "roleArn": f"arn:aws:iam::{account.account_id}:{role}",
        "assumeRoleName": account.assume_role_name,
        "externalId": account.external_id,
        "stagingAccounts": [],
    }


def trust_policy(account: Account) -> Document:
    """Make the trust policy of the role in an account beside the hub."""
    external_id = {"sts:ExternalId": account.external_id}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{HUB_ACCOUNT_ID}:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": external_id},
            }
        ],
    }


def execution(plan: Plan, seed: int, is_drill: bool, now: int) -> Document:
    """Make the item of an execution before its state machine starts."""
    return {
        "executionId": execution_id(plan, seed),
        "planId": plan.plan_id,
        "planName": plan.name,
        "executionType": "DRILL" if is_drill else "RECOVERY",
        "initiatedBy": "drs-orch drill",
        "status": "PENDING",
        "startTime": now,
        "totalWaves": len(plan.waves),
        "accountContext": account_context(plan.recovery_account),
        "waves": [],
    }


def execution_input(plan: Plan, seed: int, is_drill: bool) -> Document:
    """Make the input of the state machine (BEHAVIOUR.md 9)."""
    return {
        "Execution": {"Id": execution_id(plan, seed)},
        "Plan": {
            "planId": plan.plan_id,
            "planName": plan.name,
            "waves": waves(plan),
        },
        "isDrill": is_drill,
        "accountContext": account_context(plan.recovery_account),
    }


def _wave(number: int, wave: Wave) -> Document:
    document: Document = {
        "waveNumber": number,
        "waveName": wave.name,
        "waveDescription": wave.description,
        "protectionGroupId": wave.group_id,
        "pauseBeforeWave": wave.pause_before,
        "dependsOnWaves": [number - 1] if number else [],
    }
    if wave.server_ids is not None:
        document["serverIds"] = list(wave.server_ids)
    return document


def _launch(config: Mapping[str, Any], network: NetworkIds) -> Document:
    document = dict(config)
    if "subnetId" in document:
        name = document["subnetId"]
        document["subnetId"] = network.get(name, name)
    if "securityGroupIds" in document:
        names = document["securityGroupIds"]
        document["securityGroupIds"] = [network.get(n, n) for n in names]
    return document
