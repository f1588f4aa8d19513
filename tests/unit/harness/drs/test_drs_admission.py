"""Which jobs may start."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

UNKNOWN = "s-00000000000000000"


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer: Any = error.value.response
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return answer["Error"]["Code"], status


def test_all_servers_are_refused_when_one_is_busy(emulator: Emulator) -> None:
    busy, idle = emulator.add("busy"), emulator.add("idle")
    emulator.start(busy)

    with pytest.raises(ClientError) as error:
        emulator.start(idle, busy)

    assert refusal(error) == ("ConflictException", 409)
    assert error.value.response["Error"]["Message"] == (
        "One or more of the Source Servers included in API call are "
        "currently being processed by a Job"
    )
    assert len(emulator.drs.describe_jobs()["items"]) == 1
    emulator.start(idle)


def test_a_server_is_free_again_when_its_job_has_completed(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    first = emulator.recover(server)

    second = emulator.start(server)

    assert second["jobID"] != first["jobID"]


def test_a_server_stays_locked_for_a_while_when_so_chosen(
    emulator: Emulator,
) -> None:
    delay = timedelta(hours=2)
    emulator.choose(unlock_delay=delay)
    server = emulator.add("web")
    job = emulator.recover(server)

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.start(server)
    emulator.sleep(delay.total_seconds())

    assert job["status"] == "COMPLETED"
    assert emulator.start(server)


def test_a_server_is_locked_while_its_instance_is_terminated(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    emulator.recover(server)
    instance_id = next(iter(emulator.instances()))

    emulator.drs.terminate_recovery_instances(
        recoveryInstanceIDs=[instance_id]
    )

    with pytest.raises(ClientError, match="ConflictException"):
        emulator.start(server)


@pytest.mark.parametrize(
    ("declared_only", "expected"),
    [
        (False, ("ResourceNotFoundException", 404)),
        (True, ("ConflictException", 409)),
    ],
)
def test_an_unknown_server_is_refused_with_the_chosen_error(
    emulator: Emulator, declared_only: bool, expected: tuple[str, int]
) -> None:
    emulator.choose(declared_errors_only=declared_only)
    known = emulator.add("web")

    with pytest.raises(ClientError) as error:
        emulator.start(known, UNKNOWN)

    assert refusal(error) == expected
    assert emulator.drs.describe_jobs()["items"] == []


def test_a_server_is_refused_when_it_is_given_twice(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")

    with pytest.raises(ClientError) as error:
        emulator.start(server, server)

    assert refusal(error) == ("ValidationException", 400)


@pytest.mark.parametrize("state", ["INITIAL_SYNC", "DISCONNECTED"])
def test_a_server_is_refused_when_it_has_no_recovery_point(
    emulator: Emulator, state: str
) -> None:
    server = emulator.add("web", replication_state=state)

    with pytest.raises(ClientError, match=state) as error:
        emulator.start(server)

    assert refusal(error) == ("ConflictException", 409)


def test_a_server_launches_when_its_replication_only_lags(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", replication_state="STALLED")

    job = emulator.recover(server)

    assert emulator.statuses(job["jobID"]) == {server: "LAUNCHED"}


@pytest.mark.parametrize(
    ("quotas", "sizes", "code"),
    [
        (drs.Quotas(servers_per_job=2), [3], "L-B827C881"),
        (drs.Quotas(servers_in_active_jobs=3), [2, 2], "L-05AFA8C6"),
        (drs.Quotas(active_jobs=2), [1, 1, 1], "L-D88FAC3A"),
    ],
)
def test_the_last_job_is_refused_when_it_breaks_a_quota(
    emulator: Emulator, quotas: drs.Quotas, sizes: list[int], code: str
) -> None:
    emulator.choose(quotas=quotas)
    jobs = [[emulator.add("web") for _ in range(size)] for size in sizes]
    for servers in jobs[:-1]:
        emulator.start(*servers)

    with pytest.raises(ClientError) as error:
        emulator.start(*jobs[-1])

    assert refusal(error) == ("ServiceQuotaExceededException", 402)
    answer: Any = error.value.response
    assert answer["quotaCode"] == code


def test_every_operation_is_refused_when_the_account_is_not_initialized(
    emulator: Emulator,
) -> None:
    client = emulator.drs
    calls = [
        client.describe_source_servers,
        client.describe_jobs,
        client.describe_recovery_instances,
    ]

    for call in calls:
        with pytest.raises(
            client.exceptions.UninitializedAccountException
        ) as error:
            call()
        assert refusal(error) == ("UninitializedAccountException", 400)


def test_the_account_can_be_used_when_it_was_initialized_twice(
    emulator: Emulator,
) -> None:
    client = emulator.drs

    answers = [client.initialize_service() for _ in range(2)]

    statuses = [a["ResponseMetadata"]["HTTPStatusCode"] for a in answers]
    assert statuses == [204, 204]
    assert client.describe_source_servers()["items"] == []


def test_the_busy_server_is_named_when_so_chosen(emulator: Emulator) -> None:
    emulator.choose(conflict_names_resource=True)
    server = emulator.add("web")
    emulator.start(server)

    with pytest.raises(ClientError) as error:
        emulator.start(server)

    answer: Any = error.value.response
    assert answer["resourceId"] == server
    assert answer["resourceType"] == "SourceServer"
