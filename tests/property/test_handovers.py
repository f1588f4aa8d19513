"""Law: an execution can be handed over at any event, also in a stretch."""

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from harness.equivalence.machine import Search, machine_for
from harness.equivalence.memory import Memory
from harness.equivalence.pairs import side_by_side
from harness.equivalence.scenarios import (
    Group,
    Scenario,
    Server,
    Setup,
    Wave,
)
from harness.equivalence.trouble_draws import Focus

# Some six polls.
SETUP = Setup((Wave(), Wave()), (Group(),), (Server(),), pace="even")


def test_either_side_handles_each_event_of_a_stretch() -> None:
    ended: list[Scenario] = []
    with side_by_side() as pair:
        search = Search(
            pair=pair,
            handover=True,
            focus=Focus(operations=["Scan"]),
            memory=Memory(),
            seen=lambda *_: None,
            ended=lambda scenario, _: ended.append(scenario),
        )

        @seed(0)
        @settings(max_examples=3, database=None)
        @given(data=st.data())
        def take_one_stretch(data: st.DataObject) -> None:
            machine = machine_for(search)()
            machine.begin(SETUP, None)
            machine.go_on_to_a_pause(data)
            machine.teardown()

        take_one_stretch()

    turns = [{step.by for step in each.steps} for each in ended]
    assert {"candidate", "control"} in turns
