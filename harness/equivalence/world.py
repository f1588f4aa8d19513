"""One world: a scenario carried out step by step in a local cloud."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from harness import drs
from harness.cloud import caller, project
from harness.cloud.calls import AwsCall, Fault
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.equivalence import call_order
from harness.equivalence.driving import (
    Attempt,
    Driver,
    Event,
    NothingToDeliverError,
    status_of,
)
from harness.equivalence.recorded_stage import (
    RecordedSetup,
    RecordedStage,
    pace_jobs,
)
from harness.equivalence.scenarios import (
    Group,
    Implementation,
    Server,
    Setup,
    Step,
    Trouble,
)
from harness.equivalence.sides import Code
from harness.equivalence.stage import PACES, ScenarioStage, Stage
from harness.equivalence.step_watching import Document, StepWatcher
from harness.equivalence.troubles import TroubleMaker

POLL_INTERVAL = 30


class UnknownStepError(ValueError):
    """A step does something that nobody can do."""

    def __init__(self, do: str, known: list[str]) -> None:
        super().__init__(f"No step {do!r}, known: {', '.join(known)}")


@dataclass(frozen=True)
class Outcome:
    """What a step led to.

    Attributes:
        observation: What an outsider sees now.
        next_action: What the state machine would do now; None at an end.
        status: The state's status; None before the first answer.
        troubles_met: Troubles that met their call.
    """

    observation: Document
    next_action: str | None
    status: str | None
    troubles_met: tuple[Trouble, ...]


class CodeNotImportedError(Exception):
    """A side's code cannot be imported, so nothing can be said of it."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(
            f"its code cannot be imported: {error['errorMessage']}. What it "
            "imports must stand in its folder or beside it"
        )


class World:
    """A local cloud in which one side's code handles every event.

    Only one can be entered at a time in a process.
    """

    def __init__(self, code: Code, start: datetime | None = None) -> None:
        """Prepare a world.

        Args:
            code: The Lambda folders, and which function is whose.
            start: First moment of its virtual time, if it matters.
        """
        deployment = replace(
            project.deployment("refactored"), lambda_root=code.root
        )
        self._code = code
        settings = LocalCloudSettings(limit=60)
        if start is not None:
            settings = replace(settings, start=start)
        self._cloud = LocalCloud(settings, deployment)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._cloud)
            self._stack = stack.pop_all()
        self._listening = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self._stack.close()

    def open(self, setup: Setup | RecordedSetup) -> None:
        """Begin a scenario in a world as new."""
        self._listening.close()
        self._cloud.reset(seed=setup.seed)
        self._stage = self._set_up(setup)
        self._opened_at = self._cloud.clock.now()
        self._driver = Driver(self._stage.begin_event())
        self._watcher = StepWatcher(self._cloud, self._stage)
        self._trouble = self._trouble_maker(())
        self._cloud.on_call(before=self._before)
        self._listening = ExitStack()
        self._listening.enter_context(self._watcher.listening())

    def perform(self, step: Step) -> Outcome:
        """Let a step happen.

        Raises:
            UnknownStepError: Nobody can do that.
            CodeNotImportedError: The Lambda cannot be imported.
            BaseException: What the world's own part in it raised.
        """
        self._trouble = self._trouble_maker(step.troubles)
        try:
            attempts = self._do(step)
        except NothingToDeliverError:
            attempts = []
        # The Lambda may have taken it for an error of AWS.
        if failures := self._cloud.hook_failures.take():
            raise failures[0]
        _require_code(attempts)
        return Outcome(
            observation=self._watcher.observe(attempts),
            next_action=self._driver.next_action(),
            status=status_of(self._driver.state),
            troubles_met=tuple(self._trouble.made),
        )

    def _set_up(self, setup: Setup | RecordedSetup) -> Stage:
        if isinstance(setup, RecordedSetup):
            return RecordedStage(self._cloud, setup)
        drs.reset(setup.seed, PACES[setup.pace])
        return ScenarioStage(self._cloud, setup)

    @property
    def _scenery(self) -> ScenarioStage:
        """The stage, where a scenario's steps change it."""
        # Of a recording only events and wishes are carried out.
        assert isinstance(self._stage, ScenarioStage)
        return self._stage

    def _trouble_maker(self, troubles: Sequence[Trouble]) -> TroubleMaker:
        return TroubleMaker(
            troubles, self._invoke_again, self._ask, self._server_of
        )

    def _server_of(self, call: AwsCall) -> str:
        owners = call_order.owners(self._stage.regions())
        return call_order.server_of(call, owners)

    def _ask(self, wish: str) -> None:
        operator = self._stage.operator
        if wish.startswith("cancel"):
            operator.request_cancel()
        else:
            operator.request_pause()

    def _before(self, call: AwsCall) -> Fault | None:
        return self._trouble.before(call)

    def _do(self, step: Step) -> list[Attempt]:
        if step.do in DELIVERIES:
            event, follows = DELIVERIES[step.do](self, step.value)
            return self._driver.deliver(
                event,
                self._handler(step.by),
                self._cloud.clock.sleep,
                follows,
            )
        if step.do not in _CHANGES:
            known = sorted([*DELIVERIES, *_CHANGES])
            raise UnknownStepError(step.do, known)
        _CHANGES[step.do](self, step.value)
        return []

    def _handler(self, by: Implementation) -> Callable[[Event], Invocation]:
        function = self._code.function(by)
        return lambda event: self._cloud.invoke(function, event)

    def _invoke_again(self, call: AwsCall) -> None:
        payload = call.params["Payload"]
        with caller.outside():
            self._cloud.invoke(
                call.params["FunctionName"], json.loads(payload)
            )

    def _go_on(self, seconds: Any) -> tuple[Event, bool]:
        action = self._driver.next_action()
        if action is None:
            raise NothingToDeliverError
        if action == "update_wave_status":
            self._cloud.clock.sleep(seconds or POLL_INTERVAL)
        return self._driver.event(action), True

    def _repeat(self, of: Any) -> tuple[Event, bool]:
        return self._driver.earlier(of or 0), False

    def _stale(self, value: Any) -> tuple[Event, bool]:
        action, of = value
        return self._driver.event(action, of), False

    def _out_of_turn(self, action: Any) -> tuple[Event, bool]:
        return self._driver.event(action), True

    def _recorded(self, value: Any) -> tuple[Event, bool]:
        elapsed = self._cloud.clock.now() - self._opened_at
        self._cloud.clock.sleep(value["at"] - elapsed.total_seconds())
        pace_jobs(self._stage.regions(), value["job"])
        return value["event"], True


def _require_code(attempts: Iterable[Attempt]) -> None:
    for attempt in attempts:
        error = attempt.error or {}
        if error.get("errorType") == "Runtime.ImportModuleError":
            raise CodeNotImportedError(error)


DELIVERIES: dict[str, Callable[[World, Any], tuple[Event, bool]]] = {
    # What the state machine does next; polls come after some seconds.
    "go on": World._go_on,
    # An event that was delivered before arrives once more.
    "repeat": World._repeat,
    # An action with the state of an older answer; the answer is lost.
    "stale": World._stale,
    # An action now, whatever the state machine would do.
    "out of turn": World._out_of_turn,
    # An event as it was recorded, so many seconds after the beginning; how
    # long a DRS job takes that it may start.
    "recorded": World._recorded,
}
_CHANGES: dict[str, Callable[[World, Any], object]] = {
    "wait": lambda world, seconds: world._cloud.clock.sleep(seconds),
    # The state travels: one of another peer may wait for less than a year.
    "limit wait": lambda world, seconds: world._driver.limit_wait(seconds),
    # Keys that a version does not know pass through.
    "add key": lambda world, name: world._driver.add_key(name),
    "cancel": lambda world, _: world._stage.operator.request_cancel(),
    "pause": lambda world, _: world._stage.operator.request_pause(),
    "add server": lambda world, value: world._scenery.add_server(
        Server(**value)
    ),
    "fail server": lambda world, value: world._scenery.fail_server(*value),
    "untag server": lambda world, index: world._scenery.untag_server(index),
    "remove server": lambda world, index: world._scenery.remove_server(index),
    "put group": lambda world, value: world._scenery.put_group(
        value["index"], Group(**value["group"])
    ),
    "delete group": lambda world, index: world._scenery.delete_group(index),
}
