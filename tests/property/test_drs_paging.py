"""Law: page by page, every listing is the same as at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.loaders import Loader

from harness import drs
from harness.drs.engine.operations import OPERATIONS
from tests.property.drs_accounts import HUB, REGION, Account

STAGING = ("210987654321", "310987654321")
PAGINATORS: dict[str, Any] = Loader().load_service_model(
    "drs", "paginators-1"
)["pagination"]
LISTINGS = sorted(PAGINATORS.keys() & OPERATIONS.keys())
NAME = "recoveryPlanExecutionArn"
# The quota allows one of them.
SINGLE = {"DescribeLaunchConfigurationTemplates"}


@dataclass(frozen=True)
class Place:
    """An account with several of everything, and how to ask for each."""

    account: Account
    members: dict[str, dict[str, Any]]

    def pages(self, operation: str, size: int | None) -> Iterator[list[Any]]:
        """Ask for a listing, page by page."""
        members = dict(self.members.get(operation, {}))
        if size is not None:
            members["maxResults"] = size
        while True:
            answer = self.account.request(operation, **members)
            assert answer.code is None, answer.body
            yield answer.document[PAGINATORS[operation]["result_key"]]
            members["nextToken"] = answer.document.get("nextToken")
            if members["nextToken"] is None:
                return


@pytest.fixture(scope="module")
def place() -> Place:
    """Make an account that has run a drill and a recovery plan."""
    account = Account(drs.EmulatorOptions())
    account.request("InitializeService")
    account.request("CreateLaunchConfigurationTemplate")
    servers = [
        account.region.add_source_server(drs.SourceServerSeed(name))
        for name in ("web", "app", "db")
    ]
    jobs = [drill(account, each) for each in servers]
    executions = [run_plan(account, name, servers) for name in ("a", "b")]
    plan = executions[0]["recoveryPlanArn"]
    extend_from(account, *STAGING)
    return Place(
        account,
        {
            "DescribeJobLogItems": {"jobID": jobs[0]},
            "DescribeRecoverySnapshots": {"sourceServerID": servers[0]},
            "ListExtensibleSourceServers": {"stagingAccountID": STAGING[0]},
            "ListRecoveryPlanSteps": {"recoveryPlanArn": plan},
            "ListRecoveryPlanExecutionSteps": {NAME: executions[0][NAME]},
        },
    )


def drill(account: Account, server_id: str) -> str:
    """Run the drill of a server to its end and tell the job's id."""
    answer = account.start([server_id])
    account.wait(3600)
    return str(answer.document["job"]["jobID"])


def run_plan(account: Account, name: str, servers: list[str]) -> Any:
    """Run a recovery plan of two steps to its end."""
    made = account.request("CreateRecoveryPlan", name=name)
    plan = made.document["recoveryPlan"]["recoveryPlanArn"]
    arn = account.region.source_servers[servers[0]].arn
    for configuration in (
        {"serverStepConfiguration": {"servers": [{"serverArn": arn}]}},
        {"waitStepConfiguration": {"waitDurationMinutes": 1}},
    ):
        account.request(
            "CreateRecoveryPlanStep",
            recoveryPlanArn=plan,
            stepName="step",
            configuration=configuration,
        )
    started = account.request(
        "StartRecoveryPlanExecution", recoveryPlanArn=plan, mode="DRILL"
    )
    account.wait(7200)
    return started.document["recoveryPlanExecution"]


def extend_from(account: Account, *staging_accounts: str) -> None:
    """Extend a server of each staging account and leave two there."""
    for account_id in staging_accounts:
        region = account.world.region(account_id, REGION)
        region.trusted_accounts.add(HUB)
        server_id, *_ = [
            region.add_source_server(drs.SourceServerSeed(name))
            for name in ("one", "two", "three")
        ]
        arn = region.source_servers[server_id].arn
        account.request("CreateExtendedSourceServer", sourceServerArn=arn)


@pytest.mark.parametrize("operation", LISTINGS)
def test_a_listing_is_whole_when_a_page_holds_one_item(
    place: Place, operation: str
) -> None:
    whole = sum(place.pages(operation, None), [])

    pages = list(place.pages(operation, 1))

    assert sum(pages, []) == whole
    assert {len(page) for page in pages} == {1}
    assert len(whole) > 1 or operation in SINGLE


@pytest.mark.parametrize("operation", LISTINGS)
def test_a_token_is_refused_when_it_comes_from_elsewhere(
    place: Place, operation: str
) -> None:
    members = place.members.get(operation, {})

    answer = place.account.request(
        operation, **members, nextToken="bm8gdG9rZW4="
    )

    assert (answer.status, answer.code) == (400, "ValidationException")
