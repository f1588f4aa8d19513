"""Put a plan into a running cloud."""

import itertools
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from harness import drs, plans
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.server.seeding import SeedRefusedError, SeedWish
from harness.cloud.tables import Tables
from harness.drill import items, seeding
from harness.drill.orders import Order
from harness.local_aws import stack_outputs

# How a plan is called that came over the wire.
_NAME = "plan.yaml"


def seed(
    cloud: LocalCloud, document: str, wish: SeedWish = SeedWish()
) -> Mapping[str, Any]:
    """Make everything that an execution of a plan needs to find.

    Nothing is started. The answer holds what it takes to start the state
    machine: its ARN, and the name and input of an execution.

    Raises:
        SeedRefusedError: The plan is wrong, its servers are there, or there
            is no such stack.
    """
    order = Order(_read(document))
    try:
        with cloud.lock:
            place = stack_outputs.place(cloud, wish.stack)
            if wish.again:
                order = _next(order, place.tables)
                seeding.seed_execution(cloud, order, place)
            else:
                seeding.seed(cloud, order, place)
    except (drs.SourceServerExistsError, ClientError) as error:
        hint = "reset first, or seed --again?"
        raise SeedRefusedError([f"{error} ({hint})"]) from error
    return _made(order, place.state_machine_arn)


def _next(order: Order, tables: Tables) -> Order:
    """Choose the first seed whose execution was not prepared yet."""
    for number in itertools.count():
        execution_id = items.execution_id(order.plan, number)
        key = tables.history_key(execution_id, order.plan.plan_id)
        if tables.get("ExecutionHistoryTable", key) is None:
            return replace(order, seed=number)
    raise AssertionError("numbers do not end")


def _read(document: str) -> plans.Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _NAME
        path.write_text(document, encoding="utf-8")
        try:
            return plans.load(path)
        except plans.PlanFileError as error:
            problems = [
                f"line {each.line}: {each.message}" for each in error.problems
            ]
            raise SeedRefusedError(problems) from error


def _made(order: Order, state_machine_arn: str) -> dict[str, Any]:
    plan = order.plan
    return {
        "planId": plan.plan_id,
        "planName": plan.name,
        "sourceServers": [
            {
                "sourceServerId": server.server_id,
                "hostname": server.hostname,
                "accountId": server.account_id,
                "region": server.region,
            }
            for server in plan.servers
        ],
        "stateMachineArn": state_machine_arn,
        "executionName": items.execution_id(plan, order.seed),
        "executionInput": items.execution_input(plan, order.seed, True),
    }
