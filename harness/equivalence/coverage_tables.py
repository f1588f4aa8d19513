"""What a search went through, as tables that name what it did not reach."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.equivalence.coverage import NO_STATE, STATUSES, Coverage
from harness.equivalence.draws import ACTIONS
from harness.equivalence.trouble_draws import OPERATIONS
from harness.equivalence.troubles import (
    DUPLICATED,
    INVOCATION_KINDS,
    INVOKE,
    KINDS,
    WISHES,
)

NONE = "-"
_WAYS = ("", " (repeat)", " (stale)", " (out of turn)")
_CHANGES = (
    "wait",
    "limit wait",
    "add key",
    "cancel",
    "pause",
    "add server",
    "fail server",
    "untag server",
    "remove server",
    "put group",
    "delete group",
)
# After an end nothing that changes is looked at again.
_CHANGEABLE = (NO_STATE, "running", "paused")
# What each event may lead to, besides errors.
_ENDS: Mapping[str, tuple[str, ...]] = {
    "begin": ("running", "paused", "completed", "failed", "cancelled"),
    "update_wave_status": (
        "running",
        "paused",
        "completed",
        "failed",
        "cancelled",
        "timeout",
    ),
    "store_task_token": ("paused", "cancelled"),
    "resume_wave": ("running", "paused", "completed", "failed", "cancelled"),
}
# In turn; what comes late or out of turn may meet any status.
_IN_TURN = (
    (NO_STATE, "begin"),
    ("running", "update_wave_status"),
    ("paused", "store_task_token"),
    ("paused", "resume_wave"),
)
# What can be delivered or done before there is a state.
_AT_FIRST = ("begin", "cancel", "pause")


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        unreached: Names of what was never tried.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unreached: tuple[str, ...] = ()


def brief(coverage: Coverage) -> tuple[Table, ...]:
    """Make the tables that a terminal shows."""
    return (
        transitions(coverage),
        deliveries(coverage),
        troubles_in_brief(coverage),
        changes(coverage),
    )


def full(coverage: Coverage) -> tuple[Table, ...]:
    """Make the tables of a report."""
    return (
        transitions(coverage),
        deliveries(coverage),
        troubles(coverage),
        invocation_troubles(coverage),
        changes(coverage),
    )


def transitions(coverage: Coverage) -> Table:
    """Say what each event led to, by the state's status before."""
    rows, unreached = [], []
    for status, action in _events():
        after = {
            end: count
            for (before, event, end), count in coverage.transitions.items()
            if (before, event) == (status, action) and count
        }
        expected = _ENDS[action] if (status, action) in _IN_TURN else ()
        missing = [end for end in expected if end not in after]
        if after and missing:
            unreached.append(f"{status} x {action} -> {', '.join(missing)}")
        if after:
            ends = [f"{end} {after[end]:,}" for end in sorted(after)]
            rows.append((status, action, ", ".join(ends)))
        else:
            unreached.append(f"{status} x {action}")
    return Table(
        "Transitions: state status x event",
        ("status before", "event", "status after"),
        tuple(rows),
        tuple(unreached),
    )


def deliveries(coverage: Coverage) -> Table:
    """Count events by their way of coming: in turn, repeated, late."""
    rows = []
    for event in _possible_deliveries():
        counts = [coverage.events[(status, event)] for status in STATUSES]
        if any(counts):
            rows.append((event, *map(_cell, counts)))
    seen = {row[0] for row in rows}
    return Table(
        "Deliveries: event x state status",
        ("event", *STATUSES),
        tuple(rows),
        tuple(e for e in _possible_deliveries() if e not in seen),
    )


def troubles_in_brief(coverage: Coverage) -> Table:
    """Count the AWS calls that went wrong, by operation."""
    rows = []
    for operation, kinds in _operations():
        met = [k for k in kinds if coverage.troubles[(operation, k)]]
        count = sum(coverage.troubles[(operation, k)] for k in kinds)
        rows.append(
            (
                operation,
                _cell(count),
                f"{len(met)} of {len(kinds)}",
                _never([k for k in kinds if k not in met], kinds),
            )
        )
    return Table(
        "Troubles met: operation x kind",
        ("operation", "calls", "kinds", "kinds never met"),
        tuple(rows),
    )


def troubles(coverage: Coverage) -> Table:
    """Count the AWS calls that went wrong, by operation and kind."""
    return _matrix(
        "Troubles met: operation x kind",
        "operation",
        OPERATIONS,
        (*KINDS, *WISHES),
        coverage.troubles,
    )


def invocation_troubles(coverage: Coverage) -> Table:
    """Count the candidate's invocations that went wrong, by kind."""
    return _matrix(
        "Troubles of the candidate's own invocations",
        "operation",
        (INVOKE,),
        (*INVOCATION_KINDS, DUPLICATED),
        coverage.troubles,
    )


def changes(coverage: Coverage) -> Table:
    """Count what people and the world did, by the state's status then."""
    turned = Counter(
        {(do, status): n for (status, do), n in coverage.changes.items()}
    )
    return _matrix(
        "Changes by people and the world: change x state status",
        "change",
        _CHANGES,
        _CHANGEABLE,
        turned,
    )


def _matrix(
    title: str,
    corner: str,
    names: Sequence[str],
    columns: Sequence[str],
    counts: Counter[tuple[str, str]],
) -> Table:
    return Table(
        title,
        (corner, *columns),
        tuple(
            (name, *(_cell(counts[(name, column)]) for column in columns))
            for name in names
        ),
        tuple(_unreached(names, columns, counts)),
    )


def _unreached(
    names: Sequence[str],
    columns: Sequence[str],
    counts: Counter[tuple[str, str]],
) -> Iterator[str]:
    for name in names:
        missing = [
            column
            for column in columns
            if not counts[(name, column)] and _is_possible(name, column)
        ]
        if missing:
            yield f"{name} x {_never(missing, columns)}"


def _never(missing: Sequence[str], all_names: Sequence[str]) -> str:
    if len(missing) == len(all_names):
        return "all"
    return ", ".join(missing) or NONE


def _is_possible(name: str, status: str) -> bool:
    if name == "limit wait":
        # Waves wait while they are polled.
        return status == "running"
    return status != NO_STATE or name in _AT_FIRST


def _possible_deliveries() -> Iterator[str]:
    for action in ACTIONS:
        for way in _WAYS:
            # To begin needs no state, so none can be stale.
            if (action, way) != ("begin", " (stale)"):
                yield f"{action}{way}"


def _events() -> Iterator[tuple[str, str]]:
    for status in STATUSES:
        for action in ACTIONS:
            if _is_possible(action, status):
                yield status, action


def _operations() -> Iterable[tuple[str, list[str]]]:
    for operation in OPERATIONS:
        yield operation, [*KINDS, *WISHES]
    yield INVOKE, [*INVOCATION_KINDS, DUPLICATED]


def _cell(count: int) -> str:
    return f"{count:,}" if count else NONE
