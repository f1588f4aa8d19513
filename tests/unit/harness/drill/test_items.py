"""Items and input have the shapes of the data model."""

from pathlib import Path

import pytest

from harness import contracts, plans
from harness.drill import items
from harness.plans.plan import Plan

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples"
CONTRACTS = ROOT / "contracts"


def example(name: str) -> Plan:
    return plans.load(EXAMPLES / f"{name}.yaml")


def test_names_become_ids_when_a_launch_configuration_names_the_network() -> (
    None
):
    plan = example("three-tier")
    network = {"data": "subnet-1", "database-access": "sg-1"}

    item = items.protection_group(plan.groups[0], plan, network, 1)

    assert item["launchConfig"]["subnetId"] == "subnet-1"
    assert item["launchConfig"]["securityGroupIds"] == ["sg-1"]
    [override] = item["servers"]
    assert override == {
        "sourceServerId": plan.servers[0].server_id,
        "useGroupDefaults": True,
        "launchTemplate": {
            "instanceType": "r6i.xlarge",
            "staticPrivateIp": "10.20.1.11",
        },
    }


def test_an_id_stays_as_it_is_when_no_name_stands_for_it() -> None:
    plan = example("three-tier")

    item = items.protection_group(plan.groups[1], plan, {}, 1)

    assert item["launchConfig"]["subnetId"] == "application"


def test_account_and_role_are_left_empty_when_the_plan_recovers_in_the_hub() -> (  # noqa: E501
    None
):
    hub, other = example("three-tier"), example("cross-account")

    group = items.protection_group(hub.groups[0], hub, {}, 1)
    elsewhere = items.protection_group(other.groups[0], other, {}, 1)

    assert (group["accountId"], group["assumeRoleName"]) == ("", "")
    assert elsewhere["accountId"] == "222222222222"
    assert items.account_context(hub.recovery_account)["isCurrentAccount"]
    assert items.account_context(other.recovery_account) == {
        "accountId": "222222222222",
        "assumeRoleName": "DRSOrchestrationRole",
        "externalId": "drs-orchestration-cross-account",
        "isCurrentAccount": False,
    }


@pytest.mark.parametrize(
    "name", [path.stem for path in sorted(EXAMPLES.glob("*.yaml"))]
)
def test_the_input_keeps_the_contract_of_begin_when_made_from_an_example(
    name: str,
) -> None:
    document = items.execution_input(example(name), 0, True)

    event = {
        "action": "begin",
        "execution": document["Execution"]["Id"],
        "plan": document["Plan"],
        "isDrill": document["isDrill"],
        "accountContext": document["accountContext"],
    }
    contract = contracts.load(CONTRACTS).fast_validator(
        "v1/orchestration/begin/request"
    )
    assert list(contract.iter_errors(event)) == []


def test_executions_have_ids_of_their_own_when_seeds_differ() -> None:
    plan = example("three-tier")

    ids = {items.execution_id(plan, seed) for seed in (0, 0, 1)}

    assert len(ids) == 2
