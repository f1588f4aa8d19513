"""A preview says what DRS says, and nothing where DRS says nothing."""

from typing import Any

import pytest

from query_handler.server_previews import preview
from tests import builders


@pytest.mark.parametrize(
    "said",
    [
        {},
        {
            "dataReplicationInfo": {
                "dataReplicationState": "",
                "lagDuration": "",
            },
            "lastLaunchResult": "",
        },
    ],
)
def test_preview_is_empty_where_drs_says_nothing(said: dict[str, Any]) -> None:
    assert preview({"sourceServerID": builders.SERVER_ID} | said) == {
        "server_id": builders.SERVER_ID,
        "hostname": "",
        "tags": {},
        "replication_state": None,
        "lag_duration": None,
        "last_launch_result": None,
    }
