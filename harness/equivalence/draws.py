"""What scenarios are drawn from: small pools, so that things meet."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, get_args

from hypothesis import strategies as st

from harness.equivalence.names import REGIONS
from harness.equivalence.scenarios import (
    Group,
    Implementation,
    Nullable,
    Omissible,
    Server,
    Setup,
    Step,
    Wave,
)
from harness.equivalence.stage import LAUNCH_CONFIGS

MAX_WAVES = 6
MAX_GROUPS = 3
MAX_SERVERS = 4
ACTIONS = (
    "begin",
    "update_wave_status",
    "store_task_token",
    "resume_wave",
)
# Hypothesis draws what stands first more often than chance, and makes a
# mismatch smaller towards it: a plan that recovers something, in whose
# course most of what can differ happens. What makes a recovery fail at once
# comes last and rarely.
_RARELY = 8
_SIZES = (1, 2, 3, 2, 3, 2, 4, 3, 5, MAX_WAVES, 0)
indexes = st.integers(0, MAX_SERVERS - 1)
tiers = st.sampled_from([0, 0, 0, 1])
regions = st.sampled_from([REGIONS[0]] * _RARELY + [REGIONS[1]])
phases = st.sampled_from(
    [None] * 2 * _RARELY + ["snapshot", "conversion", "launch"]
)
_configs = st.none() | st.integers(0, len(LAUNCH_CONFIGS) - 1)
# Now and then one is named twice.
_named = st.lists(indexes, min_size=1, max_size=2).map(tuple)
_unnamed: st.SearchStrategy[tuple[int, ...]] = st.just(())
servers = st.builds(
    Server,
    tier=tiers,
    region=regions,
    fails=phases,
    site=st.sampled_from([0, 0, 1]),
)
groups = st.builds(
    Group,
    tier=st.sampled_from([0, 0, 0, 1, None]),
    servers=_named | _named | _named | _unnamed,
    region=regions | st.none(),
    launch_config=_configs,
    own_config=_configs,
    site=st.sampled_from([None, None, None, 0, 0, 1]),
)
waves = st.builds(
    Wave,
    group=st.sampled_from([0, 1] * 2 * _RARELY + [2, MAX_GROUPS + 1, None]),
    pause=st.booleans(),
    servers=_unnamed | _unnamed | _named,
    named=st.sampled_from([True] * 3 + [False]),
)


@st.composite
def _plans(draw: st.DrawFn) -> tuple[Wave, ...]:
    """Draw waves, their number first: lists would mostly be short."""
    size = draw(st.sampled_from(_SIZES))
    return tuple(draw(waves) for _ in range(size))


def _lacking(names: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw what an event lacks: seldom what leads to another account."""
    harmless = [n for n in names if n in ("planName", "isDrill", "externalId")]
    lacking = [(name,) for name in (*names, *harmless, *harmless)]
    return st.sampled_from([*[()] * 2 * _RARELY, *lacking])


_setups = st.builds(
    Setup,
    waves=_plans(),
    groups=st.lists(groups, min_size=2, max_size=MAX_GROUPS).map(tuple),
    servers=st.lists(servers, min_size=2, max_size=MAX_SERVERS).map(tuple),
    account=st.sampled_from(["hub"] * 2 + ["target"] * 3 + ["hub by id"]),
    is_drill=st.booleans(),
    seed=st.integers(0, 3),
    pace=st.sampled_from(["quick", "even", "slow"]),
    context_key=st.sampled_from(["accountContext"] * 3 + ["account_context"]),
    left_out=_lacking(get_args(Omissible)),
    null=_lacking(get_args(Nullable)),
)


def _moved(setup: Setup, region: str) -> Setup:
    """Let all servers and groups of a setup be in one Region."""
    return replace(
        setup,
        servers=tuple(replace(s, region=region) for s in setup.servers),
        groups=tuple(replace(g, region=region) for g in setup.groups),
    )


setups = _setups | _setups | st.builds(_moved, _setups, st.just(REGIONS[1]))


# What a person may have asked for before the execution began.
early_wishes = st.sampled_from([None] * _RARELY + ["pause", "pause", "cancel"])
implementations: st.SearchStrategy[Implementation] = st.sampled_from(
    ["candidate", "control"]
)
# Polls come every 30 seconds; late ones find several things at once.
seconds = st.sampled_from([30, 30, 30, 60, 120])
late_seconds = st.sampled_from([30, 240])


def _steps(do: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.builds(Step, do=st.just(do), value=value)


_group_indexes = st.integers(0, MAX_GROUPS - 1)
# What the world may do in the course of an execution.
changes = st.one_of(
    _steps("wait", st.sampled_from([10, 45, 600])),
    # The state holds what no version knows.
    _steps("add key", st.sampled_from(["note", "owner"])),
    _steps("add server", st.builds(asdict, servers)),
    _steps("fail server", st.tuples(indexes, phases)),
    _steps("untag server", indexes),
    _steps("remove server", indexes),
    _steps(
        "put group",
        st.fixed_dictionaries(
            {"index": _group_indexes, "group": st.builds(asdict, groups)}
        ),
    ),
    _steps("delete group", _group_indexes),
)
