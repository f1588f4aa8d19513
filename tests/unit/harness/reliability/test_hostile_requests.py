"""Hostile requests meet the real Lambdas, at a step of an execution."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.reliability import hostile, worlds
from harness.reliability.hostile import Batch
from harness.reliability.hostile_answers import ask, ask_aside
from harness.reliability.hostile_judge import passed_contract, wrongs
from harness.reliability.hostile_requests import HostileRequest
from harness.reliability.hostile_stages import (
    EXTERNAL_ID,
    ORCHESTRATIONS,
    Stage,
    StagedWorld,
    good_requests,
)
from harness.reliability.parts import Case
from harness.reliability.worlds import World

# The poll that ends the first wave and starts the second.
STAGE = Stage("target", 2)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with worlds.entered("refactored") as world:
        yield world


@pytest.fixture
def staged(world: World) -> StagedWorld:
    return StagedWorld(world)


def test_every_lambda_is_asked_something_good_first(
    staged: StagedWorld,
) -> None:
    requests = good_requests(staged, STAGE)

    folders = {request.function for request in requests}
    assert folders == {*ORCHESTRATIONS, "execution-handler", "query-handler"}
    for request in requests:
        staged.put(STAGE)
        payload = json.dumps(request.document)
        answer = ask(staged, request.function, payload.encode())
        assert passed_contract(answer)
        assert wrongs(answer, staged.folders) == []
        assert HostileRequest(request.function, payload).passes
        assert EXTERNAL_ID in payload


def test_the_world_stays_as_it_is_when_a_request_is_tried_aside(
    staged: StagedWorld,
) -> None:
    request, *_ = good_requests(staged, STAGE)
    staged.put(STAGE)
    payload = json.dumps(request.document).encode()

    first = ask_aside(staged, request.function, payload)
    second = ask_aside(staged, request.function, payload)

    assert first.history == second.history
    assert len(first.history["waves"]) == 2
    assert len(ask(staged, request.function, b"{").invocations) == 0
    assert staged.world.cloud.calls == []


def test_nothing_is_wrong_with_a_batch_of_hostile_requests(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = hostile.carry_out(
        world, Case("requests target 2 0", Batch(30, STAGE))
    )

    assert [finding.violations for finding in result.findings] == []
    assert result.runs == 30
    assert result.survived > 3
    assert result.ended > 3
