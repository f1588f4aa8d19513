"""The machine of rules that looks for a scenario in which two sides part."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from harness.equivalence import draws, memory, trouble_draws
from harness.equivalence.memory import Memory, Standing
from harness.equivalence.pairs import Mismatch, Pair
from harness.equivalence.scenarios import (
    Scenario,
    Setup,
    Step,
    Trouble,
)
from harness.equivalence.trouble_draws import Focus, Troubles
from harness.equivalence.world import Outcome

# Deliveries after an execution's end; each finds the same record.
MAX_LATE = 2
# Enough for three waves at any pace.
MAX_STRETCH = 16


@dataclass(frozen=True)
class Search:
    """What a machine works on, and who is told of it.

    Attributes:
        pair: The two worlds.
        handover: Whether each event may be handled by either side in the
            candidate's world.
        focus: What goes wrong.
        memory: Of scenarios that were carried out in the same worlds.
        seen: Told of each step: the step, the status before it, and what
            came of it.
        ended: Told of each scenario at its end, with the mismatch in it.
    """

    pair: Pair
    handover: bool
    focus: Focus
    memory: Memory
    seen: Callable[[Step, str | None, Outcome], None]
    ended: Callable[[Scenario, "MismatchFoundError | None"], None]


class MismatchFoundError(AssertionError):
    """The two sides part.

    Attributes:
        scenario: What was done, up to the step at which they part.
        mismatch: Where they differ after it.
    """

    def __init__(self, scenario: Scenario, mismatch: Mismatch) -> None:
        self.scenario = scenario
        self.mismatch = mismatch
        first = mismatch.differences[0]
        super().__init__(
            f"step {len(scenario.steps)} ({mismatch.step.do}): {first.path}: "
            f"{first.left!r} is not {first.right!r}"
        )


class OrchestrationMachine(RuleBasedStateMachine):
    """Does whatever may happen to an execution, in both worlds.

    Hypothesis makes a mismatch smaller towards rules with few arguments: what
    is more than a plain step takes no fewer than `go_on`.

    Attributes:
        search: What it works on; given by a subclass, see `machine_for`.
    """

    search: ClassVar[Search]

    def __init__(self) -> None:
        super().__init__()
        self._setup: Setup | None = None
        self.steps: list[Step] = []
        self._finding: MismatchFoundError | None = None
        self._after_end = 0
        self._place = ""
        self._is_live = False
        self.next_action: str | None = "begin"
        self.status: str | None = None

    @initialize(setup=draws.setups, wish=draws.early_wishes)
    def begin(self, setup: Setup, wish: str | None) -> None:
        """Say which world the scenario happens in."""
        self._setup = trouble_draws.fitted(setup, self.search.focus)
        self._place = memory.beginning(self._setup)
        if wish is not None:
            self._perform(Step(wish))

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data(), seconds=draws.seconds)
    def go_on(self, data: st.DataObject, seconds: int) -> None:
        """Let the state machine take its next step."""
        self._deliver(Step("go on", seconds), data)

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data(), seconds=draws.late_seconds)
    def go_on_in_trouble(self, data: st.DataObject, seconds: int) -> None:
        """Let it take its next step while AWS calls fail."""
        self._go_on_in(self._trouble(), data, seconds)

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data(), number=st.integers(2, 6))
    def go_through_trouble(self, data: st.DataObject, number: int) -> None:
        """Let it take some steps, while now and then AWS calls fail."""
        for _ in range(number):
            if self.next_action is None:
                return
            if data.draw(st.booleans()):
                seconds = data.draw(draws.late_seconds)
                self._go_on_in(self._trouble(), data, seconds)
            else:
                self._deliver(Step("go on", 30), data)

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data(), seconds=draws.late_seconds)
    def be_asked_on_the_way(self, data: st.DataObject, seconds: int) -> None:
        """Let a person ask for something between two calls of a step."""
        wishes = trouble_draws.wishes_of_step(*self._expected())
        self._go_on_in(wishes, data, seconds)

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data(), number=st.integers(3, 9))
    def go_on_for_long(self, data: st.DataObject, number: int) -> None:
        """Let the state machine take several steps."""
        self._stretch(number, data)

    @precondition(lambda self: self.next_action is not None)
    @rule(data=st.data())
    def go_on_to_a_pause(self, data: st.DataObject) -> None:
        """Let the state machine go on to the next pause, or the end."""
        self._stretch(MAX_STRETCH, data, until="paused")

    @precondition(lambda self: self.next_action is not None)
    @rule(trouble=trouble_draws.of_invocations)
    def go_on_with_failing_invocation(self, trouble: Trouble) -> None:
        """Let an invocation of a handler fail on the way."""
        # Only the candidate invokes handlers.
        self._perform(Step("go on", 30, (trouble,)))

    @precondition(lambda self: self.may_be_late())
    @rule(data=st.data(), of=st.integers(0, 5))
    def deliver_again(self, data: st.DataObject, of: int) -> None:
        """Deliver an event once more."""
        self._deliver(Step("repeat", of), data)

    @precondition(lambda self: self.may_be_late())
    @rule(
        data=st.data(),
        action=st.sampled_from(draws.ACTIONS[1:]),
        of=st.integers(0, 5),
    )
    def deliver_stale_state(
        self, data: st.DataObject, action: str, of: int
    ) -> None:
        """Deliver an action with an older state."""
        self._deliver(Step("stale", (action, of)), data)

    @precondition(lambda self: self.may_be_late())
    @rule(data=st.data(), action=st.sampled_from(draws.ACTIONS))
    def deliver_out_of_turn(self, data: st.DataObject, action: str) -> None:
        """Deliver an action that the state machine would not send now."""
        self._deliver(Step("out of turn", action), data)

    @precondition(lambda self: self.is_underway())
    @rule(
        data=st.data(),
        wish=st.sampled_from(["pause", "pause", "cancel"]),
        after=st.sampled_from([MAX_STRETCH, 0, 1, 4]),
    )
    def ask(self, data: st.DataObject, wish: str, after: int) -> None:
        """Let a person ask for something, and see what becomes of it."""
        self._perform(Step(wish))
        self._stretch(after, data)

    @precondition(lambda self: self.status == "running")
    @rule(seconds=st.sampled_from([30, 60]))
    def lose_patience(self, seconds: int) -> None:
        """Let waves end with a timeout much sooner than after a year."""
        self._perform(Step("limit wait", seconds))

    @precondition(lambda self: self.is_underway())
    @rule(change=draws.changes)
    def change(self, change: Step) -> None:
        """Let the world change."""
        self._perform(change)

    @precondition(lambda self: self.next_action is None)
    @rule()
    def rest(self) -> None:
        """Do nothing more: there must always be something to do."""

    def teardown(self) -> None:
        """Tell of the end of the scenario."""
        self.search.ended(self._scenario(), self._finding)

    def is_underway(self) -> bool:
        """Tell whether the execution has begun and not ended."""
        return self.status is not None and self.next_action is not None

    def may_be_late(self) -> bool:
        """Tell whether late and stray deliveries still teach something."""
        return self.status is not None and self._after_end < MAX_LATE

    def _stretch(
        self, number: int, data: st.DataObject, until: str | None = None
    ) -> None:
        for _ in range(number):
            if self.next_action is None:
                return
            self._deliver(Step("go on", 30), data)
            if until is not None and self.status == until:
                return

    def _expected(self) -> tuple[str, Setup]:
        return self.next_action or "begin", self._setup or Setup()

    def _trouble(self) -> Troubles:
        return trouble_draws.of_step(*self._expected(), self.search.focus)

    def _go_on_in(
        self, troubles: Troubles, data: st.DataObject, seconds: int
    ) -> None:
        self._deliver(Step("go on", seconds, data.draw(troubles)), data)

    def _deliver(self, step: Step, data: st.DataObject) -> None:
        """Deliver an event; where executions are handed over, to either."""
        if self.search.handover:
            step = replace(step, by=data.draw(draws.implementations))
        self._perform(step)

    def _perform(self, step: Step) -> None:
        self.steps.append(step)
        self._after_end += self.next_action is None
        self._place = memory.after(self._place, step)
        known = self.search.memory.find(self._place)
        if self._is_live or known is None:
            known = self._carry_out(step)
        self.next_action, self.status = known.next_action, known.status

    def _carry_out(self, step: Step) -> Standing:
        """Take a step in both worlds, where no scenario has come yet."""
        if not self._is_live:
            self._is_live = True
            self.search.pair.open(self._setup or Setup())
            for earlier in self.steps[:-1]:
                self._refuse(self.search.pair.perform(earlier)[1])
        outcome, mismatch = self.search.pair.perform(step)
        self.search.seen(step, self.status, outcome)
        self._refuse(mismatch)
        standing = Standing(outcome.next_action, outcome.status)
        self.search.memory.keep(self._place, standing)
        return standing

    def _refuse(self, mismatch: Mismatch | None) -> None:
        if mismatch is not None:
            self._finding = MismatchFoundError(self._scenario(), mismatch)
            raise self._finding

    def _scenario(self) -> Scenario:
        return Scenario(self._setup or Setup(), tuple(self.steps))


def machine_for(search: Search) -> type[OrchestrationMachine]:
    """Make the class of machines that work on a search."""
    return type("Machine", (OrchestrationMachine,), {"search": search})
