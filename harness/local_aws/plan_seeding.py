"""Put a plan into a running cloud."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from harness import drs, plans
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.server.seeding import SeedRefusedError
from harness.drill import items, seeding
from harness.drill.orders import Order

# How a plan is called that came over the wire.
_NAME = "plan.yaml"


def seed(cloud: LocalCloud, document: str) -> Mapping[str, Any]:
    """Make everything that an execution of a plan needs to find.

    Nothing is started. The answer holds what it takes to start the state
    machine: its ARN, and the name and input of an execution.

    Raises:
        SeedRefusedError: The plan is wrong, or its servers are there.
    """
    order = Order(_read(document))
    try:
        with cloud.lock:
            seeding.seed(cloud, order)
    except (drs.SourceServerExistsError, ClientError) as error:
        raise SeedRefusedError([f"{error} (reset first?)"]) from error
    return _made(cloud, order)


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


def _made(cloud: LocalCloud, order: Order) -> dict[str, Any]:
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
        "stateMachineArn": cloud.state_machine_arn,
        "executionName": items.execution_id(plan, order.seed),
        "executionInput": items.execution_input(plan, order.seed, True),
    }
