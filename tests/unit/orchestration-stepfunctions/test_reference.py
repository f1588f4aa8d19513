"""What only the reference does; its steps are tested with the others'."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests import builders

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld


@pytest.fixture
def index(load_index: Callable[[str], ModuleType]) -> ModuleType:
    """Give the reference Lambda."""
    return load_index("orchestration-stepfunctions")


@pytest.mark.parametrize(
    "name",
    [
        "lambda_handler",
        "begin_wave_plan",
        "start_wave_recovery",
        "apply_launch_config_before_recovery",
        "update_wave_status",
        "query_drs_servers_by_tags",
        "store_task_token",
        "resume_wave",
        "get_account_context",
        "DecimalEncoder",
        "get_protection_groups_table",
        "get_execution_history_table",
    ],
)
def test_name_can_be_imported_from_index(index: ModuleType, name: str) -> None:
    assert hasattr(index, name)


def test_no_other_lambda_is_invoked_when_a_wave_starts(
    world: "OutsideWorld", index: ModuleType
) -> None:
    world.put_group(sourceServerIds=[world.add_server()])
    world.put_execution()

    index.lambda_handler(builders.begin_event(), None)

    services = {call.operation.split(".")[0] for call in world.calls}
    assert services == {"dynamodb", "drs"}


def test_newer_name_of_the_poll_is_unknown(
    world: "OutsideWorld", index: ModuleType
) -> None:
    event = {"action": "poll_wave_status", "application": builders.state()}

    with pytest.raises(ValueError, match="^/action: unknown action"):
        index.lambda_handler(event, None)


def test_no_server_is_found_when_no_tag_is_asked_for(
    world: "OutsideWorld", index: ModuleType
) -> None:
    world.add_server(tags={"Tier": "db"})
    account = index.open_account({}, builders.REGION)

    assert index.query_drs_servers_by_tags(account.drs, {}) == []
    assert (
        index.query_drs_servers_by_tags(account.drs, {" tier": "DB"})
        == world.server_ids()
    )
