"""A long search goes through portions, each in worlds of its own."""

from harness.equivalence import campaigns
from harness.equivalence.campaigns import PORTION, Profile
from harness.equivalence.scenarios import Scenario, Setup, Step
from harness.equivalence.tally import Tally


def test_portions_are_the_whole_search_when_they_are_added_up() -> None:
    profile = Profile("long", scenarios=2 * PORTION + 1, handovers=PORTION)

    portions = list(campaigns.portions(profile))

    assert sum(p.scenarios for p in portions) == profile.scenarios
    assert sum(p.handovers for p in portions) == profile.handovers
    assert max(p.scenarios + p.handovers for p in portions) <= PORTION


def test_portions_keep_two_pairs_busy_when_one_would_hold_them_all() -> None:
    profile = Profile("short", scenarios=3, handovers=1)

    portions = list(campaigns.portions(profile))

    assert [(p.scenarios, p.handovers) for p in portions] == [
        (1, 0),
        (2, 0),
        (0, 1),
    ]


def test_scenario_is_counted_once_when_it_is_drawn_twice() -> None:
    tally = Tally()
    scenario = Scenario(Setup(), (Step("go on", 30),))

    for _ in range(2):
        tally.count(scenario, handover=True, troubled=True)

    counts = (tally.scenarios, tally.handovers, tally.troubled)
    assert (*counts, tally.repeated) == (1, 1, 1, 1)


def test_scenario_is_not_counted_when_no_event_was_delivered() -> None:
    tally = Tally()

    tally.count(Scenario(Setup(), (Step("cancel"),)), False, False)

    assert tally.scenarios == 0


def test_search_is_empty_when_its_profile_is() -> None:
    profile = Profile("none", scenarios=0, handovers=0)

    tally = campaigns.run(profile)

    assert (tally.scenarios, tally.finding) == (0, None)
