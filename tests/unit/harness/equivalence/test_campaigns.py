"""A long search goes through portions, each in worlds of its own."""

from harness.equivalence import campaigns
from harness.equivalence.campaigns import PORTION, Profile


def test_portions_are_the_whole_search_when_they_are_added_up() -> None:
    profile = Profile("long", scenarios=2 * PORTION + 1, handovers=PORTION)

    portions = list(campaigns.portions(profile))

    assert [(p.scenarios, p.handovers) for p in portions] == [
        (PORTION, 0),
        (PORTION, 0),
        (1, 0),
        (0, PORTION),
    ]


def test_search_is_empty_when_its_profile_is() -> None:
    profile = Profile("none", scenarios=0, handovers=0)

    tally = campaigns.run(profile)

    assert (tally.scenarios, tally.finding) == (0, None)
