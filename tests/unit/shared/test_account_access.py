"""Whose account is reached, and how a throttled start is repeated."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from shared import account_access, aws
from shared.account_access import (
    RoleAssumptionDeniedError,
    RoleAssumptionInvalidError,
    open_account,
)
from shared.account_context import AccountContextError, get_account_context
from tests import builders
from tests.unit.outside_world import (
    refuse,
    refuse_in_xml,
    replace_raw,
    say_nothing,
)

if TYPE_CHECKING:
    from tests.unit.outside_world import OutsideWorld

ROLE_ARN = f"arn:aws:iam::{builders.TARGET}:role/DRSOrchestrationRole"


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"accountId": builders.TARGET},
        builders.foreign_account(isCurrentAccount=True),
        builders.foreign_account(isCurrentAccount=None),
    ],
)
def test_hub_account_is_used_when_the_context_names_no_other(
    world: "OutsideWorld", context: dict[str, Any]
) -> None:
    server_id = world.add_server()

    listed = open_account(context, builders.REGION).drs

    items = listed.describe_source_servers()["items"]
    assert [item["sourceServerID"] for item in items] == [server_id]
    assert world.asked("sts.AssumeRole") == []


def test_role_is_assumed_when_the_account_is_foreign(
    world: "OutsideWorld",
) -> None:
    world.add_server("hub")
    server_id = world.add_server("target", account=builders.TARGET)

    account = open_account(builders.foreign_account(), builders.REGION)

    items = account.drs.describe_source_servers()["items"]
    templates = account.ec2.describe_launch_templates()["LaunchTemplates"]
    assert [item["sourceServerID"] for item in items] == [server_id]
    assert len(templates) == 1
    assert world.asked("sts.AssumeRole") == [
        {
            "RoleArn": ROLE_ARN,
            "RoleSessionName": f"drs-orchestration-{builders.NOW}",
            "ExternalId": builders.EXTERNAL_ID,
        }
    ]


ASSUMED = """
<AssumeRoleResponse><AssumeRoleResult><Credentials>
<AccessKeyId>ASIATEMPORARY</AccessKeyId>
<SecretAccessKey>secret</SecretAccessKey>
<SessionToken>the-token</SessionToken>
<Expiration>2026-01-05T11:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>
"""


def test_calls_carry_the_credentials_of_the_assumed_role(
    world: "OutsideWorld",
) -> None:
    world.add_server()
    world.disturb("sts.AssumeRole", replace_raw(ASSUMED.encode()))
    sent: list[Any] = []
    world.disturb("drs.DescribeSourceServers", sent.append)

    account = open_account(builders.foreign_account(), builders.REGION)
    client: Any = account.drs
    client.describe_source_servers()

    signer = client._request_signer._credentials
    headers = {name: str(sent[0].headers[name]) for name in sent[0].headers}
    assert signer.secret_key == "secret"
    assert "Credential=ASIATEMPORARY/" in headers["Authorization"]
    assert "the-token" in headers["X-Amz-Security-Token"]


@pytest.mark.parametrize("external_id", ["", None])
def test_no_external_id_is_sent_when_the_context_has_none(
    world: "OutsideWorld", external_id: str | None
) -> None:
    context = builders.foreign_account(externalId=external_id)

    open_account(context, builders.REGION)

    (request,) = world.asked("sts.AssumeRole")
    assert "ExternalId" not in request


@pytest.fixture
def _cold_start() -> Iterator[None]:
    """Forget the clients of the container before and after a test."""
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


@pytest.mark.usefixtures("_cold_start")
@pytest.mark.parametrize(
    ("region", "partition"),
    [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_role_has_the_partition_that_the_lambda_runs_in(
    world: "OutsideWorld",
    monkeypatch: pytest.MonkeyPatch,
    region: str,
    partition: str,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)

    open_account(builders.foreign_account(), region)

    (request,) = world.asked("sts.AssumeRole")
    assert request["RoleArn"].startswith(f"arn:{partition}:iam::")


@pytest.mark.parametrize("field", ["accountId", "assumeRoleName"])
@pytest.mark.parametrize("value", ["", None])
def test_field_is_named_when_a_foreign_account_lacks_it(
    world: "OutsideWorld", field: str, value: str | None
) -> None:
    context = builders.foreign_account(**{field: value})

    with pytest.raises(AccountContextError, match=field) as caught:
        open_account(context, builders.REGION)

    assert caught.value.field == field
    assert str(caught.value) == (
        f"Account context has no {field}: it is needed to assume the role in "
        "the target account"
    )
    assert world.calls == []


def test_role_is_named_when_access_to_it_is_denied(
    world: "OutsideWorld",
) -> None:
    world.disturb("sts.AssumeRole", refuse_in_xml("AccessDenied", 403))

    with pytest.raises(RoleAssumptionDeniedError) as caught:
        open_account(builders.foreign_account(), builders.REGION)

    assert caught.value.role_arn == ROLE_ARN
    assert ROLE_ARN in str(caught.value)
    assert "trusts" in str(caught.value)
    assert builders.EXTERNAL_ID not in str(caught.value)


def test_external_id_is_kept_secret_when_sts_finds_it_malformed(
    world: "OutsideWorld",
) -> None:
    text = (
        f"1 validation error: Value '{builders.EXTERNAL_ID}' at 'externalId'"
    )
    refused = refuse_in_xml("ValidationError", 400, text)
    world.disturb("sts.AssumeRole", refused)

    with pytest.raises(RoleAssumptionInvalidError) as caught:
        open_account(builders.foreign_account(), builders.REGION)

    assert ROLE_ARN in str(caught.value)
    assert builders.EXTERNAL_ID not in str(caught.value)
    assert "the form of the external id" in str(caught.value)
    assert caught.value.role_arn == ROLE_ARN
    assert caught.value.__suppress_context__


def test_error_of_sts_is_raised_when_it_is_another_one(
    world: "OutsideWorld",
) -> None:
    world.disturb("sts.AssumeRole", refuse_in_xml("RegionDisabledException"))

    with pytest.raises(ClientError, match="RegionDisabledException"):
        open_account(builders.foreign_account(), builders.REGION)


def start(world: "OutsideWorld", server_id: str) -> Any:
    account = open_account({}, builders.REGION)
    return account.drs_start.start_recovery(
        isDrill=True, sourceServers=[{"sourceServerID": server_id}]
    )


def test_start_is_sent_again_when_it_was_throttled(
    world: "OutsideWorld",
) -> None:
    server_id = world.add_server()
    throttled = refuse("ThrottlingException", 429)
    world.disturb("drs.StartRecovery", throttled, throttled)

    job = start(world, server_id)["job"]

    assert world.jobs() == [job["jobID"]]
    assert world.waits == [1, 2]


def test_start_is_given_up_when_it_is_throttled_for_too_long(
    world: "OutsideWorld",
) -> None:
    server_id = world.add_server()
    throttled = refuse("ThrottlingException", 429)
    attempts = account_access.MAX_THROTTLED_STARTS
    world.disturb("drs.StartRecovery", *[throttled] * attempts)

    with pytest.raises(ClientError, match="ThrottlingException"):
        start(world, server_id)

    assert world.waits == [1, 2, 4, 8]
    assert world.jobs() == []


@pytest.mark.parametrize(
    "mishap", [say_nothing, refuse("InternalServerException", 500)]
)
def test_start_is_sent_once_when_its_outcome_is_not_known(
    world: "OutsideWorld", mishap: Any
) -> None:
    server_id = world.add_server()
    world.disturb("drs.StartRecovery", mishap)

    with pytest.raises(Exception, match="timeout|InternalServerException"):
        start(world, server_id)

    assert world.waits == []
    assert world.jobs() == []


def make_default(world: "OutsideWorld", server_id: str) -> Any:
    """Make the only version of a launch template the default."""
    current = world.drs.get_launch_configuration(sourceServerID=server_id)
    return open_account({}, builders.REGION).ec2.modify_launch_template(
        LaunchTemplateId=current["ec2LaunchTemplateID"], DefaultVersion="1"
    )


@pytest.fixture
def longest_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make our own pauses as long as they may be, and list them."""
    drawn: list[float] = []

    def uniform(low: float, high: float) -> float:
        assert low == 0
        drawn.append(high)
        return high

    monkeypatch.setattr(random, "uniform", uniform)
    return drawn


def test_template_is_changed_when_ec2_throttled_it_for_long(
    world: "OutsideWorld", longest_pauses: list[float]
) -> None:
    server_id = world.add_server()
    throttled = refuse_in_xml("RequestLimitExceeded", 503)
    world.disturb("ec2.ModifyLaunchTemplate", *[throttled] * 7)

    answer = make_default(world, server_id)

    assert answer["LaunchTemplate"]["DefaultVersionNumber"] == 1
    assert longest_pauses == [1, 2, 4, 8, 16, 20, 20]
    # botocore has its own for the first ones.
    assert world.waits[4:] == [16, 20, 20]


def test_version_is_created_when_ec2_throttled_it_for_long(
    world: "OutsideWorld", longest_pauses: list[float]
) -> None:
    server_id = world.add_server()
    current = world.drs.get_launch_configuration(sourceServerID=server_id)
    throttled = refuse_in_xml("RequestLimitExceeded", 503)
    world.disturb("ec2.CreateLaunchTemplateVersion", *[throttled] * 7)

    created = open_account(
        {}, builders.REGION
    ).ec2.create_launch_template_version(
        LaunchTemplateId=current["ec2LaunchTemplateID"],
        SourceVersion="1",
        LaunchTemplateData={"InstanceType": "m5.large"},
    )

    assert created["LaunchTemplateVersion"]["VersionNumber"] == 2
    assert longest_pauses == [1, 2, 4, 8, 16, 20, 20]


def test_template_is_given_up_when_ec2_throttles_it_for_too_long(
    world: "OutsideWorld",
) -> None:
    server_id = world.add_server()
    throttled = refuse_in_xml("RequestLimitExceeded", 503)
    world.disturb("ec2.ModifyLaunchTemplate", *[throttled] * 8)

    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        make_default(world, server_id)

    assert world.mishaps_left("ec2.ModifyLaunchTemplate") == 0
    assert len(world.waits) == 7


def test_one_pause_is_drawn_when_the_container_has_served_many_waves(
    world: "OutsideWorld", longest_pauses: list[float]
) -> None:
    server_id = world.add_server()
    for _ in range(3):
        make_default(world, server_id)
    throttled = refuse_in_xml("RequestLimitExceeded", 503)
    world.disturb("ec2.ModifyLaunchTemplate", throttled)

    make_default(world, server_id)

    assert longest_pauses == [1]


def test_client_is_made_once_for_an_account(world: "OutsideWorld") -> None:
    account = open_account(builders.foreign_account(), builders.REGION)

    assert account.ec2 is account.ec2
    assert account.drs is not account.drs_start


@pytest.mark.parametrize(
    ("mishap", "attempts"),
    [
        (refuse_in_xml("InternalError", 500), 5),
        (say_nothing, 5),
        (refuse_in_xml("UnauthorizedOperation", 403), 1),
    ],
)
def test_change_is_tried_as_other_calls_when_it_is_not_throttled(
    world: "OutsideWorld", mishap: Any, attempts: int
) -> None:
    server_id = world.add_server()
    world.disturb("ec2.ModifyLaunchTemplate", *[mishap] * attempts)

    with pytest.raises(Exception, match="timeout|InternalError|Unauth"):
        make_default(world, server_id)

    assert world.mishaps_left("ec2.ModifyLaunchTemplate") == 0
    assert len(world.waits) == attempts - 1


@pytest.mark.parametrize(
    ("document", "context"),
    [
        ({}, {}),
        ({"accountContext": None}, {}),
        ({"accountContext": {"accountId": "1"}}, {"accountId": "1"}),
        ({"account_context": {"accountId": "2"}}, {"accountId": "2"}),
        (
            {"accountContext": {}, "account_context": {"accountId": "2"}},
            {"accountId": "2"},
        ),
        (
            {
                "accountContext": {"accountId": "1"},
                "account_context": {"accountId": "2"},
            },
            {"accountId": "1"},
        ),
    ],
)
def test_account_context_is_read_under_both_names(
    document: dict[str, Any], context: dict[str, Any]
) -> None:
    assert get_account_context(document) == context
