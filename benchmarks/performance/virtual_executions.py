"""Executions whose functions run from their packages, timed from outside.

The functions run as in Lambda, each in a process of its own with AWS's
runtime client, and talk to the local cloud over HTTP. What an invocation
takes of its own is the time from its request to its answer without the times
in which its AWS calls were answered, inner functions among them.
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.performance.plans import Size, carry_out, cloud, order
from harness.cloud.calls import AwsCall
from harness.cloud.local_cloud import LocalCloud
from harness.drill import items


@dataclass
class Invoked:
    """One invocation.

    Attributes:
        folder: Of the function's code.
        own: Seconds of its own.
        calls: AWS calls that it made, by `service.Operation`, in order.
        inner: Those that it invoked.
    """

    folder: str
    memory: int
    own: float = 0
    calls: list[str] = field(default_factory=list)
    inner: list["Invoked"] = field(default_factory=list)

    def everything(self) -> Iterator["Invoked"]:
        """Give this one and all those inside."""
        yield self
        for each in self.inner:
            yield from each.everything()

    def seconds(self, latency: float) -> float:
        """Tell how long it lasts when each AWS call takes so long."""
        waited = latency * len(self.calls)
        return self.own + waited + sum(i.seconds(latency) for i in self.inner)


@dataclass(frozen=True)
class Execution:
    """What an execution consists of.

    Attributes:
        waited: Virtual seconds that the state machine waited.
        transitions: States that were entered.
        item_bytes: Of the execution's record at the end, as JSON.
        steps: What the state machine invoked.
    """

    waited: float
    transitions: int
    item_bytes: int
    steps: tuple[Invoked, ...]

    def seconds(self, latency: float) -> float:
        """Tell how long it lasts when each AWS call takes so long."""
        called = sum(latency + step.seconds(latency) for step in self.steps)
        return self.waited + called

    def invocations(self) -> list[Invoked]:
        """Give all invocations, outer before inner."""
        return [each for step in self.steps for each in step.everything()]


def carried_out(
    size: Size, side: str, packages: Path | None, times: int
) -> list[Execution]:
    """Carry a plan out several times; only at first are functions cold.

    Args:
        packages: Folder of the functions' zips; None runs the sources.
    """
    with cloud(size, side, packages) as entered:
        return [_once(entered, size, number) for number in range(times)]


def _once(entered: LocalCloud, size: Size, number: int) -> Execution:
    watch = _Watch(entered)
    begin = entered.clock.now()
    arn = carry_out(entered, size, number)
    watch.is_on = False
    waited = (entered.clock.now() - begin).total_seconds()
    kinds = [each.kind for each in entered.transitions(arn)]
    entered_states = sum(kind.endswith("StateEntered") for kind in kinds)
    plan = order(size, number).plan
    key = items.execution_id(plan, number), plan.plan_id
    record = json.dumps(entered.history_item(*key))
    return Execution(waited, entered_states, len(record), tuple(watch.steps))


class _Watch:
    """Follows which call is made in the course of which.

    A function may make calls at the same time, which come in by threads of
    their own.
    """

    def __init__(self, entered: LocalCloud) -> None:
        self.is_on = True
        self.steps: list[Invoked] = []
        functions = entered.deployment.functions
        self._functions = {each.name: each for each in functions}
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        entered.on_call(self._before, self._after)

    def _before(self, call: AwsCall) -> None:
        now = time.perf_counter()
        with self._lock:
            if not self.is_on:
                return
            if outer := self._running.get(call.function):
                outer.wait(call, now)
            if call.operation == "Invoke":
                self._begin(call, now)

    def _begin(self, call: AwsCall, now: float) -> None:
        function = self._functions[_invoked(call)]
        invoked = Invoked(function.folder, function.memory)
        outer = self._running.get(call.function)
        (outer.invoked.inner if outer else self.steps).append(invoked)
        self._running[function.name] = _Running(invoked, now)

    def _after(self, call: AwsCall) -> None:
        now = time.perf_counter()
        with self._lock:
            if not self.is_on:
                return
            if call.operation == "Invoke":
                self._running.pop(_invoked(call)).end(now)
            if outer := self._running.get(call.function):
                outer.go_on(now)


@dataclass
class _Running:
    """An invocation that runs, on its own or waiting for AWS.

    Attributes:
        since: When it began, or last had no call to wait for.
        waiting: How many calls it waits for.
    """

    invoked: Invoked
    since: float
    waiting: int = 0

    def wait(self, call: AwsCall, now: float) -> None:
        """Note that it waits for a call, perhaps for one more."""
        self.invoked.calls.append(f"{call.service}.{call.operation}")
        if not self.waiting:
            self.invoked.own += now - self.since
        self.waiting += 1

    def go_on(self, now: float) -> None:
        """Note that a call was answered, perhaps not the last."""
        self.waiting -= 1
        self.since = now

    def end(self, now: float) -> None:
        """Note that it has answered."""
        self.invoked.own += now - self.since


def _invoked(call: AwsCall) -> str:
    return str(call.params["FunctionName"]).rpartition(":")[2]
