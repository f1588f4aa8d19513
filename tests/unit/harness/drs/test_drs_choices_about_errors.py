"""Choices about the members and the classes of errors."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from harness import drs

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

STAGING = "210987654321"
NONE = "0" * 17
CONFLICT_OR_VALIDATION = ["ConflictException", "ValidationException"]
REFUSALS = ["AccessDeniedException", *CONFLICT_OR_VALIDATION]


def refusal(emulator: Emulator, operation: str, **request: Any) -> Any:
    with pytest.raises(ClientError) as error:
        getattr(emulator.drs, operation)(**request)
    return error.value.response


def code_of(emulator: Emulator, operation: str, **request: Any) -> str:
    found = refusal(emulator, operation, **request)["Error"]["Code"]
    return str(found)


def arn(kind: str, name: str) -> str:
    return f"arn:aws:drs:us-east-1:123456789012:{kind}/{name}"


PLAN_ARN = arn("recovery-plan", NONE)
UNKNOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "source_server": (
        "get_launch_configuration",
        {"sourceServerID": f"s-{NONE}"},
    ),
    "recovery_instance": (
        "disconnect_recovery_instance",
        {"recoveryInstanceID": f"i-{NONE}"},
    ),
    "job": ("delete_job", {"jobID": f"drsjob-{NONE}"}),
    "launch_configuration_template": (
        "delete_launch_configuration_template",
        {"launchConfigurationTemplateID": f"lct-{NONE}"},
    ),
    "recovery_plan": ("get_recovery_plan", {"recoveryPlanArn": PLAN_ARN}),
    "recovery_plan_step": (
        "get_recovery_plan_step",
        {"recoveryPlanStepArn": arn("recovery-plan-step", NONE)},
    ),
    "recovery_plan_execution": (
        "get_recovery_plan_execution",
        {"recoveryPlanExecutionArn": arn("recovery-plan-execution", NONE)},
    ),
    "recovery_plan_execution_step": (
        "get_recovery_plan_execution_step",
        {"recoveryPlanExecutionStepArn": arn("execution-step", NONE)},
    ),
    "unknown": (
        "list_tags_for_resource",
        {"resourceArn": arn("source-server", f"s-{NONE}")},
    ),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_an_error_calls_the_kind_of_a_resource_as_chosen(
    emulator: Emulator, kind: str
) -> None:
    types = drs.ResourceTypes(**{kind: "thing"})
    emulator.choose(resource_types=types)
    emulator.initialize()

    found = {
        name: refusal(emulator, operation, **request)["resourceType"]
        for name, (operation, request) in UNKNOWN.items()
    }

    usual = {each.name: each.default for each in fields(drs.ResourceTypes)}
    usual.pop("recovery_snapshot")
    assert found == usual | {kind: "thing"}


@pytest.mark.parametrize("name", ["RecoverySnapshot", "pit"])
def test_an_error_calls_a_snapshot_as_chosen(
    emulator: Emulator, name: str
) -> None:
    types = drs.ResourceTypes(recovery_snapshot=name)
    emulator.choose(resource_types=types)
    chosen = {"recoverySnapshotID": f"pit-{NONE}"}
    wanted = [{"sourceServerID": emulator.add("web"), **chosen}]

    answer = refusal(emulator, "start_recovery", sourceServers=wanted)

    assert answer["resourceType"] == name


@pytest.mark.parametrize(
    ("form", "named"), [("as_named", PLAN_ARN), ("last_part", NONE)]
)
def test_an_error_names_a_resource_in_the_chosen_form(
    emulator: Emulator, form: Any, named: str
) -> None:
    emulator.choose(errors=drs.ErrorOptions(resource_ids=form))
    emulator.initialize()

    operation, request = UNKNOWN["recovery_plan"]

    assert refusal(emulator, operation, **request)["resourceId"] == named


@pytest.mark.parametrize("shown", [True, False])
def test_the_body_of_an_error_repeats_its_class_when_so_chosen(
    emulator: Emulator, shown: bool
) -> None:
    emulator.choose(errors=drs.ErrorOptions(shows_code=shown))
    emulator.initialize()

    operation, request = UNKNOWN["job"]
    answer = refusal(emulator, operation, **request)

    code = "ResourceNotFoundException"
    assert answer["Error"]["Code"] == code
    assert answer.get("code") == (code if shown else None)


@pytest.mark.parametrize("service", ["drs", "elasticdisasterrecovery", None])
def test_an_error_about_a_quota_names_the_service_as_chosen(
    emulator: Emulator, service: str | None
) -> None:
    quotas = drs.Quotas(servers_per_job=0, recovery_plans=0)
    errors = drs.ErrorOptions(service_code=service)
    emulator.choose(errors=errors, quotas=quotas)
    wanted = [{"sourceServerID": emulator.add("web")}]

    job = refusal(emulator, "start_recovery", sourceServers=wanted)
    plan = refusal(emulator, "create_recovery_plan", name="plan")

    named = (job.get("serviceCode"), plan.get("serviceCode"))
    assert named == (service, service)


@pytest.mark.parametrize("reason", ["other", "fieldValidationFailed"])
def test_a_request_that_no_constraint_refuses_has_the_chosen_reason(
    emulator: Emulator, reason: Any
) -> None:
    emulator.choose(errors=drs.ErrorOptions(other_reason=reason))
    server = {"sourceServerID": emulator.add("web")}

    answer = refusal(emulator, "start_recovery", sourceServers=[server] * 2)

    assert answer["Error"]["Code"] == "ValidationException"
    assert answer["reason"] == reason


def trusting(emulator: Emulator) -> Emulator:
    staging = emulator.within(STAGING, emulator.region_name)
    emulator.initialize()
    staging.initialize()
    staging.trust(emulator.account_id)
    return staging


@pytest.mark.parametrize("code", REFUSALS)
def test_what_only_a_staging_account_may_do_is_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(extended=code))
    staging = trusting(emulator)
    made = emulator.drs.create_extended_source_server(
        sourceServerArn=staging.arn(staging.add("web"))
    )["sourceServer"]

    request = {"sourceServerID": made["sourceServerID"], "name": "new"}
    operation = "update_replication_configuration"
    assert code_of(emulator, operation, **request) == code


@pytest.mark.parametrize("code", REFUSALS)
def test_a_server_that_is_not_extensible_is_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(not_extensible=code))
    staging = trusting(emulator)
    request = {"sourceServerArn": staging.arn(staging.add("web"))}
    emulator.drs.create_extended_source_server(**request)

    operation = "create_extended_source_server"
    assert code_of(emulator, operation, **request) == code


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        (("place", "trust", "known"), "AccessDeniedException"),
        (("known", "trust"), "ResourceNotFoundException"),
        (("quota", "trust"), "ServiceQuotaExceededException"),
        ((), "ResourceNotFoundException"),
    ],
)
def test_the_first_check_of_an_extension_refuses_in_the_chosen_order(
    emulator: Emulator, checks: Any, code: str
) -> None:
    quotas = drs.Quotas(source_servers=0)
    emulator.choose(extension_checks=checks, quotas=quotas)
    staging = emulator.within(STAGING, emulator.region_name)
    emulator.initialize()
    staging.initialize()

    request = {"sourceServerArn": staging.arn(f"s-{NONE}")}
    operation = "create_extended_source_server"
    assert code_of(emulator, operation, **request) == code


def test_a_server_is_extended_twice_when_nothing_is_checked(
    emulator: Emulator,
) -> None:
    emulator.choose(extension_checks=())
    staging = trusting(emulator)
    request = {"sourceServerArn": staging.arn(staging.add("web"))}

    for _ in range(2):
        emulator.drs.create_extended_source_server(**request)

    found = emulator.drs.describe_source_servers()["items"]
    assert len({each["sourceServerID"] for each in found}) == 2


@pytest.mark.parametrize("code", CONFLICT_OR_VALIDATION)
def test_settings_of_a_disconnected_server_are_refused_with_the_chosen_class(
    emulator: Emulator, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(disconnected=code))
    request = {"sourceServerID": emulator.add("web")}
    emulator.drs.disconnect_source_server(**request)

    operation = "update_launch_configuration"
    assert code_of(emulator, operation, copyTags=True, **request) == code


@pytest.mark.parametrize("changeable", [{"replication"}, {"launch"}])
def test_a_disconnected_server_takes_the_chosen_settings(
    emulator: Emulator, changeable: set[Any]
) -> None:
    emulator.choose(changeable_when_disconnected=frozenset(changeable))
    server = emulator.add("web")
    emulator.drs.disconnect_source_server(sourceServerID=server)

    taken = set()
    for kind in ("launch", "replication"):
        update = getattr(emulator.drs, f"update_{kind}_configuration")
        try:
            update(sourceServerID=server, name="new")
            taken.add(kind)
        except emulator.drs.exceptions.ConflictException:
            pass

    assert taken == changeable


@pytest.mark.parametrize("code", CONFLICT_OR_VALIDATION)
@pytest.mark.parametrize(
    ("situation", "change"),
    [
        ("unknown_disk", {"replicatedDisks": [{"deviceName": "/dev/none"}]}),
        (
            "long_retention",
            {
                "pitPolicy": [
                    {"units": "DAY", "interval": 1, "retentionDuration": 366}
                ]
                * 3
            },
        ),
    ],
)
def test_settings_of_replication_are_refused_with_the_chosen_class(
    emulator: Emulator, situation: str, change: Any, code: Any
) -> None:
    emulator.choose(error_codes=drs.ErrorCodes(**{situation: code}))
    request = {"sourceServerID": emulator.add("web"), **change}

    operation = "update_replication_configuration"
    assert code_of(emulator, operation, **request) == code
