"""The patches: each is needed, does what it says, and is undone.

A test called `..._is_needed_...` fails as soon as the library no longer
needs the patch, or no longer has the place where it is applied.
"""

import functools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import moto
import pytest
from botocore import client, endpoint, handlers, hooks, regions, session
from botocore.client import ClientCreator
from botocore.compat import accepts_kwargs
from botocore.hooks import EventAliaser
from botocore.retries.quota import RetryQuota
from moto.core.serialize import (
    AttributePicker,
    AttributePickerContext,
    NoAlias,
    XFormedAttributePicker,
)
from moto.moto_api._internal import mock_random
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.common.retry import (
    jitter_strategy_decl,
    retrier_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (  # noqa: E501
    WaitFunction,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse.asl_parser import (
    AmazonStateLanguageParser,
    ASLParserException,
)

from harness.cloud import moto_patches
from harness.cloud.clock import VirtualClock
from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches.replacement import replaced
from harness.cloud.moto_patches.task_tokens import TaskTokens

START = datetime(2026, 1, 1, tzinfo=UTC)
PLACES: list[tuple[Any, str]] = [
    (WaitFunction, "_wait_interval"),
    (retrier_decl, "time"),
    (jitter_strategy_decl, "random"),
    (execute_state, "threading"),
    (states, "long_uid"),
    (endpoint, "time"),
    (session, "create_loader"),
    (jsonata, "_eval_jsonata"),
    (AmazonStateLanguageParser, "parse"),
    (models, "copy"),
    (client, "ServiceModel"),
    (ClientCreator, "_create_methods"),
    (regions, "EndpointProvider"),
    (EventAliaser, "__init__"),
    (hooks, "accepts_kwargs"),
    (AttributePicker, "get_possible_keys"),
    (XFormedAttributePicker, "get_possible_keys"),
]


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    with VirtualClock(START) as clock:
        yield clock


@pytest.fixture
def patched(clock: VirtualClock) -> Iterator[TaskTokens]:
    ids = SeededIds(0)
    tokens = TaskTokens(ids)
    with moto_patches.applied(clock, ids, tokens):
        yield tokens


def test_everything_is_as_before_when_the_patches_are_left() -> None:
    before = [getattr(owner, name) for owner, name in PLACES]

    with VirtualClock(START) as clock:
        ids = SeededIds(0)
        with moto_patches.applied(clock, ids, TaskTokens(ids)):
            inside = [getattr(owner, name) for owner, name in PLACES]

    assert [getattr(owner, name) for owner, name in PLACES] == before
    assert all(a is not b for a, b in zip(before, inside, strict=True))


def test_a_replacement_fails_when_the_library_lost_the_place() -> None:
    with pytest.raises(AttributeError):
        with replaced(retrier_decl, "no_such_name", None):
            pass


def test_the_patch_of_waits_is_needed_when_moto_waits_for_real() -> None:
    waited: list[float] = []
    event = SimpleNamespace(wait=waited.append)
    environment = SimpleNamespace(
        program_state_event=event, is_running=lambda: False
    )

    WaitFunction._wait_interval(
        SimpleNamespace(), environment, 30  # type: ignore[arg-type]
    )

    assert waited == [30]


@pytest.mark.parametrize("running", [True, False])
def test_a_wait_takes_virtual_time_only_when_the_execution_runs(
    clock: VirtualClock, patched: TaskTokens, running: bool
) -> None:
    environment = SimpleNamespace(is_running=lambda: running)

    WaitFunction._wait_interval(
        SimpleNamespace(), environment, 30  # type: ignore[arg-type]
    )

    assert clock.now() == START + timedelta(seconds=30 if running else 0)


def test_the_patch_of_retries_is_needed_when_moto_sleeps_for_real() -> None:
    assert retrier_decl.time is time
    assert jitter_strategy_decl.random is random


def test_a_retry_sleeps_in_virtual_time_when_patched(
    clock: VirtualClock, patched: TaskTokens
) -> None:
    retrier_decl.time.sleep(2.5)

    assert clock.now() == START + timedelta(seconds=2.5)


def test_jitter_is_the_same_when_the_seed_is(clock: VirtualClock) -> None:
    drawn = []
    for _ in range(2):
        ids = SeededIds(7)
        with moto_patches.applied(clock, ids, TaskTokens(ids)):
            drawn.append(jitter_strategy_decl.random.uniform(0, 2))

    assert drawn[0] == drawn[1]


def test_the_patch_of_backoff_is_needed_when_botocore_sleeps() -> None:
    assert endpoint.time is time


def test_backoff_takes_no_time_at_all_when_patched(
    clock: VirtualClock, patched: TaskTokens
) -> None:
    real = time.monotonic()

    endpoint.time.sleep(600)

    assert clock.now() == START
    assert time.monotonic() - real < 5


def spent_quota() -> RetryQuota:
    quota = RetryQuota(initial_capacity=5)
    quota.acquire(5)
    return quota


def test_the_patch_of_the_quota_is_needed_when_a_client_gives_up() -> None:
    assert not spent_quota().acquire(5)


def test_call_has_all_attempts_when_patched(patched: TaskTokens) -> None:
    assert spent_quota().acquire(5)


def test_the_patch_of_jsonata_is_needed_when_moto_evaluates_nothing() -> None:
    with pytest.raises(TypeError):
        jsonata.eval_jsonata_expression("1 + 1")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 1", 2),
        ("$exists($missing) ? 'a' : 'b'", "b"),
        ("'x' & ': ' & 'y'", "x: y"),
        ("$floor($toMillis('2026-01-01T00:00:00.900Z') / 1000)", 1767225600),
        ("$merge([{'a': 1}, {'b': null}])", {"a": 1, "b": None}),
    ],
)
def test_jsonata_is_evaluated_when_patched(
    patched: TaskTokens, expression: str, value: object
) -> None:
    assert jsonata.eval_jsonata_expression(expression) == value


def test_an_expression_fails_in_motos_terms_when_it_is_wrong(
    patched: TaskTokens,
) -> None:
    with pytest.raises(jsonata.JSONataException):
        jsonata.eval_jsonata_expression("1 +")


def test_the_patch_of_tokens_is_needed_when_moto_ignores_its_seed() -> None:
    drawn = []
    for _ in range(2):
        mock_random.seed(1)
        drawn.append(states.long_uid())

    assert drawn[0] != drawn[1]


def test_tokens_are_the_same_when_the_seed_is(clock: VirtualClock) -> None:
    drawn = []
    for _ in range(2):
        ids = SeededIds(7)
        tokens = TaskTokens(ids)
        with moto_patches.applied(clock, ids, tokens):
            drawn.append([states.long_uid(), states.long_uid()])
        assert tokens.issued == drawn[-1]

    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 2


def test_the_patch_of_timeouts_is_needed_when_moto_waits_for_real() -> None:
    assert execute_state.threading is threading


def test_a_task_times_out_when_virtual_time_reaches_its_deadline(
    clock: VirtualClock, patched: TaskTokens
) -> None:
    answers: list[bool] = []
    event = execute_state.threading.Event()
    waiting = threading.Thread(target=lambda: answers.append(event.wait(60)))

    waiting.start()
    clock.sleep(60)
    waiting.join(10)

    assert answers == [False]


def test_a_task_ends_in_time_when_it_is_over_before_its_deadline(
    clock: VirtualClock, patched: TaskTokens
) -> None:
    event = execute_state.threading.Event()
    event.set()

    assert event.wait(60)
    assert clock.now() == START


@pytest.mark.parametrize(
    ("world", "is_shared"), [("real", False), ("patched", True)]
)
def test_sessions_share_their_loader_only_when_patched(
    request: pytest.FixtureRequest, world: str, is_shared: bool
) -> None:
    if world == "patched":
        request.getfixturevalue("patched")

    loaders = [
        boto3.Session()._session.get_component("data_loader") for _ in range(2)
    ]

    assert (loaders[0] is loaders[1]) == is_shared


def parts(client: Any) -> dict[str, Any]:
    return {
        "model": client.meta.service_model,
        "method": type(client).describe_instances,
        "rules": client._ruleset_resolver._provider,
        "names": client.meta.events._alias_name_cache,
    }


@pytest.mark.parametrize(
    ("world", "shared"),
    [("real", set()), ("patched", {"model", "method", "rules", "names"})],
)
def test_clients_share_their_parts_only_when_patched(
    request: pytest.FixtureRequest, world: str, shared: set[str]
) -> None:
    if world == "patched":
        request.getfixturevalue("patched")

    one, other = (
        parts(boto3.Session(region_name="eu-west-1").client("ec2"))
        for _ in range(2)
    )

    assert {name for name in one if one[name] is other[name]} == shared


def test_an_event_keeps_its_own_name_when_aliases_are_and_patched(
    patched: TaskTokens,
) -> None:
    aliaser: Any = EventAliaser
    emitter = hooks.HierarchicalEmitter()

    names = [
        aliaser(emitter, *aliases)._alias_event_name("docs.ec2")
        for aliases in ((), ({"ec2": "computers"},))
    ]

    assert names == ["docs.ec2", "docs.computers"]


def test_handlers_are_accepted_as_ever_when_patched(
    patched: TaskTokens,
) -> None:
    functions = [entry[1] for entry in handlers.BUILTIN_HANDLERS]
    others = [functools.partial(each) for each in functions]
    refused = [len, TaskTokens, hooks.HierarchicalEmitter().register]

    for function in (*functions, *others, *refused):
        assert bool(hooks.accepts_kwargs(function)) == bool(
            accepts_kwargs(function)
        )


@pytest.mark.parametrize(("world", "listed"), [("real", 2), ("patched", 1)])
def test_names_of_a_value_are_listed_again_only_when_not_patched(
    request: pytest.FixtureRequest, world: str, listed: int
) -> None:
    if world == "patched":
        request.getfixturevalue("patched")
    asked: list[str] = []

    class Counting(NoAlias):
        def has_alias(self, key: str) -> bool:
            asked.append(key)
            return True

    picker = XFormedAttributePicker([Counting])
    found = [
        picker(AttributePickerContext({"job_id": n}, "JobId", shape=None))
        for n in range(2)
    ]

    assert found == [0, 1]
    assert len(asked) == listed


@pytest.mark.parametrize(
    ("world", "is_remembered"), [("real", False), ("patched", True)]
)
def test_a_definition_is_parsed_again_only_when_not_patched(
    request: pytest.FixtureRequest, world: str, is_remembered: bool
) -> None:
    if world == "patched":
        request.getfixturevalue("patched")
    text = '{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}'

    forms = [AmazonStateLanguageParser.parse(text)[0] for _ in range(2)]

    assert (forms[0] is forms[1]) == is_remembered


def test_a_broken_definition_is_refused_each_time_when_patched(
    patched: TaskTokens,
) -> None:
    for _ in range(2):
        with pytest.raises(ASLParserException):
            AmazonStateLanguageParser.parse("{")


def machine_with_a_waiting_execution() -> tuple[Any, str]:
    backend = models.StepFunctionsParserBackend("us-east-1", "123456789012")
    machine = backend.create_state_machine(
        name="machine",
        definition='{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/machine",
    )
    waiting = SimpleNamespace(name="waiting", lock=threading.RLock())
    machine.executions.append(waiting)
    return backend, machine.arn


def test_the_patch_of_starts_is_needed_before_moto_5_2_only() -> None:
    backend, arn = machine_with_a_waiting_execution()
    is_old = tuple(map(int, moto.__version__.split(".")[:2])) < (5, 2)
    refusal = pytest.raises(TypeError, match="RLock")

    with refusal if is_old else nullcontext():
        backend.start_execution(arn, "second", "{}")

    assert len(backend.describe_state_machine(arn).executions) == 2 - is_old


def test_an_execution_starts_when_another_waits_and_moto_is_patched(
    patched: TaskTokens,
) -> None:
    backend, arn = machine_with_a_waiting_execution()

    started = backend.start_execution(arn, "second", "{}")

    assert started.state_machine.executions == []
    assert len(backend.describe_state_machine(arn).executions) == 2
