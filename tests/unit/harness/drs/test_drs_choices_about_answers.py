"""Choices about requests, lists, error classes and machines."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

ORIGIN = "us-west-2"


def code_of(emulator: Emulator, operation: str, **request: Any) -> str:
    with pytest.raises(ClientError) as error:
        getattr(emulator.drs, operation)(**request)
    return error.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (("request", "faults", "account"), "ValidationException"),
        (("faults", "request", "account"), "ThrottlingException"),
        (("account", "faults", "request"), "UninitializedAccountException"),
        (("account",), "UninitializedAccountException"),
        ((), "ValidationException"),
    ],
)
def test_a_request_meets_the_checks_in_the_chosen_order(
    emulator: Emulator, order: Any, code: str
) -> None:
    emulator.choose(check_order=order)
    emulator.inject(drs.Throttle("DescribeJobs", times=1))

    found = code_of(emulator, "describe_jobs", filters={"jobIDs": ["x" * 24]})

    assert found == code


@pytest.mark.parametrize("newest", [True, False])
def test_a_list_begins_with_the_youngest_record_when_so_chosen(
    emulator: Emulator, newest: bool
) -> None:
    names = frozenset({"DescribeSourceServers"} if newest else ())
    listings = drs.ListingOptions(newest_first=names)
    emulator.choose(listings=listings, page_size=1)
    servers = [emulator.add("first"), emulator.add("second")]

    pages = emulator.drs.get_paginator("describe_source_servers").paginate()

    found = [
        item["sourceServerID"] for page in pages for item in page["items"]
    ]
    assert found == (servers[::-1] if newest else servers)


@pytest.mark.parametrize("included", [True, False])
def test_the_ends_of_a_range_of_dates_belong_to_it_when_so_chosen(
    emulator: Emulator, included: bool
) -> None:
    emulator.choose(listings=drs.ListingOptions(dates_include_ends=included))
    emulator.start(emulator.add("first"))
    emulator.sleep(60)
    second = emulator.start(emulator.add("second"))
    emulator.sleep(60)
    third = emulator.start(emulator.add("third"))

    for name in ("fromDate", "toDate"):
        date = second["creationDateTime"].replace("+00:00", "Z")
        found = emulator.drs.describe_jobs(filters={name: date})["items"]
        other = third if name == "fromDate" else None
        ids = {job["jobID"] for job in found}
        assert (second["jobID"] in ids) is included
        assert other is None or other["jobID"] in ids
        assert len(ids) == (2 if included else 1)


@pytest.mark.parametrize("refused", [True, False])
def test_a_token_of_another_request_is_refused_when_so_chosen(
    emulator: Emulator, refused: bool
) -> None:
    listings = drs.ListingOptions(refuses_foreign_tokens=refused)
    emulator.choose(listings=listings)
    emulator.add("web")

    try:
        answer = emulator.drs.describe_source_servers(nextToken="foreign")
        found: Any = len(answer["items"])
    except ClientError as error:
        found = error.response["Error"]["Code"]

    assert found == ("ValidationException" if refused else 1)


@pytest.mark.parametrize("code", ["ConflictException", "ValidationException"])
def test_a_server_that_is_not_ready_is_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(not_ready=code))
    server = emulator.add("web", replication_state="INITIAL_SYNC")

    request = {"sourceServers": [{"sourceServerID": server}]}
    assert code_of(emulator, "start_recovery", **request) == code


@pytest.mark.parametrize(
    "code", ["ServiceQuotaExceededException", "ValidationException"]
)
def test_too_many_servers_are_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    quotas = drs.Quotas(servers_per_job=0)
    codes = drs.ErrorCodes(servers_per_job=code)
    emulator.choose(error_codes=codes, quotas=quotas)
    server = emulator.add("web")

    request = {"sourceServers": [{"sourceServerID": server}]}
    assert code_of(emulator, "start_recovery", **request) == code


@pytest.mark.parametrize(
    "code", ["ServiceQuotaExceededException", "ValidationException"]
)
def test_too_many_tags_are_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    quotas = drs.Quotas(tags_per_resource=0)
    codes = drs.ErrorCodes(too_many_tags=code)
    emulator.choose(error_codes=codes, quotas=quotas)
    emulator.initialize()

    request = {"name": "plan", "tags": {"tier": "web"}}
    assert code_of(emulator, "create_recovery_plan", **request) == code


@pytest.mark.parametrize("code", ["ConflictException", "ValidationException"])
@pytest.mark.parametrize(
    "situation", ["not_from_ec2", "not_initialized", "already_reversed"]
)
def test_a_reversal_is_refused_with_the_chosen_class(
    emulator: Emulator, situation: str, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(**{situation: code}))
    emulator.within(emulator.account_id, ORIGIN).initialize()
    origin = None if situation == "not_from_ec2" else ORIGIN
    emulator.start(emulator.add("web", origin_region=origin))
    while not emulator.drs.describe_recovery_instances()["items"]:
        emulator.sleep(60)
    (found,) = emulator.drs.describe_recovery_instances()["items"]
    request = {"recoveryInstanceID": found["recoveryInstanceID"]}
    if situation == "already_reversed":
        emulator.sleep(300)
        emulator.drs.reverse_replication(**request)

    assert code_of(emulator, "reverse_replication", **request) == code


MACHINE = drs.MachineOptions(
    agent_version="6.0.0",
    device_name="/dev/sda1",
    disk_bytes=7,
    memory_bytes=11,
    cpu_cores=13,
    cpu_model="Graviton",
    operating_system="Windows Server 2022",
    architecture="arm64",
    supports_nitro=False,
    lag_duration="PT5M",
    staging_disk_type="ST1",
    optimized_disk_type="ST1",
    seen_now=True,
    fresh_failback_state="FAILBACK_NOT_STARTED",
    fqdn="{hostname}.example.com",
    first_byte_after=timedelta(seconds=90),
    volume_status="PENDING",
)


@pytest.mark.parametrize("machines", [drs.MachineOptions(), MACHINE])
def test_answers_say_of_machines_what_was_chosen(
    emulator: Emulator, machines: drs.MachineOptions
) -> None:
    emulator.choose(machines=machines)
    server = emulator.add("web")
    emulator.recover(server)

    shown = facts(emulator, server)

    assert shown["source"] == shown["instance"]
    assert shown["source"] == {
        "agent_version": machines.agent_version,
        "device_name": machines.device_name,
        "disk_bytes": machines.disk_bytes,
        "memory_bytes": machines.memory_bytes,
        "cpu_cores": machines.cpu_cores,
        "cpu_model": machines.cpu_model,
        "operating_system": machines.operating_system,
        "fqdn": machines.fqdn.format(hostname="web"),
    }
    assert shown["other"] == {
        "architecture": machines.architecture,
        "supports_nitro": machines.supports_nitro,
        "lag_duration": machines.lag_duration,
        "staging_disk_type": machines.staging_disk_type,
        "optimized_disk_type": machines.optimized_disk_type,
        "seen_now": machines.seen_now,
        "fresh_failback_state": machines.fresh_failback_state,
        "volume_status": machines.volume_status,
        "first_byte_after": machines.first_byte_after,
    }
    named = {*shown["source"], *shown["other"], "synced_share"}
    assert named == {each.name for each in fields(drs.MachineOptions)}


def facts(emulator: Emulator, server: str) -> Any:
    (source,) = emulator.drs.describe_source_servers()["items"]
    (instance,) = emulator.drs.describe_recovery_instances()["items"]
    (disk,) = emulator.drs.get_replication_configuration(
        sourceServerID=server
    )["replicatedDisks"]
    properties: Any = source["sourceProperties"]
    life = source["lifeCycle"]
    seen = life["lastSeenByServiceDateTime"]
    (replicated,) = source["dataReplicationInfo"]["replicatedDisks"]
    return {
        "source": machine(source["agentVersion"], properties, "deviceName"),
        "instance": machine(
            instance["agentVersion"],
            instance["recoveryInstanceProperties"],
            "internalDeviceName",
        ),
        "other": {
            "architecture": properties["architecture"],
            "supports_nitro": properties["supportsNitroInstances"],
            "lag_duration": source["dataReplicationInfo"]["lagDuration"],
            "staging_disk_type": disk["stagingDiskType"],
            "optimized_disk_type": disk["optimizedStagingDiskType"],
            "seen_now": seen > life["addedToServiceDateTime"],
            "fresh_failback_state": instance["failback"]["state"],
            "volume_status": replicated["volumeStatus"],
            "first_byte_after": datetime.fromisoformat(
                life["firstByteDateTime"]
            )
            - datetime.fromisoformat(life["addedToServiceDateTime"]),
        },
    }


def machine(agent_version: str, properties: Any, device: str) -> Any:
    (disk,) = properties["disks"]
    (cpu,) = properties["cpus"]
    return {
        "agent_version": agent_version,
        "device_name": disk[device],
        "disk_bytes": disk["bytes"],
        "memory_bytes": properties["ramBytes"],
        "cpu_cores": cpu["cores"],
        "cpu_model": cpu["modelName"],
        "operating_system": properties["os"]["fullString"],
        "fqdn": properties["identificationHints"]["fqdn"],
    }


@pytest.mark.parametrize(("share", "shown"), [(0.0, 0), (0.25, 1000)])
def test_a_server_in_its_first_sync_has_the_chosen_share_of_its_data(
    emulator: Emulator, share: float, shown: int
) -> None:
    machines = drs.MachineOptions(disk_bytes=4000, synced_share=share)
    emulator.choose(machines=machines)
    syncing = emulator.add("app", replication_state="INITIAL_SYNC")
    synced = emulator.add("web")

    found = [replicated_bytes(emulator, each) for each in (syncing, synced)]

    assert found == [shown, 4000]


def replicated_bytes(emulator: Emulator, server: str) -> int:
    info = emulator.server(server)["dataReplicationInfo"]
    (disk,) = info["replicatedDisks"]
    return int(disk["replicatedStorageBytes"])


@pytest.mark.parametrize(("largest", "size"), [(None, 3), (2, 2)])
def test_a_page_is_no_larger_than_chosen(
    emulator: Emulator, largest: int | None, size: int
) -> None:
    emulator.choose(listings=drs.ListingOptions(largest_page=largest))
    for number in range(3):
        emulator.add(f"web-{number}")

    answer = emulator.drs.describe_source_servers(maxResults=10)

    assert len(answer["items"]) == size
    assert ("nextToken" in answer) is (size < 3)


@pytest.mark.parametrize(
    ("lifetime", "age", "code"),
    [
        (None, 86400, None),
        (600, 600, None),
        (600, 601, "ValidationException"),
    ],
)
def test_a_token_is_valid_for_the_chosen_time(
    emulator: Emulator, lifetime: int | None, age: int, code: str | None
) -> None:
    limit = None if lifetime is None else timedelta(seconds=lifetime)
    listings = drs.ListingOptions(token_lifetime=limit)
    emulator.choose(listings=listings, page_size=1)
    emulator.add("first")
    emulator.add("second")
    token = emulator.drs.describe_source_servers()["nextToken"]
    emulator.sleep(age)

    try:
        emulator.drs.describe_source_servers(nextToken=token)
        found = None
    except ClientError as error:
        found = error.response["Error"]["Code"]

    assert found == code


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (drs.ListingOptions, {"largest_page": 0}),
        (drs.ListingOptions, {"token_lifetime": -1}),
        (drs.MachineOptions, {"synced_share": 1.5}),
        (drs.MachineOptions, {"first_byte_after": -1}),
        (drs.LaunchActionOptions, {"duration": -1}),
    ],
)
def test_options_refuse_amounts_that_mean_nothing(
    kind: type, wrong: dict[str, Any]
) -> None:
    with pytest.raises(drs.DocumentError, match=next(iter(wrong))):
        drs.record_from(kind, wrong, "options")


@pytest.mark.parametrize("named", [True, False])
def test_an_unknown_resource_is_named_when_so_chosen(
    emulator: Emulator, named: bool
) -> None:
    emulator.choose(not_found_names_resource=named)
    emulator.initialize()
    server = f"s-{'0' * 17}"

    with pytest.raises(ClientError) as error:
        emulator.drs.get_launch_configuration(sourceServerID=server)

    answer: Any = error.value.response
    names = answer.get("resourceId"), answer.get("resourceType")
    assert names == ((server, "SourceServer") if named else (None, None))


@pytest.mark.parametrize(
    ("declared_only", "code"),
    [(False, "ServiceQuotaExceededException"), (True, "ConflictException")],
)
def test_too_many_replicating_servers_are_refused_with_the_chosen_class(
    emulator: Emulator, declared_only: bool, code: str
) -> None:
    quotas = drs.Quotas(replicating_source_servers=0)
    emulator.choose(quotas=quotas, declared_errors_only=declared_only)
    server = emulator.add("web", replication_state="STOPPED")

    assert code_of(emulator, "start_replication", sourceServerID=server) == (
        code
    )


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            {},
            "2 validation error(s) detected: Value at "
            "'filters.jobIDs[0]' failed to satisfy constraint: "
            "Member must have a length of at most 24",
        ),
        (
            {"invalid": "{members}", "member": "{message} ({field})"},
            "Member must have a length of at most 24 (filters.jobIDs[0])",
        ),
        (
            {"invalid": "{count}: {members}", "too_long": "over {limit}"},
            "2: Value at 'filters.jobIDs[0]' failed to satisfy constraint: "
            "over 24",
        ),
    ],
)
def test_a_request_that_breaks_a_constraint_meets_the_chosen_texts(
    emulator: Emulator, texts: dict[str, str], message: str
) -> None:
    emulator.choose(request_texts=drs.RequestTexts(**texts))
    job_id = f"drsjob-{'0' * 18}"

    with pytest.raises(ClientError) as error:
        emulator.drs.describe_jobs(filters={"jobIDs": [job_id]})

    assert error.value.response["Error"]["Message"].startswith(message)
