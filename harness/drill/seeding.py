"""Put a plan into a local cloud that holds nothing but the deployment."""

import json
from dataclasses import dataclass

from harness import drs
from harness.cloud import account_clients, project
from harness.cloud.executions import execution_arn
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.tables import Tables
from harness.drill import items, network
from harness.drill.orders import Order
from harness.drill.throttling import throttling
from harness.plans.plan import Account, SourceServer


@dataclass(frozen=True)
class Place:
    """Tables and state machine of one deployment."""

    tables: Tables
    state_machine_arn: str


def own_place(cloud: LocalCloud) -> Place:
    """Give what the cloud itself has deployed."""
    return Place(cloud.tables, cloud.state_machine_arn)


def seed(cloud: LocalCloud, order: Order, place: Place | None = None) -> None:
    """Make everything that an execution of the plan needs to find.

    Args:
        cloud: A cloud just entered; its time is the moment of the seeding.
        place: Instead of the cloud's own deployment.
    """
    plan, now = order.plan, int(cloud.clock.now().timestamp())
    if plan.drs_options is not None:
        drs.choose(plan.drs_options)
    place = place or own_place(cloud)
    tables = place.tables
    ids = network.create(plan.network)
    for server in plan.servers:
        _add_server(server)
    for group in plan.groups:
        item = items.protection_group(group, plan, ids, now)
        tables.put("ProtectionGroupsTable", item)
    tables.put("RecoveryPlansTable", items.recovery_plan(plan, now))
    for account in plan.accounts:
        item = items.target_account(account)
        tables.put("TargetAccountsTable", item)
        if not account.is_hub:
            _create_role(account)
            if cloud.enforces_iam:
                _allow_recovery(account)
    seed_execution(cloud, order, place)
    cloud.on_call(before=throttling(plan))


def seed_execution(cloud: LocalCloud, order: Order, place: Place) -> None:
    """Make the record that an execution needs to find, and nothing else."""
    now = int(cloud.clock.now().timestamp())
    item = items.execution(order.plan, order.seed, order.is_drill, now)
    arn = execution_arn(place.state_machine_arn, item["executionId"])
    item["stateMachineArn"] = arn
    place.tables.put("ExecutionHistoryTable", item)


def _create_role(account: Account) -> None:
    """Make the role that lets the hub in, if it knows the external id."""
    account_clients.iam(account.account_id).create_role(
        RoleName=account.assume_role_name,
        AssumeRolePolicyDocument=json.dumps(items.trust_policy(account)),
    )


def _allow_recovery(account: Account) -> None:
    """Let the role do what the hub's functions may do in the hub."""
    policies = project.target_account_policies(account.account_id)
    for name, document in policies.items():
        account_clients.iam(account.account_id).put_role_policy(
            RoleName=account.assume_role_name,
            PolicyName=name,
            PolicyDocument=json.dumps(document),
        )


def _add_server(server: SourceServer) -> None:
    failure = server.failure
    drs.region(server.account_id, server.region).add_source_server(
        drs.SourceServerSeed(
            hostname=server.hostname,
            server_id=server.server_id,
            tags=server.tags,
            instance_type=server.instance_type,
            private_ip=server.private_ip,
            fail_at=failure.phase if failure else None,
            fail_message=failure.message if failure else None,
        )
    )
