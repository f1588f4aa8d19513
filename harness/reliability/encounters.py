"""What others do in the middle of an execution, at one of its points."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.cloud.calls import STATE_MACHINE, AwsCall
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.reliability import outcomes
from harness.reliability.points import Point, Points
from harness.reliability.runs import Execution
from harness.reliability.scenes import Scene, group_id


@dataclass
class Moment:
    """The moment before a call of an execution is sent.

    Attributes:
        function: Which the state machine invoked last.
        event: What it sent.
    """

    execution: Execution
    function: str = ""
    event: dict[str, Any] = field(default_factory=dict)

    @property
    def cloud(self) -> LocalCloud:
        """The cloud it happens in."""
        return self.execution.cloud


# What somebody does; whether there was anything to be done.
Deed = Callable[[Moment], bool]


class Encounter:
    """Somebody who does something at one point of an execution.

    Whatever is done runs to its end before the call is sent: it happens in
    the thread that makes the call.

    Attributes:
        jobs_after: How many DRS jobs there were when the step had ended
            in which it was done; None if it was not done.
    """

    def __init__(self, execution: Execution, point: Point, deed: Deed) -> None:
        """Wait for the point from now on."""
        self.jobs_after: int | None = None
        self._point = point
        self._deed = deed
        self._points = Points()
        self._acting = False
        self._moment = Moment(execution)
        execution.cloud.on_call(before=self._before)
        execution.cloud.on_invocation(self._after_step)

    def _before(self, call: AwsCall) -> None:
        if self._acting:
            return
        if call.function == STATE_MACHINE and "Payload" in call.params:
            self._moment.function = call.params["FunctionName"]
            self._moment.event = json.loads(call.params["Payload"])
        if self._points.of(call) == self._point:
            self._act()

    def _act(self) -> None:
        self._acting = True
        try:
            self._moment.execution.faults += self._deed(self._moment)
        finally:
            self._acting = False

    def _after_step(self, invocation: Invocation) -> None:
        execution = self._moment.execution
        if self._acting or invocation.caller is not None:
            return
        if execution.faults and self.jobs_after is None:
            self.jobs_after = len(outcomes.jobs(execution.scene))


def same_step(moment: Moment) -> bool:
    """Deliver the event that is being handled once more."""
    moment.cloud.invoke(moment.function, moment.event)
    return True


def cancel(moment: Moment) -> bool:
    """Ask to cancel the execution."""
    return moment.execution.operator.request_cancel()


def pause(moment: Moment) -> bool:
    """Ask to pause the execution."""
    return moment.execution.operator.request_pause()


def delete_groups(moment: Moment) -> bool:
    """Delete all protection groups."""
    for number in moment.execution.scene.groups():
        key = {"groupId": group_id(number)}
        moment.cloud.tables.delete("ProtectionGroupsTable", key)
    return True


def edit_groups(other: Scene) -> Deed:
    """Make a deed that stores the protection groups of another scene."""

    def edit(moment: Moment) -> bool:
        for group in other.groups().values():
            moment.cloud.put_protection_group(group)
        return True

    return edit


def begin(other: Execution, late: float = 0) -> Deed:
    """Make a deed that takes the first step of another execution.

    Args:
        other: Created before.
        late: Virtual seconds that pass before, while the call of the first
            execution is held up.
    """

    def take_first_step(moment: Moment) -> bool:
        moment.cloud.clock.sleep(late)
        event = other.scene.begin_event(other.execution_id)
        moment.cloud.invoke(moment.function, event)
        return True

    return take_first_step
