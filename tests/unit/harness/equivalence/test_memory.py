"""A place is known by the way that led to it."""

from harness.equivalence import memory
from harness.equivalence.memory import Memory, Standing
from harness.equivalence.scenarios import Setup, Step, Trouble


def test_standing_is_found_when_the_same_way_led_there_before() -> None:
    kept, standing = Memory(), Standing("update_wave_status", "running")
    kept.keep(memory.after(memory.beginning(Setup()), Step("go on")), standing)

    place = memory.after(memory.beginning(Setup()), Step("go on"))

    assert kept.find(place) == standing


def test_nothing_is_found_when_anything_on_the_way_differs() -> None:
    kept, standing = Memory(), Standing("update_wave_status", "running")
    start = memory.beginning(Setup())
    kept.keep(memory.after(start, Step("go on", 30)), standing)
    others = (
        memory.after(memory.beginning(Setup(seed=1)), Step("go on", 30)),
        memory.after(start, Step("go on", 60)),
        memory.after(start, Step("go on", 30, (Trouble("Scan"),))),
        memory.after(start, Step("go on", 30, by="control")),
        memory.after(memory.after(start, Step("wait", 1)), Step("go on", 30)),
    )

    found = [kept.find(place) for place in others]

    assert found == [None] * len(others)
