"""Whatever the state machine and the Lambdas send has no key too many.

Readers take keys that they do not know; writers send none. The closed form
of a schema says so, and every message of whole executions must fit it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from harness import plans
from harness.cloud.executions import PAUSED
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.contracts import load, writers
from harness.contracts.engines import Finding, fast_findings
from harness.contracts.parties import ANYONE, PARTIES, STATE_MACHINE
from harness.drill import items, seeding
from harness.drill.orders import Order
from tests.recoveries import CROSS_ACCOUNT, REGION, Recovery, Wave

ROOT = Path(__file__).parents[2]
CONTRACTS = load(ROOT / "contracts")
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
WRITERS = {
    name: jsonschema_rs.Draft202012Validator(writers.closed(CONTRACTS, name))
    for name in CONTRACTS.schemas
}
QUERY = {
    "action": "query_servers_by_tags",
    "region": REGION,
    "tags": {"tier": "tier-0"},
    "account_context": {},
}


@dataclass(frozen=True)
class Crossing:
    """One invocation of a Lambda, as what crossed its boundary.

    Attributes:
        server: Folder of the Lambda that was asked.
        caller: Folder of the Lambda that asked, else the state machine.
        action: Folder of the contract, without the version.
        request: Name of its schema and what was sent.
        answer: Name of its schema and what was answered.
    """

    server: str
    caller: str
    action: str
    request: tuple[str, Any]
    answer: tuple[str, Any]

    def findings(self) -> set[Finding]:
        """Give what the writers must not send and sent."""
        both = (self.request, self.answer)
        return {
            finding
            for name, document in both
            for finding in fast_findings(WRITERS[name], document)
        }


def crossings(cloud: LocalCloud) -> list[Crossing]:
    """List what crossed the boundaries of Lambdas in a cloud."""
    folders = {each.name: each.folder for each in cloud.deployment.functions}
    return [crossing(each, folders) for each in cloud.invocations]


def crossing(each: Invocation, folders: Mapping[str, str]) -> Crossing:
    """Name the contract of an invocation by the action that it asked for."""
    request = json.loads(each.request)
    server = folders[each.function]
    room = "" if server.endswith("-handler") else "orchestration/"
    action = f"{room}{request['action']}"
    name = f"v{request.get('contract_version', '1')}/{action}"
    answer = "v1/common/error" if each.function_error else f"{name}/response"
    return Crossing(
        server,
        folders.get(each.caller or "", STATE_MACHINE),
        action,
        (f"{name}/request", request),
        (answer, each.json()),
    )


def follow(cloud: LocalCloud, plan_file: Path) -> None:
    """Carry an example plan out; every pause is approved."""
    plan = plans.load(plan_file)
    order = Order(plan)
    seeding.seed(cloud, order)
    id_ = items.execution_id(plan, order.seed)
    document = items.execution_input(plan, order.seed, order.is_drill)
    arn = cloud.start_execution(id_, document)
    while cloud.wait(arn) == PAUSED:
        cloud.operator(id_, plan.plan_id).resume()


def wish(recovery: Recovery, ask: Callable[[], bool]) -> None:
    """Let a person ask for something after the first step."""
    steps: list[Invocation] = []

    def after_step(invocation: Invocation) -> None:
        if invocation.caller is None:
            steps.append(invocation)
            if len(steps) == 1:
                ask()

    recovery.cloud.on_invocation(after_step)


def paused(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(2), Wave()))
    wish(recovery, recovery.operator.request_pause)
    recovery.run_approved()


def cancelled(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(), Wave(0), Wave()))
    wish(recovery, recovery.operator.request_cancel)
    recovery.run()


def cancelled_at_gate(cloud: LocalCloud) -> None:
    recovery = Recovery(cloud, (Wave(0), Wave(pause=True)), CROSS_ACCOUNT)
    recovery.run()
    recovery.operator.cancel_at_gate()
    recovery.wait()


def failed_to_start(cloud: LocalCloud) -> None:
    Recovery(cloud, (Wave(group=False),)).run()


def without_waves(cloud: LocalCloud) -> None:
    Recovery(cloud, ()).run()


def timed_out(cloud: LocalCloud) -> None:
    """Poll a started wave whose time is over."""
    recovery = Recovery(cloud, (Wave(), Wave())).prepare()
    seen: list[Invocation] = []
    history: list[dict[str, Any]] = []
    cloud.on_invocation(seen.append)
    cloud.on_invocation(lambda _: history.append(recovery.history()))
    recovery.start().wait()
    begun = next(each for each in seen if each.caller is None)
    cloud.put_execution(history[seen.index(begun)])
    state = begun.json() | {"current_wave_max_wait_time": 30}
    event = {"action": "update_wave_status", "application": state}
    answer = cloud.invoke(begun.function, event).json()
    assert answer["status"] == "timeout"


def queried(cloud: LocalCloud) -> None:
    Recovery(cloud, (Wave(2),)).prepare()
    name = function_name(cloud, "query-handler")
    for version in ({}, {"contract_version": "1"}, {"contract_version": "2"}):
        answer = cloud.invoke(name, QUERY | version).json()
        assert len(answer["server_ids"]) == 2


def refused(cloud: LocalCloud) -> None:
    name = function_name(cloud, "query-handler")
    assert cloud.invoke(name, QUERY | {"tags": ["a"]}).function_error


def function_name(cloud: LocalCloud, folder: str) -> str:
    """Give the physical name of a Lambda."""
    functions = cloud.deployment.functions
    return next(each.name for each in functions if each.folder == folder)


STORIES = (
    paused,
    cancelled,
    cancelled_at_gate,
    failed_to_start,
    without_waves,
    timed_out,
    queried,
)


@pytest.mark.parametrize("plan_file", EXAMPLES, ids=lambda path: path.stem)
def test_every_message_fits_its_closed_writer_when_an_example_is_recovered(
    cloud: LocalCloud, plan_file: Path
) -> None:
    follow(cloud, plan_file)

    assert_closed(cloud)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_message_fits_its_closed_writer_when_an_execution_ends_early(
    cloud: LocalCloud, story: Callable[[LocalCloud], None]
) -> None:
    story(cloud)

    assert_closed(cloud)


def test_error_fits_its_closed_writer_when_a_request_is_refused(
    cloud: LocalCloud,
) -> None:
    refused(cloud)
    (seen,) = crossings(cloud)

    found = fast_findings(WRITERS[seen.answer[0]], seen.answer[1])

    assert seen.answer[0] == "v1/common/error"
    assert found == set()


def assert_closed(cloud: LocalCloud) -> None:
    """Require that all messages fit, and pass between the known parties."""
    seen = crossings(cloud)

    misfits = {each.action: each.findings() for each in seen}

    assert seen
    assert {k: found for k, found in misfits.items() if found} == {}
    assert list(strangers(seen)) == []


def strangers(seen: list[Crossing]) -> Iterator[Crossing]:
    """Give what passed between others than the documentation says."""
    for each in seen:
        parties = PARTIES[each.action]
        is_called = each.caller in parties.callers
        # Whoever invokes by hand is seen as the state machine is.
        by_hand = each.action == QUERY["action"]
        if each.server not in parties.servers or not (is_called or by_hand):
            yield each


def test_every_documented_caller_calls(cloud: LocalCloud) -> None:
    Recovery(cloud, (Wave(), Wave(), Wave(pause=True))).run_approved()

    seen = {(each.caller, each.action) for each in crossings(cloud)}

    is_refactored = any(caller != STATE_MACHINE for caller, _ in seen)
    documented = {
        (caller, action)
        for action, parties in PARTIES.items()
        for caller in parties.callers
        if caller == STATE_MACHINE or is_refactored
    }
    assert documented - seen == {(ANYONE, QUERY["action"])} & documented


@pytest.mark.parametrize("direction", ["request", "answer"])
def test_message_is_found_when_a_key_is_added_to_it(
    cloud: LocalCloud, direction: str
) -> None:
    Recovery(cloud, (Wave(),)).run()

    for each in crossings(cloud):
        name, document = getattr(each, direction)
        found = fast_findings(WRITERS[name], document | {"added_later": 1})
        assert found == {("", "additionalProperties")}, name


def test_unknown_keys_pass_through_and_are_the_only_misfits(
    cloud: LocalCloud,
) -> None:
    """Lambdas pass on what they do not know: another's keys, not theirs."""
    recovery = Recovery(cloud, (Wave(),)).prepare()
    document = recovery.document()
    document["Plan"]["waves"][0]["added_later"] = {"kept": True}

    arn = cloud.start_execution(document["Execution"]["Id"], document)
    cloud.wait(arn)

    seen = crossings(cloud)
    states = [each.answer[1] for each in seen]
    rules = {rule for each in seen for _, rule in each.findings()}
    places = {place for each in seen for place, _ in each.findings()}
    assert {s["waves"][0]["added_later"]["kept"] for s in states} == {True}
    assert rules == {"additionalProperties"}
    assert all(place.endswith("waves/0") for place in places)
