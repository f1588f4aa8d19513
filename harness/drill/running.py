"""Carry out one order with one orchestration, in a world of its own."""

from contextlib import ExitStack

from harness import drs
from harness.cloud.executions import PAUSED
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.project import Orchestration
from harness.cloud.tables import Item
from harness.drill import items, seeding
from harness.drill.approvals import Approver
from harness.drill.operator import Person
from harness.drill.orders import Order
from harness.drill.pace import Pace
from harness.drill.progress import Progress
from harness.drill.results import Run
from harness.drill.summing_up import Remains, places, sum_up
from harness.drill.views import View
from harness.drill.worlds import world
from harness.equivalence.observing import Witness


def run(
    order: Order, orchestration: Orchestration, approver: Approver, view: View
) -> Run:
    """Recover a plan, from an empty cloud to the end of its execution.

    Raises:
        RealTimeLimitExceeded: The execution neither ends nor waits.
    """
    with ExitStack() as stack:
        with view.preparing(
            f"Setting up the local cloud: {orchestration}, {order.lambdas}"
        ):
            cloud = stack.enter_context(world(order, orchestration))
            seeding.seed(cloud, order)
        return _Drill(cloud, order, orchestration).carry_out(approver, view)


class _Drill:
    """One execution with everybody who watches it."""

    def __init__(
        self, cloud: LocalCloud, order: Order, orchestration: Orchestration
    ) -> None:
        self._cloud = cloud
        self._order = order
        self._orchestration = orchestration
        self._start = cloud.clock.now()
        self._progress = Progress(order.plan, self._start)
        self._witness = Witness(cloud, places(order.plan))
        cloud.on_invocation(self._see_step)

    def carry_out(self, approver: Approver, view: View) -> Run:
        person = Person(self._cloud, self._order, approver, self._progress)
        with ExitStack() as stack:
            self._listen(stack)
            stack.enter_context(self._witness.listening())
            stack.enter_context(view.watching(self._title(), self._progress))
            arn = self._start_execution()
            while self._cloud.wait(arn) == PAUSED:
                person.answer()
        return self._sum_up(arn)

    def _listen(self, stack: ExitStack) -> None:
        see = self._cloud.hook_failures.noting(self._progress.see_job_event)
        stack.callback(drs.subscribe(see))
        if self._order.speed:
            pace = Pace(self._start, self._order.speed)
            stack.callback(pace.release)
            self._cloud.clock.subscribe(pace.keep)

    def _title(self) -> str:
        kind = "drill" if self._order.is_drill else "recovery"
        return f"{self._order.plan.name}: {kind}, {self._orchestration}, {self._order.lambdas}"

    def _start_execution(self) -> str:
        plan, seed = self._order.plan, self._order.seed
        return self._cloud.start_execution(
            items.execution_id(plan, seed),
            items.execution_input(plan, seed, self._order.is_drill),
        )

    def _see_step(self, invocation: Invocation) -> None:
        if invocation.caller is not None:
            return
        now, answer = self._cloud.clock.now(), invocation.json()
        if invocation.function_error:
            error = f"{answer['errorType']}: {answer['errorMessage']}"
            self._progress.tell(now, invocation.function, error)
        else:
            self._progress.see_state(now, answer)

    def _history(self) -> Item:
        plan, seed = self._order.plan, self._order.seed
        key = items.execution_id(plan, seed), plan.plan_id
        return self._cloud.history_item(*key) or {}

    def _sum_up(self, arn: str) -> Run:
        plan, cloud = self._order.plan, self._cloud
        remains = Remains(
            orchestration=self._orchestration,
            lambdas=self._order.lambdas,
            started_at=self._start,
            ended_at=cloud.clock.now(),
            history=self._history(),
            events=tuple(self._progress.events),
            machine_events=tuple(map(dict, cloud.executions.history(arn))),
            invocations=tuple(each.function for each in cloud.invocations),
            observation=self._witness.observation(arn),
        )
        return sum_up(plan, remains)
