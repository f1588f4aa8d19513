"""The settings a server is launched with: the group's and its own."""

from typing import Any

import pytest

from execution_handler import launch_configuration
from tests import builders

GROUP = {"instanceType": "m5.large", "copyTags": True}


def effective(
    entries: list[dict[str, Any]], defaults: dict[str, Any] | None = None
) -> dict[str, Any]:
    group = builders.group(launchConfig=defaults or GROUP, servers=entries)
    return launch_configuration.effective(group, builders.SERVER_ID)


def entry(**changes: Any) -> dict[str, Any]:
    return {"sourceServerId": builders.SERVER_ID} | changes


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry()],
        [entry(useGroupDefaults=True, launchTemplate={})],
        [entry(launchTemplate=None)],
        [entry(launchTemplate={"instanceType": None, "copyTags": None})],
        [{"sourceServerId": "s-other", "launchTemplate": {"copyTags": False}}],
    ],
)
def test_group_settings_apply_when_the_server_has_none_of_its_own(
    entries: list[dict[str, Any]],
) -> None:
    assert effective(entries) == GROUP


@pytest.mark.parametrize("mark", [{"useGroupDefaults": True}, {}])
def test_own_settings_lie_over_the_group_s_when_it_uses_them(
    mark: dict[str, Any],
) -> None:
    own = {"instanceType": "r5.large", "copyPrivateIp": True, "subnetId": None}

    assert effective([entry(launchTemplate=own, **mark)]) == {
        "instanceType": "r5.large",
        "copyTags": True,
        "copyPrivateIp": True,
    }


@pytest.mark.parametrize("own", [{"subnetId": "subnet-1"}, {}])
def test_only_own_settings_apply_when_the_group_s_are_not_used(
    own: dict[str, Any],
) -> None:
    entries = [entry(useGroupDefaults=False, launchTemplate=own)]

    assert effective(entries) == own


def test_false_is_a_setting_and_null_is_none() -> None:
    own = {"copyTags": False}

    settings = effective(
        [entry(launchTemplate=own)], {"copyTags": True, "subnetId": None}
    )

    assert settings == {"copyTags": False}


def test_first_entry_counts_when_a_server_has_two() -> None:
    entries = [
        entry(launchTemplate={"instanceType": "r5.large"}),
        entry(launchTemplate={"instanceType": "c5.large"}),
    ]

    assert effective(entries)["instanceType"] == "r5.large"


@pytest.mark.parametrize(
    "group", [{}, {"launchConfig": None, "servers": None}]
)
def test_nothing_applies_when_the_group_configures_nothing(
    group: dict[str, Any],
) -> None:
    assert launch_configuration.effective(group, builders.SERVER_ID) == {}
