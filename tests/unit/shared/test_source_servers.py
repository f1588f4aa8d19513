"""A server matches when it carries every tag that is asked for."""

from typing import TYPE_CHECKING

import pytest

from harness import drs
from shared import source_servers
from shared.account_access import open_account
from tests import builders

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

DATABASE = {"Tier": "Database", "Env": "prod"}


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
