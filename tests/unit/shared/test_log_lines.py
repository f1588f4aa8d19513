"""Both orchestrations log the same, and no secret ever."""

import logging
from typing import TYPE_CHECKING, Any

import pytest

from shared import log_lines
from tests import builders
from tests.unit.outside_world import refuse, refuse_in_xml

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

NAME = f"Execution {builders.EXECUTION_ID}"
SECRETS = (builders.TASK_TOKEN, builders.EXTERNAL_ID)


@pytest.fixture(autouse=True)
def _all_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="drs_orchestration")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "drs_orchestration"
    ]


def test_lines_tell_the_story_of_an_execution(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    server_id = world.add_server()
    world.put_group(
        sourceServerIds=[server_id], launchConfig={"copyTags": True}
    )
    world.put_execution()
    waves = [builders.wave(0), builders.wave(1, pauseBeforeWave=True)]
    plan = builders.plan(waves=waves)

    state = lambdas.handle(builders.begin_event(plan=plan))
    first = state["job_id"]
    world.sleep(60)
    state = lambdas.poll(state)
    world.sleep(1200)
    state = lambdas.poll(state)
    token = {"taskToken": builders.TASK_TOKEN, "application": state}
    lambdas.handle({"action": "store_task_token", **token})
    state = lambdas.handle({"action": "resume_wave", "application": state})
    world.wish("CANCELLING")
    lambdas.poll(state)
    lambdas.poll(state)

    assert lines(caplog) == [
        f"{NAME} of plan {builders.PLAN_ID} begins: 2 waves, drill True",
        f"Server {server_id}: launch configuration applied",
        f"Wave 0 (Tier 0): DRS job {first} started for 1 servers in us-east-1",
        "Wave 0 (Tier 0): CONVERTING, 0 of 1 servers launched",
        "Wave 0 (Tier 0): completed, 1 servers launched",
        f"{NAME} pauses before wave 1",
        f"{NAME} waits for a person before wave 1",
        f"{NAME} resumes with wave 1",
        f"Wave 1 (Tier 1): DRS job {state['job_id']} started for 1 servers "
        "in us-east-1",
        f"{NAME} cancelled on request",
        f"{NAME} has ended already (CANCELLED): nothing to do",
    ]


def began(
    world: "OutsideWorld", lambdas: "Lambdas", server_id: str
) -> dict[str, Any]:
    """Start a wave of one server, and return the state."""
    world.put_group(sourceServerIds=[server_id])
    world.put_execution(status="RUNNING")
    return lambdas.start(builders.state())


def test_line_says_that_an_execution_completed(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = began(world, lambdas, world.add_server())
    world.sleep(1200)
    caplog.clear()

    lambdas.poll(state)

    assert lines(caplog) == [
        "Wave 0 (Tier 0): completed, 1 servers launched",
        f"{NAME} completed: 1 waves",
    ]


def test_line_says_that_a_wave_was_empty(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.put_group()
    world.put_execution(status="RUNNING")

    lambdas.start(builders.state())

    assert lines(caplog) == [
        "Wave 0 (Tier 0): no servers, nothing to recover",
        f"{NAME} completed: 1 waves",
    ]


def test_line_says_that_a_job_was_adopted(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.put_execution(status="POLLING", waves=[builders.wave_result()])

    lambdas.start(builders.state())

    assert lines(caplog) == [
        f"Wave 0 (Tier 0): DRS job {builders.JOB_ID} had been started, adopted"
    ]


def test_line_says_why_a_wave_failed_to_start(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.put_execution(status="RUNNING")

    lambdas.start(builders.state())

    assert lines(caplog) == [
        "Wave 0 (Tier 0): failed: Protection Group "
        f"{builders.GROUP_ID} not found"
    ]


def test_lines_say_which_server_failed_and_its_wave_with_it(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    server_id = world.add_server(fail_at="launch")
    state = began(world, lambdas, server_id)
    world.sleep(1200)
    caplog.clear()

    lambdas.poll(state)

    assert lines(caplog) == [
        f"Server {server_id}: launch status FAILED",
        "Wave 0 (Tier 0): failed: DRS job completed but no recovery "
        "instances created",
    ]


def test_line_says_that_a_wave_timed_out(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = began(world, lambdas, world.add_server())
    caplog.clear()

    lambdas.poll(state | {"current_wave_max_wait_time": 30})

    assert lines(caplog) == ["Wave 0 (Tier 0): timed out after 30 s"]


def test_lines_say_that_an_end_gave_way_to_a_person_s_wish(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = began(world, lambdas, world.add_server())
    world.sleep(1200)
    pass_on: Any = lambda request: None  # noqa: E731
    cancel: Any = lambda request: world.wish("CANCELLING")  # noqa: E731
    # The end of the wave is written first, then that of the execution.
    world.disturb("dynamodb.UpdateItem", pass_on, cancel)
    caplog.clear()

    lambdas.poll(state)

    assert lines(caplog) == [
        "Wave 0 (Tier 0): completed, 1 servers launched",
        f"{NAME}: COMPLETED not written over CANCELLING",
        f"{NAME} cancelled on request",
    ]


@pytest.mark.parametrize(
    "mishap",
    [
        {"sts.AssumeRole": refuse_in_xml("AccessDenied", 403)},
        {
            "sts.AssumeRole": refuse_in_xml(
                "ValidationError",
                message=f"'{builders.EXTERNAL_ID}' at 'externalId' is wrong",
            )
        },
        {"dynamodb.UpdateItem": refuse("AccessDenied")},
        {"dynamodb.GetItem": refuse("AccessDenied")},
        {},
    ],
    ids=["denied", "malformed", "unwritable", "unreadable", "well"],
)
def test_no_line_and_no_error_holds_a_secret(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
    mishap: dict[str, Any],
) -> None:
    world.put_group(
        sourceServerIds=[world.add_server(account=builders.TARGET)]
    )
    world.put_execution(status="PAUSED", taskToken=builders.TASK_TOKEN)
    context = builders.foreign_account()
    for operation, answer in mishap.items():
        world.disturb(operation, answer)

    state = lambdas.handle(builders.begin_event(accountContext=context))
    said = [*lines(caplog), state["error"], state["status_reason"]]

    assert len(said) > 2
    assert not [each for each in said if each and holds_secret(each)]
    item = world.execution()
    assert not holds_secret(str(item.get("errorMessage")))


def holds_secret(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


def test_every_line_of_the_catalogue_is_ascii() -> None:
    catalogue = [
        text
        for name, text in vars(log_lines).items()
        if name.isupper() and isinstance(text, str)
    ]

    assert len(catalogue) > 20
    assert all(text.isascii() for text in catalogue)
