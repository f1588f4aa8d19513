"""A server matches when it carries every tag that is asked for."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs
from shared import source_servers
from shared.account_access import open_account
from tests import builders
from tests.unit.outside_world import refuse, replace_body, replace_raw

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

DATABASE = {"Tier": "Database", "Env": "prod"}


class OlderClient:
    """A client of a botocore that tells nobody before it reads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.meta = self.events = self

    def register(self, *_: object) -> None:
        """Promise nothing."""

    unregister = register

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def find(tags: dict[str, str]) -> list[str]:
    return source_servers.find_by_tags(
        open_account({}, builders.REGION).drs, tags
    )


@pytest.mark.parametrize(
    "tags",
    [
        {"Tier": "Database"},
        {"tier": "DATABASE"},
        {"  Tier ": " database  "},
        {"Tier": "Database", "Env": "Prod"},
    ],
)
def test_server_is_found_whatever_case_and_space_the_tags_have(
    world: "OutsideWorld", tags: dict[str, str]
) -> None:
    server_id = world.add_server(tags={" TIER": "database ", "env": "PROD"})
    world.add_server("other", tags={"Tier": "web", "Env": "prod"})

    assert find(tags) == [server_id]


@pytest.mark.parametrize(
    "tags",
    [
        {"Tier": "Database", "Env": "test"},
        {"Tier": "Data"},
        {"Tier": ""},
        {"Database": "Tier"},
        {"Tier": "Database", "Owner": "me"},
    ],
)
def test_server_is_not_found_when_one_tag_is_missing_or_differs(
    world: "OutsideWorld", tags: dict[str, str]
) -> None:
    world.add_server(tags=DATABASE)
    world.add_server("untagged")

    assert find(tags) == []


def test_no_server_is_found_when_no_tag_is_asked_for(
    world: "OutsideWorld",
) -> None:
    world.add_server(tags=DATABASE)

    assert find({}) == []
    assert world.calls == []


def test_all_pages_are_read_in_the_order_of_drs(world: "OutsideWorld") -> None:
    drs.reset(options=drs.EmulatorOptions(page_size=2))
    added = [world.add_server(str(n), tags=DATABASE) for n in range(5)]
    listed = [
        server["sourceServerID"]
        for page in world.drs.get_paginator(
            "describe_source_servers"
        ).paginate()
        for server in page["items"]
    ]

    found = find(DATABASE)

    assert found == listed
    assert sorted(found) == sorted(added)
    assert len(world.asked("drs.DescribeSourceServers")) == 3


def test_botocore_parses_only_the_servers_that_match(
    world: "OutsideWorld",
) -> None:
    wanted = {"sourceServerID": builders.SERVER_ID, "tags": DATABASE}
    # It would stumble over this one.
    unreadable = {"sourceServerID": "s-1", "tags": {}, "sourceProperties": "x"}
    body = {"items": [wanted, unreadable]}
    world.disturb("drs.DescribeSourceServers", replace_body(body))

    assert find(DATABASE) == [builders.SERVER_ID]


def test_servers_are_read_whole_when_botocore_asks_nobody_before(
    world: "OutsideWorld",
) -> None:
    server_id = world.add_server(tags=DATABASE)
    world.add_server("other", tags={"Tier": "web"})
    client: Any = OlderClient(world.drs)

    assert source_servers.find_by_tags(client, DATABASE) == [server_id]


def test_other_requests_see_all_servers_when_a_query_was_made(
    world: "OutsideWorld",
) -> None:
    world.add_server(tags=DATABASE)
    other = world.add_server("other", tags={"Tier": "web"})
    account = open_account({}, builders.REGION)
    source_servers.find_by_tags(account.drs, DATABASE)

    items = account.drs.describe_source_servers()["items"]

    assert other in [item["sourceServerID"] for item in items]
    assert all("sourceProperties" in item for item in items)


def test_the_refusal_of_drs_is_raised_when_servers_are_asked_for(
    world: "OutsideWorld",
) -> None:
    refusal = refuse("AccessDeniedException", 403)
    world.disturb("drs.DescribeSourceServers", refusal)

    with pytest.raises(ClientError, match=r"AccessDeniedException.*refused"):
        find(DATABASE)


def test_server_without_tags_is_passed_over(world: "OutsideWorld") -> None:
    servers = [{"sourceServerID": builders.SERVER_ID, "tags": None}]
    answer = replace_body({"items": servers})
    world.disturb("drs.DescribeSourceServers", answer)

    assert find(DATABASE) == []


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'{"items": [7]}'])
def test_no_page_is_taken_for_empty_when_it_is_not_as_promised(
    world: "OutsideWorld", body: bytes
) -> None:
    world.disturb("drs.DescribeSourceServers", replace_raw(body))

    with pytest.raises((AttributeError, KeyError)):
        find(DATABASE)
