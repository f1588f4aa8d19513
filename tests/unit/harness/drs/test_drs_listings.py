"""Filters, order and pages of the Describe operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.fixture
def busy(emulator: Emulator) -> Emulator:
    """Give an emulator with three servers, jobs and instances."""
    emulator.restart(profile=drs.INSTANT)
    for number in range(3):
        server = emulator.add(f"web-{number}")
        emulator.sleep(60)
        emulator.recover(server)
    return emulator


def listing(client: Any, operation: str, **request: Any) -> list[Any]:
    pages = client.get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page["items"]]


def server_ids(emulator: Emulator) -> list[str]:
    items = emulator.drs.describe_source_servers()["items"]
    return [each["sourceServerID"] for each in items]


def job_ids(emulator: Emulator, **filters: Any) -> list[str]:
    answer = emulator.drs.describe_jobs(filters=filters)  # type: ignore[arg-type]
    return [job["jobID"] for job in answer["items"]]


@pytest.mark.parametrize(
    "operation",
    [
        "describe_source_servers",
        "describe_jobs",
        "describe_job_log_items",
        "describe_recovery_instances",
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_together_hold_what_one_page_holds(
    busy: Emulator, operation: str, size: int
) -> None:
    of_job = {"jobID": job_ids(busy)[0]}
    request = of_job if operation == "describe_job_log_items" else {}
    whole = getattr(busy.drs, operation)(**request)

    pages = listing(
        busy.drs, operation, PaginationConfig={"PageSize": size}, **request
    )

    assert "nextToken" not in whole
    assert len(whole["items"]) >= 3
    assert pages == whole["items"]


def test_pages_have_the_chosen_size_when_the_caller_names_none(
    busy: Emulator,
) -> None:
    busy.restart(seed=1, options=drs.EmulatorOptions(page_size=2))
    for number in range(3):
        busy.add(f"app-{number}")

    answer = busy.drs.describe_source_servers()

    assert len(answer["items"]) == 2
    assert answer["nextToken"]


def test_no_job_is_missed_when_another_starts_between_two_pages(
    busy: Emulator,
) -> None:
    before = job_ids(busy)
    first = busy.drs.describe_jobs(maxResults=1)

    busy.start(server_ids(busy)[0])
    second = busy.drs.describe_jobs(nextToken=first["nextToken"])

    seen = [*first["items"], *second["items"]]
    assert [job["jobID"] for job in seen] == before


@pytest.mark.parametrize("token", ["bm90IG1pbmU=", "%%%", "W10="])
def test_a_token_is_refused_when_it_was_never_given(
    busy: Emulator, token: str
) -> None:
    with pytest.raises(ClientError) as error:
        busy.drs.describe_jobs(nextToken=token)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "ValidationException"
    assert answer["fieldList"][0]["name"] == "nextToken"


def test_a_token_is_refused_when_it_belongs_to_another_operation(
    busy: Emulator,
) -> None:
    token = busy.drs.describe_jobs(maxResults=1)["nextToken"]

    with pytest.raises(ClientError, match="ValidationException"):
        busy.drs.describe_source_servers(nextToken=token)


def test_jobs_come_newest_first(busy: Emulator) -> None:
    jobs = busy.drs.describe_jobs()["items"]

    times = [job["creationDateTime"] for job in jobs]
    assert len(set(times)) == 3
    assert times == sorted(times, reverse=True)


def test_jobs_are_found_by_id_and_an_unknown_id_finds_nothing(
    busy: Emulator,
) -> None:
    *_, oldest = job_ids(busy)
    unknown = "drsjob-00000000000000000"

    assert job_ids(busy, jobIDs=[oldest, unknown]) == [oldest]
    assert job_ids(busy, jobIDs=[unknown]) == []
    assert busy.drs.describe_job_log_items(jobID=unknown)["items"] == []


def test_jobs_are_found_by_the_time_they_were_created(
    busy: Emulator,
) -> None:
    newest, middle, oldest = job_ids(busy)
    at = busy.job(middle)["creationDateTime"][:19] + "Z"

    assert job_ids(busy, fromDate=at) == [newest, middle]
    assert job_ids(busy, toDate=at) == [middle, oldest]
    assert job_ids(busy, fromDate=at, toDate=at) == [middle]


def test_a_date_is_refused_when_no_calendar_has_it(busy: Emulator) -> None:
    with pytest.raises(ClientError) as error:
        job_ids(busy, fromDate="2026-02-31T00:00:00Z")

    answer: Any = error.value.response
    assert answer["fieldList"][0]["name"] == "filters.fromDate"


def test_source_servers_are_found_by_id_in_the_order_they_were_added(
    busy: Emulator,
) -> None:
    first, second, _ = server_ids(busy)

    found = busy.drs.describe_source_servers(
        filters={"sourceServerIDs": [second, first]}
    )["items"]

    assert [each["sourceServerID"] for each in found] == [first, second]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"stagingAccountIDs": ["123456789012"]}, 3),
        ({"stagingAccountIDs": ["210987654321"]}, 0),
        ({"hardwareId": "i-00000000"}, 0),
        ({"sourceServerIDs": []}, 3),
        ({}, 3),
    ],
)
def test_source_servers_must_pass_every_filter(
    busy: Emulator, filters: Any, count: int
) -> None:
    found = busy.drs.describe_source_servers(filters=filters)["items"]

    assert len(found) == count


def test_an_empty_filter_finds_nothing_when_so_chosen(
    emulator: Emulator,
) -> None:
    emulator.choose(empty_filter_matches_all=False)
    emulator.add("web")

    found = emulator.drs.describe_source_servers(
        filters={"sourceServerIDs": []}
    )["items"]

    assert found == []


def test_recovery_instances_are_found_by_server_and_by_id(
    busy: Emulator,
) -> None:
    _, server, _ = server_ids(busy)
    instance_id = busy.server(server)["recoveryInstanceId"]

    by_server = busy.drs.describe_recovery_instances(
        filters={"sourceServerIDs": [server]}
    )["items"]
    by_id = busy.drs.describe_recovery_instances(
        filters={"recoveryInstanceIDs": [instance_id]}
    )["items"]

    assert by_server == by_id
    assert [each["ec2InstanceID"] for each in by_id] == [instance_id]
