"""The person at the console: cancels a wave, answers at a pause."""

from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.drill import items
from harness.drill.approvals import Approver
from harness.drill.orders import Order
from harness.drill.progress import Progress


class Person:
    """Does what the order says, at moments that do not depend on luck.

    The plan is cancelled as soon as a step has left the wave, or a later
    one, running (the history then says CANCELLING), or at the pause
    before it (the task token is then answered with a failure).
    """

    def __init__(
        self,
        cloud: LocalCloud,
        order: Order,
        approver: Approver,
        progress: Progress,
    ) -> None:
        """Sit down at the console of a cloud that holds the plan."""
        self._clock = cloud.clock
        self._order = order
        self._approver = approver
        self._progress = progress
        self._has_cancelled = False
        self._console = cloud.operator(
            items.execution_id(order.plan, order.seed), order.plan.plan_id
        )
        cloud.on_invocation(self._after_step)

    def answer(self) -> None:
        """Approve or cancel an execution that waits at a pause."""
        number = self._console.record()["pausedBeforeWave"]
        if self._cancels(number):
            self._cancel_at_gate(number)
            return
        approved = self._approver.approves(number, self._name(number))
        minutes = self._order.plan.approval_minutes
        self._clock.sleep(minutes * 60)
        if approved:
            self._tell(number, f"approved after {minutes:g} minutes")
            self._console.resume()
        else:
            self._cancel_at_gate(number)

    def _after_step(self, invocation: Invocation) -> None:
        if invocation.caller is not None or invocation.function_error:
            return
        state = invocation.json()
        number = state["current_wave_number"]
        running = state["status"] == "running" and state["job_id"]
        if running and self._cancels(number):
            self._has_cancelled = True
            self._tell(number, "a person asks to cancel")
            self._console.request_cancel()

    def _cancels(self, wave_number: int) -> bool:
        wanted = self._order.cancel_at
        asked = wanted is not None and wave_number >= wanted
        return asked and not self._has_cancelled

    def _cancel_at_gate(self, wave_number: int) -> None:
        self._has_cancelled = True
        self._tell(wave_number, "a person cancels at the pause")
        self._console.cancel_at_gate()

    def _name(self, wave_number: int) -> str:
        return self._order.plan.waves[wave_number].name

    def _tell(self, wave_number: int, text: str) -> None:
        place = self._name(wave_number)
        self._progress.tell(self._clock.now(), place, text)
