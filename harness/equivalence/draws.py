"""What scenarios are drawn from: small pools, so that things meet."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from harness.equivalence.scenarios import (
    Group,
    Implementation,
    Server,
    Setup,
    Trouble,
    Wave,
)
from harness.equivalence.stage import LAUNCH_CONFIGS, PACES, REGIONS
from harness.equivalence.troubles import (
    DUPLICATED,
    INVOCATION_KINDS,
    INVOKE,
    KINDS,
    WISHES,
)

MAX_WAVES = 6
MAX_GROUPS = 3
MAX_SERVERS = 4
ACTIONS = (
    "begin",
    "update_wave_status",
    "store_task_token",
    "resume_wave",
)
# The calls that both sides make, by what makes them.
STARTS = (
    "StartRecovery",
    "DescribeSourceServers",
    "GetLaunchConfiguration",
    "UpdateLaunchConfiguration",
    "DescribeLaunchTemplateVersions",
    "CreateLaunchTemplateVersion",
    "ModifyLaunchTemplate",
)
POLLS = (
    "DescribeJobs",
    "DescribeJobLogItems",
    "DescribeRecoveryInstances",
    "DescribeInstances",
)
# Scan only follows a StartRecovery whose answer is uncertain.
EVERYWHERE = ("GetItem", "UpdateItem", "AssumeRole", "Scan")
RECORDS = ("GetItem", "UpdateItem")
OPERATIONS = (*STARTS, *POLLS, *EVERYWHERE)

# What makes a recovery fail at once is drawn rarely: most of what can differ
# happens later.
_RARELY = 8
indexes = st.integers(0, MAX_SERVERS - 1)
tiers = st.sampled_from([0, 0, 0, 1])
regions = st.sampled_from([REGIONS[0]] * _RARELY + [REGIONS[1]])
phases = st.sampled_from(
    [None] * _RARELY + ["snapshot", "conversion", "launch"]
)
_configs = st.none() | st.integers(0, len(LAUNCH_CONFIGS) - 1)
# Now and then one is named twice.
_named = st.lists(indexes, max_size=2).map(tuple)
servers = st.builds(Server, tier=tiers, region=regions, fails=phases)
groups = st.builds(
    Group,
    tier=tiers | st.none(),
    servers=_named,
    region=regions | st.none(),
    launch_config=_configs,
    own_config=_configs,
)
waves = st.builds(
    Wave,
    group=st.sampled_from([0, 1] * _RARELY + [2, 2, MAX_GROUPS + 1, None]),
    pause=st.booleans(),
    servers=st.just(()) | st.just(()) | _named,
    named=st.sampled_from([True] * 3 + [False]),
)
_setups = st.builds(
    Setup,
    waves=(
        st.lists(waves, min_size=2, max_size=MAX_WAVES)
        | st.lists(waves, min_size=2, max_size=3)
        | st.lists(waves, max_size=1)
    ).map(tuple),
    groups=st.lists(groups, min_size=2, max_size=MAX_GROUPS).map(tuple),
    servers=st.lists(servers, min_size=2, max_size=MAX_SERVERS).map(tuple),
    account=st.sampled_from(["hub", "hub", "target"]),
    is_drill=st.booleans(),
    seed=st.integers(0, 3),
    pace=st.sampled_from(sorted(PACES)),
)


def _moved(setup: Setup, region: str) -> Setup:
    """Let all servers and groups of a setup be in one Region."""
    return replace(
        setup,
        servers=tuple(replace(s, region=region) for s in setup.servers),
        groups=tuple(replace(g, region=region) for g in setup.groups),
    )


setups = _setups | _setups | st.builds(_moved, _setups, st.just(REGIONS[1]))


def _troubles(operations: Sequence[str]) -> st.SearchStrategy[Trouble]:
    return st.builds(
        Trouble,
        operation=st.sampled_from(operations),
        nth=st.sampled_from([1, 1, 2, 3, 0]),
        kind=st.sampled_from([*KINDS, *WISHES]),
    )


troubles = _troubles(OPERATIONS)
start_troubles = _troubles([*STARTS, *EVERYWHERE, *RECORDS])
poll_troubles = _troubles([*POLLS, *EVERYWHERE, *RECORDS])
late_troubles = _troubles([*STARTS, *POLLS, *RECORDS * 4])
# A start whose answer is uncertain, and whose look-up may go wrong, too.
uncertain_starts = st.tuples(
    st.builds(
        Trouble,
        operation=st.just("StartRecovery"),
        kind=st.sampled_from(
            ["lost", "unanswered", "broken", "broken after effect", "conflict"]
        ),
    ),
    _troubles(["DescribeJobs", "Scan", "GetItem", "UpdateItem"]),
)
invocation_troubles = st.builds(
    Trouble,
    operation=st.just(INVOKE),
    nth=st.sampled_from([1, 1, 2]),
    kind=st.sampled_from([*INVOCATION_KINDS, DUPLICATED]),
)
# What a person may have asked for before the execution began.
early_wishes = st.sampled_from([None] * 2 * _RARELY + ["cancel", "pause"])
implementations: st.SearchStrategy[Implementation] = st.sampled_from(
    ["candidate", "control"]
)
# Polls come every 30 seconds; late ones find several things at once.
seconds = st.sampled_from([30, 30, 30, 60, 120])
