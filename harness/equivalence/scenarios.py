"""Scenarios: a plan, its world, and what happens step by step.

A scenario is plain data: it can be drawn, written to a file, read by a person
and carried out again. Servers, groups and waves name one another by their
index, so that a scenario can lose any of them and still make sense.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_type_hints

from harness.equivalence.typed_values import fits, wording

Account = Literal["hub", "target", "hub by id"]
Phase = Literal["snapshot", "conversion", "launch"] | None
ContextKey = Literal["accountContext", "account_context"]
Omissible = Literal[
    "planName",
    "waves",
    "isDrill",
    "accountContext",
    "accountId",
    "assumeRoleName",
    "externalId",
    "isCurrentAccount",
]
Nullable = Literal[
    "planName",
    "accountContext",
    "accountId",
    "assumeRoleName",
    "externalId",
    "isCurrentAccount",
]
Implementation = Literal["control", "candidate"]
Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """A source server of DRS.

    Attributes:
        tier: Its tag `Tier` is `tier-<n>`.
        region: Where it is replicated to.
        fails: Phase at which its launch fails; None for none.
        site: Its tag `Site` is `site-<n>`.
    """

    tier: int = 0
    region: str = "us-east-1"
    fails: Phase = None
    site: int = 0


@dataclass(frozen=True)
class Group:
    """A protection group.

    Attributes:
        tier: Selects servers by their tag; None selects by `servers`.
        servers: Indexes of servers it names, where `tier` is None.
        region: The group's; None leaves the attribute out.
        launch_config: Index in the pool of launch configurations.
        own_config: The same for its first server alone.
        site: Selects servers by this tag as well, where `tier` is not None;
            None selects by the tier alone.
    """

    tier: int | None = 0
    servers: tuple[int, ...] = ()
    region: str | None = "us-east-1"
    launch_config: int | None = None
    own_config: int | None = None
    site: int | None = None


@dataclass(frozen=True)
class Wave:
    """A wave of the plan.

    Attributes:
        group: Index of its protection group; beyond the groups: one that
            is not in the table; None: none is named.
        pause: Whether a person must approve it.
        servers: Indexes of servers that the wave names itself.
        named: Whether it has a name.
    """

    group: int | None = 0
    pause: bool = False
    servers: tuple[int, ...] = ()
    named: bool = True


@dataclass(frozen=True)
class Setup:
    """What there is before the first step.

    Attributes:
        account: Whose servers the first event asks for; the hub may be
            named by an id and `isCurrentAccount`.
        seed: Every id and every jitter follows from it.
        pace: Name of the time model of DRS jobs, see `stage.PACES`.
        context_key: Under which name the event holds the account context.
        left_out: What the event, its plan and its account context lack.
        null: What is null there.
    """

    waves: tuple[Wave, ...] = ()
    groups: tuple[Group, ...] = ()
    servers: tuple[Server, ...] = ()
    account: Account = "hub"
    is_drill: bool = True
    seed: int = 0
    pace: str = "quick"
    context_key: ContextKey = "accountContext"
    left_out: tuple[Omissible, ...] = ()
    null: tuple[Nullable, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """An AWS call that goes wrong, addressed by what it means.

    Attributes:
        operation: AWS's name of the call, such as `StartRecovery`.
        nth: Which of the step's calls of that name, from 1; 0 for every
            one. Calls about one server are counted for each server.
        about: Text that the parameters must hold, such as a table's name,
            or the id of the server that the call is about, be it by its
            launch template; empty for any.
        kind: What goes wrong, see `troubles.KINDS`.
    """

    operation: str
    nth: int = 1
    kind: str = "throttled"
    about: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that happens.

    Attributes:
        do: What, see `driving.Driver`.
        value: Its argument, where it has one.
        troubles: AWS calls that go wrong in the course of it.
        by: Who handles the event in the candidate's world; the control's
            world is always the control's.
    """

    do: str
    value: Any = None
    troubles: tuple[Trouble, ...] = ()
    by: Implementation = "candidate"


@dataclass(frozen=True)
class Scenario:
    """A setup and the steps that follow."""

    setup: Setup
    steps: tuple[Step, ...] = ()


class ScenarioError(ValueError):
    """A document is no scenario; says where and why."""


def to_document(scenario: Scenario) -> Document:
    """Write a scenario as JSON, without what is as by default."""
    return {
        "setup": _written(scenario.setup),
        "steps": [_written(step) for step in scenario.steps],
    }


def from_document(document: object) -> Scenario:
    """Read a scenario as `to_document` writes it.

    Raises:
        ScenarioError: It is none.
    """
    root = _object(document, "")
    steps = _list(root.get("steps", []), "/steps")
    return Scenario(
        setup=_setup(root.get("setup", {})),
        steps=tuple(
            step_from(step, f"/steps/{index}")
            for index, step in enumerate(steps)
        ),
    )


def step_from(document: object, pointer: str = "") -> Step:
    """Read one step.

    Raises:
        ScenarioError: It is none.
    """
    members = dict(_object(document, pointer))
    troubles = _list(members.pop("troubles", []), f"{pointer}/troubles")
    return _made(
        Step,
        {
            **members,
            "troubles": tuple(
                _made(Trouble, each, f"{pointer}/troubles/{index}")
                for index, each in enumerate(troubles)
            ),
        },
        pointer,
    )


def _setup(document: object) -> Setup:
    members = dict(_object(document, "/setup"))
    for name, kind in (
        ("waves", Wave),
        ("groups", Group),
        ("servers", Server),
    ):
        place = f"/setup/{name}"
        members[name] = tuple(
            _made(kind, each, f"{place}/{index}")
            for index, each in enumerate(_list(members.get(name, []), place))
        )
    return _made(Setup, members, "/setup")


def _made(kind: type[T], document: object, pointer: str) -> T:
    members = _object(document, pointer)
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(members.keys() - known):
        raise ScenarioError(
            f"{pointer}/{unknown[0]}: unknown, known: {', '.join(sorted(known))}"
        )
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in members.items()
    }
    _check_types(kind, values, pointer)
    try:
        return kind(**values)
    except TypeError as error:
        raise ScenarioError(f"{pointer}: {error}") from error


def _check_types(kind: type, values: Document, pointer: str) -> None:
    hints = get_type_hints(kind)
    for name, value in values.items():
        if not fits(value, hints[name]):
            raise ScenarioError(
                f"{pointer}/{name}: {wording(hints[name])} is expected"
            )


def _written(thing: Any) -> Any:
    if dataclasses.is_dataclass(thing):
        return {
            field.name: _written(getattr(thing, field.name))
            for field in dataclasses.fields(thing)
            if getattr(thing, field.name) != field.default
            or field.name in ("do", "tier", "group")
        }
    if isinstance(thing, (list, tuple)):
        return [_written(each) for each in thing]
    return thing


def _object(document: object, pointer: str) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        raise ScenarioError(f"{pointer or '/'}: an object is expected")
    return document


def _list(document: object, pointer: str) -> list[Any]:
    if not isinstance(document, (list, tuple)):
        raise ScenarioError(f"{pointer}: a list is expected")
    return list(document)
