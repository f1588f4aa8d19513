"""What is refused on the wire, and how."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness.drs.engine.operations import OPERATIONS
from harness.drs.engine.wire import model
from tests.unit.harness.drs.conformance.answers import Answer
from tests.unit.harness.drs.conformance.wire import RawRequest

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

SERVER = "s-00000000000000000"


def send(
    emulator: Emulator, path: str, body: str, method: str = "POST"
) -> Answer:
    emulator.initialize()
    return emulator.wire.send(RawRequest(method, path, body))


@pytest.mark.parametrize(
    ("operation", "request_", "field"),
    [
        (
            "start_recovery",
            {"sourceServers": [{"sourceServerID": "s-000000000000000-!"}]},
            "sourceServers[0].sourceServerID",
        ),
        (
            "start_recovery",
            {"sourceServers": [{"sourceServerID": SERVER + "0"}]},
            "sourceServers[0].sourceServerID",
        ),
        (
            "start_recovery",
            {"sourceServers": [{"sourceServerID": SERVER}] * 201},
            "sourceServers",
        ),
        (
            "start_recovery",
            {
                "sourceServers": [{"sourceServerID": SERVER}],
                "tags": {"key": "v" * 257},
            },
            "tags.key",
        ),
        (
            "update_launch_configuration",
            {"sourceServerID": SERVER, "launchDisposition": "RUNNING"},
            "launchDisposition",
        ),
        (
            "update_launch_configuration",
            {"sourceServerID": SERVER, "name": "n" * 129},
            "name",
        ),
        (
            "describe_jobs",
            {"filters": {"fromDate": "yesterday, about noon"}},
            "filters.fromDate",
        ),
        (
            "describe_jobs",
            {"filters": {"jobIDs": ["drsjob-00000000000000000"] * 1001}},
            "filters.jobIDs",
        ),
        ("describe_jobs", {"nextToken": "t" * 2049}, "nextToken"),
        (
            "terminate_recovery_instances",
            {"recoveryInstanceIDs": ["i-xyzxyzxyzxyz"]},
            "recoveryInstanceIDs[0]",
        ),
    ],
)
def test_the_field_is_named_when_it_breaks_a_constraint_of_the_model(
    emulator: Emulator, operation: str, request_: Any, field: str
) -> None:
    emulator.initialize()

    with pytest.raises(ClientError) as error:
        getattr(emulator.drs, operation)(**request_)

    answer: Any = error.value.response
    assert answer["Error"]["Code"] == "ValidationException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert answer["reason"] == "fieldValidationFailed"
    assert {each["name"] for each in answer["fieldList"]} == {field}


@pytest.mark.parametrize(
    ("path", "body", "reason", "fields"),
    [
        ("/StartRecovery", "{}", "fieldValidationFailed", ["sourceServers"]),
        (
            "/StartRecovery",
            '{"sourceServers": []}',
            "fieldValidationFailed",
            ["sourceServers"],
        ),
        (
            "/StartRecovery",
            '{"sourceServers": [{}], "isDrill": "yes"}',
            "fieldValidationFailed",
            ["sourceServers[0].sourceServerID", "isDrill"],
        ),
        (
            "/DescribeJobs",
            '{"maxResults": 0}',
            "fieldValidationFailed",
            ["maxResults"],
        ),
        (
            "/DescribeJobs",
            '{"maxResults": true}',
            "fieldValidationFailed",
            ["maxResults"],
        ),
        ("/DescribeJobs", "{", "cannotParse", []),
        ("/DescribeJobs", "[]", "cannotParse", []),
        ("/DescribeEverything", "{}", "unknownOperation", []),
    ],
)
def test_a_request_is_refused_when_no_client_library_stands_before_it(
    emulator: Emulator, path: str, body: str, reason: str, fields: list[str]
) -> None:
    answer = send(emulator, path, body)

    document = json.loads(answer.body)
    assert answer.status == 400
    assert answer.headers["x-amzn-errortype"] == "ValidationException"
    assert document["reason"] == reason
    named = [each["name"] for each in document.get("fieldList", [])]
    assert named == fields


def test_null_and_unknown_members_are_ignored(emulator: Emulator) -> None:
    answer = send(emulator, "/DescribeJobs", '{"filters": null, "more": 1}')

    assert answer.status == 200
    assert json.loads(answer.body) == {"items": []}


@pytest.mark.parametrize(
    "operation",
    sorted(set(model.service().operation_names) - set(OPERATIONS)),
)
def test_nothing_is_answered_in_silence_when_it_is_not_simulated(
    emulator: Emulator, operation: str
) -> None:
    http = model.service().operation_model(operation).http

    answer = send(emulator, http["requestUri"], "{}", http["method"])

    code = answer.headers["x-amzn-errortype"]
    assert code in ("NotImplemented", "ValidationException")
    assert answer.status >= 400


def test_no_success_is_answered_when_an_operation_is_not_simulated(
    emulator: Emulator,
) -> None:
    emulator.initialize()

    with pytest.raises(ClientError, match="does not simulate") as e:
        emulator.drs.start_failback_launch(
            recoveryInstanceIDs=["i-00000000000000000"]
        )

    answer: Any = e.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_botocore_raises_the_modelled_class_when_a_job_conflicts(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    client = emulator.drs
    emulator.start(server)

    with pytest.raises(client.exceptions.ConflictException) as error:
        client.start_recovery(sourceServers=[{"sourceServerID": server}])

    headers = error.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-errortype"] == "ConflictException"


def test_a_recovery_is_accepted_with_202_and_is_no_drill_by_default(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")

    answer = emulator.drs.start_recovery(
        sourceServers=[{"sourceServerID": server}], tags={"wave": "1"}
    )

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert answer["job"]["initiatedBy"] == "START_RECOVERY"
    assert answer["job"]["tags"] == {"wave": "1"}
    assert answer["job"]["participatingServers"] == [
        {
            "sourceServerID": server,
            "launchStatus": "PENDING",
            "launchActionsStatus": {"runs": []},
        }
    ]


def test_tags_are_added_replaced_and_removed_by_arn(
    emulator: Emulator,
) -> None:
    server = emulator.add("web", tags={"tier": "web", "old": "1"})
    arn = emulator.arn(server)

    emulator.drs.tag_resource(resourceArn=arn, tags={"tier": "app", "a": "b"})
    emulator.drs.untag_resource(resourceArn=arn, tagKeys=["old", "missing"])

    tags = emulator.drs.list_tags_for_resource(resourceArn=arn)["tags"]
    listed = emulator.drs.describe_source_servers()["items"][0]["tags"]
    assert tags == listed == {"tier": "app", "a": "b"}


def test_a_resource_takes_no_more_than_fifty_tags(
    emulator: Emulator,
) -> None:
    server = emulator.add("web")
    arn = emulator.arn(server)
    tags = {f"key-{number}": "" for number in range(51)}

    with pytest.raises(ClientError, match="at most 50 tags"):
        emulator.drs.tag_resource(resourceArn=arn, tags=tags)

    assert emulator.server(server)["tags"] == {}


def test_tags_of_an_unknown_resource_are_not_found(
    emulator: Emulator,
) -> None:
    with pytest.raises(ClientError) as error:
        emulator.drs.list_tags_for_resource(
            resourceArn="arn:aws:drs:us-east-1:123456789012:job/drsjob-0"
        )

    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"
