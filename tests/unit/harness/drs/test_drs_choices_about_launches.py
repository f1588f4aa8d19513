"""Choices about launches, templates and the texts of errors."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs
from harness.drs.engine.replication_configuration import (
    ReplicationConfiguration,
)

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.mark.parametrize("skips", [True, False])
def test_a_fast_recovery_skips_conversion_when_so_chosen(
    emulator: Emulator, skips: bool
) -> None:
    emulator.choose(
        skips_conversion_when_fast=skips,
        launch_configuration=drs.LaunchConfiguration(recovery_mode="FAST"),
    )

    job = emulator.recover(emulator.add("web"))

    events = emulator.events(job["jobID"])
    assert ("CONVERSION_START" not in events) is skips
    assert "LAUNCH_END" in events


@pytest.mark.parametrize("holds", [True, False])
def test_a_job_without_tags_shows_its_arn_among_them_when_so_chosen(
    emulator: Emulator, holds: bool
) -> None:
    emulator.choose(job_tags_hold_arn=holds)

    job = emulator.start(emulator.add("web"))

    assert job["tags"] == ({"resourceArn": job["arn"]} if holds else {})


@pytest.mark.parametrize("names", [True, False])
def test_an_instance_is_named_after_its_host_when_so_chosen(
    emulator: Emulator, names: bool
) -> None:
    emulator.choose(names_instance_after_host=names)

    emulator.recover(emulator.add("web"))

    (instance,) = emulator.drs.describe_recovery_instances()["items"]
    assert instance["tags"].get("Name") == ("web" if names else None)


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_launch_goes_on_after_a_failed_clean_up_when_so_chosen(
    emulator: Emulator, goes_on: bool
) -> None:
    emulator.choose(continues_after_failed_cleanup=goes_on)
    server = emulator.add("web")
    emulator.recover(server)
    (earlier,) = emulator.drs.describe_recovery_instances()["items"]
    emulator.ec2.modify_instance_attribute(
        InstanceId=earlier["ec2InstanceID"],
        DisableApiTermination={"Value": True},
    )

    job = emulator.recover(server)

    status = "LAUNCHED" if goes_on else "FAILED"
    assert "CLEANUP_FAIL" in emulator.events(job["jobID"])
    assert emulator.statuses(job["jobID"]) == {server: status}


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_snapshots_have_the_chosen_order_when_the_caller_names_none(
    emulator: Emulator, order: Any
) -> None:
    emulator.choose(snapshot_order=order)
    server = emulator.add("web")
    emulator.sleep(1300)

    found = emulator.drs.describe_recovery_snapshots(sourceServerID=server)

    times = [item["timestamp"] for item in found["items"]]
    assert len(times) == 3
    assert times == sorted(times, reverse=order == "DESC")


@pytest.mark.parametrize(("wait", "reversed_"), [(5, False), (1, True)])
def test_replication_can_be_reversed_after_the_chosen_time(
    emulator: Emulator, wait: int, reversed_: bool
) -> None:
    emulator.choose(reversal_wait=timedelta(minutes=wait))
    emulator.within(emulator.account_id, "us-west-2").initialize()
    emulator.start(emulator.add("web", origin_region="us-west-2"))
    while not emulator.drs.describe_recovery_instances()["items"]:
        emulator.sleep(20)
    emulator.sleep(60)
    (found,) = emulator.drs.describe_recovery_instances()["items"]

    try:
        emulator.drs.reverse_replication(
            recoveryInstanceID=found["recoveryInstanceID"]
        )
        done = True
    except emulator.drs.exceptions.ConflictException:
        done = False

    assert done is reversed_


@pytest.mark.parametrize(
    "name", ["created-and-used-by-drs-{server_id}", "of-{server_id}"]
)
def test_a_launch_template_has_the_chosen_name(
    emulator: Emulator, name: str
) -> None:
    emulator.choose(template_name=name)

    server = emulator.add("web")

    (found,) = emulator.ec2.describe_launch_templates()["LaunchTemplates"]
    assert found["LaunchTemplateName"] == name.format(server_id=server)


@pytest.mark.parametrize(
    ("settings", "version"), [({"copy_tags"}, 2), (set(), 1)]
)
def test_a_change_of_the_chosen_settings_makes_a_version_of_the_template(
    emulator: Emulator, settings: set[str], version: int
) -> None:
    emulator.choose(template_settings=frozenset(settings))
    server = emulator.add("web")

    emulator.drs.update_launch_configuration(
        sourceServerID=server, copyTags=True
    )

    (found,) = emulator.ec2.describe_launch_templates()["LaunchTemplates"]
    assert found["DefaultVersionNumber"] == version


@pytest.mark.parametrize(
    ("states", "refused"), [({"INITIAL_SYNC"}, True), ({"STOPPED"}, False)]
)
def test_servers_in_the_chosen_states_are_not_recovered(
    emulator: Emulator, states: set[str], refused: bool
) -> None:
    emulator.choose(unready_states=frozenset(states))
    server = emulator.add("web", replication_state="INITIAL_SYNC")

    try:
        emulator.start(server)
        found = False
    except emulator.drs.exceptions.ConflictException:
        found = True

    assert found is refused


@pytest.mark.parametrize("instance_type", ["t3.small", "m5.large"])
def test_a_new_server_has_the_chosen_replication_configuration(
    emulator: Emulator, instance_type: str
) -> None:
    emulator.choose(
        replication_configuration=ReplicationConfiguration(
            server_instance_type=instance_type
        )
    )

    found = emulator.drs.get_replication_configuration(
        sourceServerID=emulator.add("web")
    )

    assert found["replicationServerInstanceType"] == instance_type


@pytest.mark.parametrize("text", [None, "{id} lags ({state})"])
def test_an_error_has_the_chosen_text(
    emulator: Emulator, text: str | None
) -> None:
    texts = drs.ErrorTexts(not_ready=text) if text else drs.ErrorTexts()
    emulator.choose(error_texts=texts)
    server = emulator.add("web", replication_state="STOPPED")

    with pytest.raises(ClientError) as error:
        emulator.start(server)

    expected = texts.not_ready.format(id=server, state="STOPPED")
    assert error.value.response["Error"]["Message"] == expected


@pytest.mark.parametrize("text", [None, "out of capacity"])
def test_a_failed_launch_has_the_chosen_text(
    emulator: Emulator, text: str | None
) -> None:
    texts = drs.FailureTexts(launch=text) if text else drs.FailureTexts()
    emulator.choose(failure_texts=texts)

    job = emulator.recover(emulator.add("web", fail_at="launch"))

    (item,) = [
        each
        for each in emulator.log(job["jobID"])
        if each["event"] == "LAUNCH_FAILED"
    ]
    assert item["eventData"]["rawError"] == texts.launch
