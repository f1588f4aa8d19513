"""The query-handler as others invoke it."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from query_handler import recovery_jobs
from query_handler.recovery_jobs import JobNotFoundError
from shared.account_access import open_account
from tests import builders
from tests.unit.outside_world import FunctionFailure

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

Handler = Callable[[Any], Any]


@pytest.fixture
def handler(
    world: "OutsideWorld", load_index: Callable[[str], ModuleType]
) -> Handler:
    """Give the Lambda's handler."""
    index = load_index("query-handler")
    return lambda event: index.lambda_handler(event, None)


def query(**changes: Any) -> dict[str, Any]:
    return {
        "action": "query_servers_by_tags",
        "region": builders.REGION,
        "tags": {"tier": "DB"},
        "account_context": {},
    } | changes


def test_servers_are_found_by_their_tags(
    world: "OutsideWorld", handler: Handler
) -> None:
    server_id = world.add_server(tags={"Tier": "db"})
    world.add_server("other")

    assert handler(query()) == {"server_ids": [server_id]}


def test_servers_are_described_when_version_2_is_asked_for(
    world: "OutsideWorld", handler: Handler
) -> None:
    tags = {"Tier": "db", "Owner": "ops"}
    server_id = world.add_server("db-1", tags=tags)
    world.add_server("other")

    answer = handler(query(contract_version="2"))

    assert answer == {
        "server_ids": [server_id],
        "servers": [
            {
                "server_id": server_id,
                "hostname": "db-1",
                "tags": tags,
                "replication_state": "CONTINUOUS",
                "lag_duration": "PT0S",
                "last_launch_result": "NOT_STARTED",
            }
        ],
    }


def test_version_2_finds_the_same_servers_as_version_1(
    world: "OutsideWorld", handler: Handler
) -> None:
    for number in range(3):
        world.add_server(f"db-{number}", tags={"Tier": "db"})

    first, second = (
        handler(query(contract_version=version)) for version in ("1", "2")
    )

    assert first == {"server_ids": world.server_ids()}
    assert second["server_ids"] == first["server_ids"]
    assert [each["server_id"] for each in second["servers"]] == (
        first["server_ids"]
    )


def test_no_server_is_described_when_no_tag_is_asked_for(
    world: "OutsideWorld", handler: Handler
) -> None:
    world.add_server(tags={"Tier": "db"})

    answer = handler(query(tags={}, contract_version="2"))

    assert answer == {"server_ids": [], "servers": []}


def test_nothing_is_asked_when_a_version_is_not_served(
    world: "OutsideWorld", handler: Handler
) -> None:
    with pytest.raises(Exception, match='expected "1" or "2", got "3"'):
        handler(query(contract_version="3"))

    assert world.calls == []


@pytest.mark.parametrize("name", ["account_context", "accountContext"])
def test_servers_are_found_in_the_target_account_when_it_is_foreign(
    world: "OutsideWorld", handler: Handler, name: str
) -> None:
    world.add_server(tags={"Tier": "db"})
    server_id = world.add_server(account=builders.TARGET, tags={"Tier": "db"})
    event = query()
    del event["account_context"]

    found = handler(event | {name: builders.foreign_account()})

    assert found == {"server_ids": [server_id]}


def test_no_server_is_found_when_no_tag_is_asked_for(
    world: "OutsideWorld", handler: Handler
) -> None:
    world.add_server(tags={"Tier": "db"})

    assert handler(query(tags={})) == {"server_ids": []}


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (query(action="start_wave_recovery"), "UnknownActionError"),
        (query(region=""), "ContractViolationError"),
        (query(tags={"tier": 1}), "ContractViolationError"),
        ({"action": "poll_wave_status"}, "ContractViolationError"),
    ],
)
def test_request_is_refused_and_nothing_is_asked_when_it_is_not_valid(
    world: "OutsideWorld", handler: Handler, event: Any, error: str
) -> None:
    with pytest.raises(Exception) as caught:
        handler(event)

    assert type(caught.value).__name__ == error
    assert world.calls == []


def test_error_is_raised_when_the_query_fails(
    world: "OutsideWorld", handler: Handler
) -> None:
    context = builders.foreign_account(accountId="")

    with pytest.raises(Exception, match="accountId") as caught:
        handler(query(account_context=context))

    assert type(caught.value).__name__ == "AccountContextError"


def test_state_of_the_request_is_left_alone_when_it_is_polled(
    world: "OutsideWorld", load_index: Callable[[str], ModuleType]
) -> None:
    result = builders.wave_result()
    world.put_execution(status="CANCELLING", waves=[result])
    state = builders.polled_state(result)

    load_index("query-handler").poll_wave_status(state)

    assert state == builders.polled_state(builders.wave_result())


@pytest.mark.parametrize(
    ("report", "error"),
    [
        (b'{"errorType": "KeyError"}', "HandlerInvocationError"),
        (
            b'{"errorType": "ExecutionHistoryError", "errorMessage": "x"}',
            "ExecutionHistoryError",
        ),
    ],
)
def test_poll_is_to_be_repeated_when_the_next_wave_s_start_is_not_answered(
    world: "OutsideWorld", handler: Handler, report: bytes, error: str
) -> None:
    def fail(_: Any) -> Any:
        raise FunctionFailure(report)

    world.functions["execution-handler"] = fail
    world.put_execution(status="RUNNING")
    state = builders.state(waves=builders.waves(2))

    with pytest.raises(Exception) as caught:
        handler({"action": "poll_wave_status", "state": state})

    assert type(caught.value).__name__ == error


def test_error_names_the_job_when_drs_does_not_know_it(
    world: "OutsideWorld",
) -> None:
    world.add_server()
    account = open_account({}, builders.REGION)

    with pytest.raises(JobNotFoundError) as caught:
        recovery_jobs.read(account.drs, builders.JOB_ID)

    assert caught.value.job_id == builders.JOB_ID


@pytest.mark.parametrize(
    "name",
    [
        "lambda_handler",
        "ACTIONS",
        "poll_wave_status",
        "query_drs_servers_by_tags",
    ],
)
def test_name_can_be_imported_from_index(
    load_index: Callable[[str], ModuleType], name: str
) -> None:
    assert hasattr(load_index("query-handler"), name)
