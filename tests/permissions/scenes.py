"""Recoveries which together make every AWS call that there is.

Each takes a cloud as new, and leaves what was asked in its recordings.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness import plans
from harness.cloud.calls import AwsCall, Fault, NoAnswer, ServiceError
from harness.cloud.executions import PAUSED
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import Operator
from harness.drill import items, seeding
from harness.drill.orders import Order
from tests.recoveries import CROSS_ACCOUNT, REGION, Recovery, Wave

EXAMPLES = Path(__file__).parents[2] / "examples"
LAUNCH_CONFIG = {
    "instanceType": "m5.large",
    "targetInstanceTypeRightSizingMethod": "NONE",
    "copyPrivateIp": True,
}
WAVES = (Wave(2, launch_config=LAUNCH_CONFIG), Wave(pause=True))
# The account of the example, so that there is one role elsewhere.
ELSEWHERE = {**CROSS_ACCOUNT, "accountId": "222222222222"}
ACCOUNTS: tuple[Mapping[str, Any], ...] = ({}, ELSEWHERE)

Scene = Callable[[LocalCloud], None]


def drill(example: Path) -> Scene:
    """Recover a plan file, and approve all that waits."""

    def scene(cloud: LocalCloud) -> None:
        order = Order(plans.load(example))
        seeding.seed(cloud, order)
        key = items.execution_id(order.plan, 0), order.plan.plan_id
        document = items.execution_input(order.plan, 0, True)
        arn = cloud.start_execution(key[0], document)
        while cloud.wait(arn) == PAUSED:
            cloud.operator(*key).resume()

    return scene


def whole(account: Mapping[str, Any]) -> Scene:
    """Recover waves with launch settings and a pause, each step twice."""

    def scene(cloud: LocalCloud) -> None:
        recovery = Recovery(cloud, WAVES, account)
        cloud.on_invocation(Repeater(cloud).repeat)
        assert recovery.run_approved() == "SUCCEEDED"

    return scene


def lost_answer(account: Mapping[str, Any]) -> Scene:
    """Look for the job of a start whose answer never came."""

    def scene(cloud: LocalCloud) -> None:
        cloud.on_call(before=lose_answer)
        assert Recovery(cloud, (Wave(),), account).run() == "SUCCEEDED"

    return scene


def wish(write: Callable[[Operator], bool]) -> Scene:
    """Have a person write a wish while the first wave runs."""

    def scene(cloud: LocalCloud) -> None:
        recovery = Recovery(cloud, (Wave(), Wave()))
        wishes: list[bool] = []

        def after_step(invocation: Invocation) -> None:
            if invocation.caller is None and not wishes:
                wishes.append(write(recovery.operator))

        cloud.on_invocation(after_step)
        recovery.run_approved()
        assert wishes == [True]

    return scene


def cancelled_pause(cloud: LocalCloud) -> None:
    """Cancel at a pause: the state machine records it by itself."""
    recovery = Recovery(cloud, WAVES)
    assert recovery.run() == PAUSED
    recovery.operator.cancel_at_gate()
    recovery.wait()


def unrecorded_failure(cloud: LocalCloud) -> None:
    """Have the state machine record an end that no function could."""
    cloud.on_call(before=refuse_history)
    assert Recovery(cloud, (Wave(group=False),)).run() == "FAILED"


def query(account: Mapping[str, Any]) -> Scene:
    """Ask for servers by their tags, as other services do."""

    def scene(cloud: LocalCloud) -> None:
        recovery = Recovery(cloud, (Wave(),), account).prepare()
        [function] = [
            each.name
            for each in cloud.deployment.functions
            if each.folder == "query-handler"
        ]
        request = {
            "action": "query_servers_by_tags",
            "region": REGION,
            "tags": {"Tier": "tier-0"},
            "account_context": dict(account) or None,
        }
        answer = cloud.invoke(function, request).json()
        assert answer["server_ids"] == [recovery.server_id(0)]

    return scene


class Repeater:
    """Sends each event of the state machine a second time."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        self._repeating = False

    def repeat(self, invocation: Invocation) -> None:
        """Invoke again what the state machine invoked."""
        if invocation.caller is not None or self._repeating:
            return
        self._repeating = True
        event = json.loads(invocation.request)
        self._cloud.invoke(invocation.function, event)
        self._repeating = False


def lose_answer(call: AwsCall) -> Fault | None:
    """Start a recovery, and let the answer get lost."""
    is_start = call.operation == "StartRecovery"
    return NoAnswer(after_effect=True) if is_start else None


def refuse_history(call: AwsCall) -> Fault | None:
    """Refuse the writes of functions, not those of the state machine."""
    if call.operation != "UpdateItem" or call.function == "states":
        return None
    return ServiceError("ProvisionedThroughputExceededException")


SCENES: dict[str, Scene] = {
    **{f"drill {p.name}": drill(p) for p in sorted(EXAMPLES.glob("*.yaml"))},
    **{
        f"{scene.__name__} {'elsewhere' if account else 'here'}": scene(
            account
        )
        for scene in (whole, lost_answer, query)
        for account in ACCOUNTS
    },
    "wish to cancel": wish(Operator.request_cancel),
    "wish to pause": wish(Operator.request_pause),
    "cancelled pause": cancelled_pause,
    "unrecorded failure": unrecorded_failure,
}
