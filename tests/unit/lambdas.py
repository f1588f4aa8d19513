"""The steps of both orchestrations, called in the same way."""

import copy
import json
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from tests.unit.outside_world import (
    EXECUTION_HANDLER,
    QUERY_HANDLER,
    FunctionFailure,
    LambdaFunction,
    OutsideWorld,
)

State = dict[str, Any]
Event = dict[str, Any]
Document = dict[str, Any]


class Lambdas(Protocol):
    """What an orchestration does, one function for each step."""

    def handle(self, event: Event) -> State:
        """Hand an event to the orchestration Lambda."""

    def start(self, state: State, wave_number: int = 0) -> State:
        """Start a wave."""

    def poll(self, state: State) -> State:
        """Poll the current wave."""

    def configure(self, group: Document, server_ids: list[str]) -> None:
        """Apply a group's launch configuration in the hub account."""


@dataclass
class Reference:
    """All in one Lambda."""

    index: ModuleType

    def handle(self, event: Event) -> State:
        answer: State = self.index.lambda_handler(event, None)
        return answer

    def start(self, state: State, wave_number: int = 0) -> State:
        given = copy.deepcopy(state)
        answer: State = self.index.start_wave_recovery(given, wave_number)
        return answer

    def poll(self, state: State) -> State:
        answer: State = self.index.update_wave_status({"application": state})
        return answer

    def configure(self, group: Document, server_ids: list[str]) -> None:
        configure(self.index, group, server_ids)


@dataclass
class Refactored:
    """One Lambda that carries, two handlers that recover."""

    orchestration: ModuleType
    execution_handler: ModuleType
    query_handler: ModuleType

    def connect(self, world: OutsideWorld) -> None:
        """Let the Lambdas reach each other, as Lambda would."""
        world.functions[EXECUTION_HANDLER] = invocable(self.execution_handler)
        world.functions[QUERY_HANDLER] = invocable(self.query_handler)

    def handle(self, event: Event) -> State:
        answer: State = self.orchestration.lambda_handler(event, None)
        return answer

    def start(self, state: State, wave_number: int = 0) -> State:
        answer: State = self.execution_handler.start_wave_recovery(
            state, wave_number
        )
        return answer

    def poll(self, state: State) -> State:
        answer: State = self.query_handler.poll_wave_status(state)
        return answer

    def configure(self, group: Document, server_ids: list[str]) -> None:
        configure(self.execution_handler, group, server_ids)


def configure(
    index: ModuleType, group: Document, server_ids: list[str]
) -> None:
    """Apply a group's launch configuration as a Lambda does."""
    account = index.open_account({}, group["region"])
    index.apply_launch_config_before_recovery(account, group, server_ids)


def invocable(index: ModuleType) -> LambdaFunction:
    """Make a handler fail as the Lambda service reports a failure."""

    def invoke(event: Event) -> Any:
        try:
            return index.lambda_handler(event, None)
        except Exception as error:
            report = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
            }
            raise FunctionFailure(json.dumps(report).encode()) from error

    return invoke
