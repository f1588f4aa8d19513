"""Which AWS calls of a step go wrong: drawn from those it will make."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from harness.equivalence.begin_events import is_abroad
from harness.equivalence.names import server_id
from harness.equivalence.scenarios import Setup, Trouble
from harness.equivalence.troubles import (
    DUPLICATED,
    INVOCATION_KINDS,
    INVOKE,
    KINDS,
    WISHES,
)

_CONFIGURES = (
    "GetLaunchConfiguration",
    "UpdateLaunchConfiguration",
    "DescribeLaunchTemplateVersions",
    "CreateLaunchTemplateVersion",
    "ModifyLaunchTemplate",
)
# Launch configurations that change a launch template, see `stage`.
_CHANGING_EC2 = (0, 5, 3)
# One of a plan's servers, which are two at least; or, for no name, each.
_SERVERS = (server_id(0), "", server_id(1), "", server_id(0))
_STARTS = ("StartRecovery", "DescribeSourceServers")
_POLLS = (
    "DescribeJobs",
    "DescribeJobLogItems",
    "DescribeRecoveryInstances",
    "DescribeInstances",
)
# Before StartRecovery, and after one whose answer is uncertain.
_LISTS_JOBS = "DescribeJobs"
_RECORDS = ("GetItem", "UpdateItem")
_ABROAD = "AssumeRole"
_LEADS_ABROAD = (
    "accountContext",
    "accountId",
    "assumeRoleName",
    "isCurrentAccount",
)
# Only follows when a job is found.
_LISTS_OWNERS = "Scan"
OPERATIONS = (
    *_STARTS,
    *_CONFIGURES,
    *_POLLS,
    *_RECORDS,
    _ABROAD,
    _LISTS_OWNERS,
)
# By what the state machine asks for; a poll that finds a wave at its end
# starts the next one.
_OF_ACTIONS: Mapping[str, Sequence[str]] = {
    "begin": (*_STARTS, _LISTS_JOBS, *_CONFIGURES, *_RECORDS),
    "resume_wave": (*_STARTS, _LISTS_JOBS, *_CONFIGURES, *_RECORDS),
    "update_wave_status": (
        *_POLLS,
        *_POLLS,
        *_STARTS,
        *_CONFIGURES,
        *_RECORDS,
    ),
    "store_task_token": _RECORDS,
}
_UNCERTAIN = (
    "lost",
    "unanswered",
    "broken",
    "broken after effect",
    "conflict",
)

# How a role cannot be assumed whose template nobody deployed, or whose trust
# or name is another.
_REFUSALS = ("denied", "invalid", "expired")

Troubles = st.SearchStrategy[tuple[Trouble, ...]]


@dataclass(frozen=True)
class Focus:
    """What goes wrong in some scenarios, so that all of it does in many.

    Left to itself Hypothesis tries variations of what it drew before, and
    never comes to most calls and most ways in which they fail.
    """

    operations: Sequence[str] = OPERATIONS
    kinds: Sequence[str] = (*KINDS, *WISHES)

    @property
    def configures(self) -> bool:
        """Whether calls that change launch configurations go wrong."""
        return any(name in _CONFIGURES for name in self.operations)


def focus(seed_number: int) -> Focus:
    """Choose a focus; every seed its own."""
    chance = random.Random(seed_number)
    return Focus(
        operations=chance.sample(OPERATIONS, 5),
        kinds=chance.sample([*KINDS, *WISHES], 6),
    )


def fitted(setup: Setup, on: Focus) -> Setup:
    """Change a setup so that the calls in focus can be made."""
    if _ABROAD in on.operations:
        setup = replace(
            setup,
            account="target",
            left_out=tuple(
                n for n in setup.left_out if n not in _LEADS_ABROAD
            ),
            null=tuple(n for n in setup.null if n not in _LEADS_ABROAD),
        )
    if not on.configures:
        return setup
    groups = (
        (
            group
            if group.launch_config is not None
            else replace(group, launch_config=_CHANGING_EC2[index % 3])
        )
        for index, group in enumerate(setup.groups)
    )
    return replace(setup, groups=tuple(groups))


@st.composite
def any_of(
    draw: st.DrawFn,
    operations: Sequence[str],
    kinds: Sequence[str] = (*KINDS, *WISHES),
    nth: Sequence[int] = (1, 1, 1, 0, 2, 3),
) -> Trouble:
    """Draw a trouble of one of some calls.

    A call about one server goes wrong for one of them, or for each.
    """
    trouble = Trouble(
        operation=draw(st.sampled_from(operations)),
        nth=draw(st.sampled_from(nth)),
        kind=draw(st.sampled_from(kinds)),
    )
    if trouble.operation not in _CONFIGURES:
        return trouble
    # Hardly any step configures a server twice.
    about = draw(st.sampled_from(_SERVERS))
    return replace(trouble, nth=min(trouble.nth, 1), about=about)


of_invocations = st.builds(
    Trouble,
    operation=st.just(INVOKE),
    nth=st.sampled_from([1, 1, 2]),
    kind=st.sampled_from([*INVOCATION_KINDS, DUPLICATED]),
)


_refused_roles: Troubles = st.tuples(
    st.builds(
        Trouble,
        operation=st.just(_ABROAD),
        nth=st.sampled_from([0, 1]),
        kind=st.sampled_from(_REFUSALS),
    )
)


def of_step(action: str, setup: Setup, on: Focus) -> Troubles:
    """Draw what goes wrong in a step.

    Args:
        action: What the state machine asks for, see `draws.ACTIONS`.
        on: Which calls, where the step makes one of them, and how.
    """
    possible = list(_possible(_OF_ACTIONS[action], setup))
    chosen = [name for name in possible if name in on.operations]
    each = any_of(chosen or possible, on.kinds)
    some = st.lists(each, min_size=1, max_size=3).map(tuple)
    if _ABROAD in possible:
        some = some | some | some | _refused_roles
    if "StartRecovery" not in possible:
        return some
    if _LISTS_OWNERS in on.operations:
        return some | _uncertain_starts(on.kinds)
    return some | some | some | _uncertain_starts(on.kinds)


def wishes_of_step(action: str, setup: Setup) -> Troubles:
    """Draw what a person asks for between two calls of a step."""
    possible = list(_possible(_OF_ACTIONS[action], setup))
    # What counts is which readings of the record see the wish.
    operations = [*["GetItem"] * len(possible), *possible]
    return st.tuples(any_of(operations, WISHES, nth=(1, 2, 3, 4)))


def _uncertain_starts(
    kinds: Sequence[str],
) -> Troubles:
    """Draw a start whose answer is uncertain, and its look-up in trouble."""
    return st.tuples(
        st.builds(
            Trouble,
            operation=st.just("StartRecovery"),
            kind=st.sampled_from(_UNCERTAIN),
        ),
        any_of([_LISTS_JOBS, _LISTS_JOBS, _LISTS_OWNERS, *_RECORDS], kinds),
    )


def _possible(operations: Iterable[str], setup: Setup) -> Iterable[str]:
    configures = any(
        group.launch_config is not None or group.own_config is not None
        for group in setup.groups
    )
    for operation in operations:
        if configures or operation not in _CONFIGURES:
            yield operation
    if is_abroad(setup):
        yield _ABROAD
