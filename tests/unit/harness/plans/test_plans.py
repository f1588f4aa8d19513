"""What a plan file means: names become ids, gaps get their defaults."""

from pathlib import Path

import pytest

from harness import plans
from harness.plans.plan import Account, Failure, Plan, Throttle

EXAMPLES = Path(__file__).parents[4] / "examples"

FULL = """\
planName: Payroll
recoveryAccountId: workload
approvalMinutes: 5
accounts:
  - {accountId: "222222222222", accountName: workload, region: eu-west-1}
sourceServers:
  - {hostname: db-01, sourceServerId: s-aaaaaaaaaaaaaaaaa}
  - {hostname: db-02, failAt: snapshot, failMessage: no space}
  - {hostname: hub-01, accountId: hub, tags: &tags {Tier: web}}
protectionGroups:
  - groupName: databases
    sourceServerIds: [DB-01, db-02]
    servers:
      - sourceServerId: s-aaaaaaaaaaaaaaaaa
        launchTemplate: {instanceType: m6i.large}
  - groupName: web
    region: us-east-1
    serverSelectionTags: *tags
waves:
  - {waveName: One, protectionGroupId: databases, serverIds: [db-02]}
  - {waveName: Two, protectionGroupId: web, pauseBeforeWave: true}
faults:
  - {throttle: DescribeJobs, times: 3}
  - {server: db-01, failAt: launch}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    path = tmp_path / "plan.yaml"
    path.write_text(FULL, encoding="utf-8")
    return plans.load(path)


def test_servers_stand_where_the_plan_recovers_when_they_do_not_say(
    plan: Plan,
) -> None:
    places = [(server.account_id, server.region) for server in plan.servers]

    assert places == [
        ("222222222222", "eu-west-1"),
        ("222222222222", "eu-west-1"),
        ("123456789012", "us-east-1"),
    ]


def test_references_become_ids_when_they_are_names_of_any_case(
    plan: Plan,
) -> None:
    first, second = plan.groups

    assert first.server_ids[0] == "s-aaaaaaaaaaaaaaaaa"
    assert first.overrides[0].server_id == "s-aaaaaaaaaaaaaaaaa"
    assert plan.waves[0].server_ids == (plan.servers[1].server_id,)
    assert plan.waves[1].group_id == second.group_id


def test_role_and_external_id_are_those_of_the_house_when_absent(
    plan: Plan,
) -> None:
    assert plan.recovery_account == Account(
        account_id="222222222222",
        account_name="workload",
        region="eu-west-1",
        assume_role_name="DRSOrchestrationRole",
        external_id="drs-orchestration-cross-account",
    )


def test_faults_reach_servers_and_operations_when_given_either_way(
    plan: Plan,
) -> None:
    failures = [server.failure for server in plan.servers]

    assert failures == [
        Failure("launch"),
        Failure("snapshot", "no space"),
        None,
    ]
    assert plan.throttles == (Throttle("DescribeJobs", 3),)


def test_a_plan_is_the_same_when_its_file_is_loaded_again(plan: Plan) -> None:
    assert plans.load(plan.path) == plan


def test_a_server_is_found_when_asked_by_hostname_or_id(plan: Plan) -> None:
    first = plan.servers[0]

    assert plan.server("DB-01") == plan.server(first.server_id) == first
    assert plan.server("db-99") is None


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.name
)
def test_every_example_is_accepted_when_loaded(path: Path) -> None:
    assert plans.load(path).waves
