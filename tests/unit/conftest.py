"""The world around the Lambdas, and the Lambdas of both orchestrations."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from harness.cloud.lambda_loader import LambdaLoader
from tests.unit.lambdas import Lambdas, Refactored, Reference
from tests.unit.outside_world import (
    EXECUTION_HANDLER,
    GROUPS,
    HISTORY,
    QUERY_HANDLER,
    OutsideWorld,
    mocked_aws,
    outside_world,
)

LAMBDA = Path(__file__).parents[2] / "lambda"
ENVIRONMENT = {
    "CONTRACT_RESPONSES": "refuse",
    "EXECUTION_HISTORY_TABLE": HISTORY,
    "PROTECTION_GROUPS_TABLE": GROUPS,
    "EXECUTION_HANDLER_ARN": EXECUTION_HANDLER,
    "QUERY_HANDLER_ARN": QUERY_HANDLER,
}


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """Mock AWS once for all tests of a module."""
    with mocked_aws():
        yield


@pytest.fixture
def world(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OutsideWorld]:
    """Give the outside of a Lambda: tables, DRS, EC2, other Lambdas."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with outside_world() as made:
        yield made


@pytest.fixture
def server_id(world: OutsideWorld) -> str:
    """Give the one server of the group, and a running execution."""
    added = world.add_server()
    world.put_group(sourceServerIds=[added])
    world.put_execution(status="RUNNING")
    return added


@pytest.fixture(scope="session")
def load_index() -> Callable[[str], ModuleType]:
    """Give a function that loads the index.py of a Lambda folder once."""

    @cache
    def load(folder: str) -> ModuleType:
        with LambdaLoader(LAMBDA) as loader:
            return sys.modules[loader.handler(folder).__module__]

    return load


@pytest.fixture(params=["refactored", "reference"])
def lambdas(
    request: pytest.FixtureRequest,
    world: OutsideWorld,
    load_index: Callable[[str], ModuleType],
) -> Lambdas:
    """Give the steps of an orchestration: each test runs for both."""
    if request.param == "reference":
        return Reference(load_index("orchestration-stepfunctions"))
    refactored = Refactored(
        load_index("dr-orchestration-stepfunction"),
        load_index("execution-handler"),
        load_index("query-handler"),
    )
    refactored.connect(world)
    return refactored
