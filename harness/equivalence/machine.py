"""The machine of rules that looks for a scenario in which two sides part."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from harness.equivalence import draws
from harness.equivalence.pairs import Mismatch, Pair
from harness.equivalence.scenarios import (
    Group,
    Implementation,
    Scenario,
    Server,
    Setup,
    Step,
    Trouble,
)
from harness.equivalence.world import Outcome

# Deliveries after an execution's end; each finds the same record.
MAX_LATE = 2
# Enough for three waves at any pace.
MAX_STRETCH = 16
STARTS = ("begin", "resume_wave")


@dataclass(frozen=True)
class Search:
    """What a machine works on, and who is told of it.

    Attributes:
        pair: The two worlds.
        handover: Whether each event may be handled by either side in the
            candidate's world.
        seen: Told of each step: the step, the status before it, and what
            came of it.
        ended: Told of the end of each scenario, with the mismatch in it.
    """

    pair: Pair
    handover: bool
    seen: Callable[[Step, str | None, Outcome], None]
    ended: Callable[["MismatchFoundError | None"], None]


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
        self.next_action: str | None = "begin"
        self.status: str | None = None

    @initialize(setup=draws.setups, wish=draws.early_wishes)
    def open(self, setup: Setup, wish: str | None) -> None:
        """Begin a scenario."""
        self._setup = setup
        self.search.pair.open(setup)
        if wish is not None:
            self._perform(Step(wish))

    @precondition(lambda self: self.next_action is not None)
    @rule(seconds=draws.seconds, by=draws.implementations)
    def go_on(self, seconds: int, by: Implementation) -> None:
        """Let the state machine take its next step."""
        self._deliver(Step("go on", seconds), by)

    @precondition(lambda self: self.next_action is not None)
    @rule(number=st.integers(3, 9), by=draws.implementations)
    def go_on_for_long(self, number: int, by: Implementation) -> None:
        """Let the state machine take several steps."""
        for _ in range(number):
            if self.next_action is not None:
                self._deliver(Step("go on", 30), by)

    @precondition(lambda self: self.next_action is not None)
    @rule(by=draws.implementations)
    def go_on_to_the_end(self, by: Implementation) -> None:
        """Let the state machine go on to the next pause, or the end."""
        for _ in range(MAX_STRETCH):
            if self.next_action is None:
                return
            self._deliver(Step("go on", 30), by)
            if self.status == "paused":
                return

    @precondition(lambda self: self.next_action in STARTS)
    @rule(
        troubles=st.lists(draws.start_troubles, min_size=1, max_size=3)
        | draws.uncertain_starts,
        by=draws.implementations,
    )
    def start_in_trouble(
        self, troubles: Sequence[Trouble], by: Implementation
    ) -> None:
        """Let a wave be started while AWS calls fail."""
        self._deliver(Step("go on", 30, tuple(troubles)), by)

    @precondition(lambda self: self.next_action == "update_wave_status")
    @rule(
        troubles=st.lists(draws.poll_troubles, min_size=1, max_size=3),
        by=draws.implementations,
    )
    def poll_in_trouble(
        self, troubles: Sequence[Trouble], by: Implementation
    ) -> None:
        """Let a wave be polled while AWS calls fail."""
        self._deliver(Step("go on", 30, tuple(troubles)), by)

    @precondition(lambda self: self.next_action == "update_wave_status")
    @rule(
        troubles=st.lists(draws.late_troubles, min_size=1, max_size=2),
        by=draws.implementations,
    )
    def come_late_in_trouble(
        self, troubles: Sequence[Trouble], by: Implementation
    ) -> None:
        """Let a late poll end a wave and start the next in trouble."""
        self._deliver(Step("go on", 240, tuple(troubles)), by)

    @precondition(lambda self: self.next_action is not None)
    @rule(trouble=draws.invocation_troubles)
    def go_on_with_failing_invocation(self, trouble: Trouble) -> None:
        """Let an invocation of a handler fail on the way."""
        self._deliver(Step("go on", 30, (trouble,)), "candidate")

    @precondition(lambda self: self.may_be_late())
    @rule(of=st.integers(0, 5), by=draws.implementations)
    def deliver_again(self, of: int, by: Implementation) -> None:
        """Deliver an event once more."""
        self._deliver(Step("repeat", of), by)

    @precondition(lambda self: self.may_be_late())
    @rule(
        action=st.sampled_from(draws.ACTIONS[1:]),
        of=st.integers(0, 5),
        by=draws.implementations,
    )
    def deliver_stale_state(
        self, action: str, of: int, by: Implementation
    ) -> None:
        """Deliver an action with an older state."""
        self._deliver(Step("stale", (action, of)), by)

    @precondition(lambda self: self.may_be_late())
    @rule(action=st.sampled_from(draws.ACTIONS), by=draws.implementations)
    def deliver_out_of_turn(self, action: str, by: Implementation) -> None:
        """Deliver an action that the state machine would not send now."""
        self._deliver(Step("out of turn", action), by)

    @precondition(lambda self: self.is_underway())
    @rule(wish=st.sampled_from(["cancel", "pause", "pause"]))
    def ask(self, wish: str) -> None:
        """Let a person ask for something."""
        self._perform(Step(wish))

    @precondition(lambda self: self.is_underway())
    @rule(name=st.sampled_from(["note", "owner"]))
    def add_key(self, name: str) -> None:
        """Let the state hold what no version knows."""
        self._perform(Step("add key", name))

    @precondition(lambda self: self.status == "running")
    @rule(seconds=st.sampled_from([60, 90]))
    def lose_patience(self, seconds: int) -> None:
        """Let waves end with a timeout much sooner than after a year."""
        self._perform(Step("limit wait", seconds))

    @precondition(lambda self: self.is_underway())
    @rule(seconds=st.sampled_from([10, 45, 600]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self._perform(Step("wait", seconds))

    @precondition(lambda self: self.is_underway())
    @rule(server=draws.servers)
    def add_server(self, server: Server) -> None:
        """Let a source server appear."""
        self._perform(Step("add server", _document(server)))

    @precondition(lambda self: self.is_underway())
    @rule(index=draws.indexes, phase=draws.phases)
    def fail_server(self, index: int, phase: str | None) -> None:
        """Change how launches of a server end."""
        self._perform(Step("fail server", (index, phase)))

    @precondition(lambda self: self.is_underway())
    @rule(
        index=draws.indexes,
        loss=st.sampled_from(["untag server", "remove server"]),
    )
    def lose_server(self, index: int, loss: str) -> None:
        """Let a server lose its tags, or disappear."""
        self._perform(Step(loss, index))

    @precondition(lambda self: self.is_underway())
    @rule(index=st.integers(0, draws.MAX_GROUPS - 1), group=draws.groups)
    def edit_group(self, index: int, group: Group) -> None:
        """Edit a protection group in flight."""
        value = {"index": index, "group": _document(group)}
        self._perform(Step("put group", value))

    @precondition(lambda self: self.is_underway())
    @rule(index=st.integers(0, draws.MAX_GROUPS - 1))
    def delete_group(self, index: int) -> None:
        """Delete a protection group in flight."""
        self._perform(Step("delete group", index))

    @precondition(lambda self: self.next_action is None)
    @rule()
    def rest(self) -> None:
        """Do nothing more: there must always be something to do."""

    def teardown(self) -> None:
        """Tell of the end of the scenario."""
        if self._setup is not None:
            self.search.ended(self._finding)

    def is_underway(self) -> bool:
        """Tell whether the execution has begun and not ended."""
        return self.status is not None and self.next_action is not None

    def may_be_late(self) -> bool:
        """Tell whether late and stray deliveries still teach something."""
        return self.status is not None and self._after_end < MAX_LATE

    def _deliver(self, step: Step, by: Implementation) -> None:
        self._perform(replace(step, by=by) if self.search.handover else step)

    def _perform(self, step: Step) -> None:
        self.steps.append(step)
        self._after_end += self.next_action is None
        outcome, mismatch = self.search.pair.perform(step)
        self.search.seen(step, self.status, outcome)
        self.next_action = outcome.next_action
        self.status = outcome.status
        if mismatch is not None:
            self._finding = MismatchFoundError(self._scenario(), mismatch)
            raise self._finding

    def _scenario(self) -> Scenario:
        return Scenario(self._setup or Setup(), tuple(self.steps))


def _document(thing: Any) -> dict[str, Any]:
    return asdict(thing)


def machine_for(search: Search) -> type[OrchestrationMachine]:
    """Make the class of machines that work on a search."""
    return type("Machine", (OrchestrationMachine,), {"search": search})
