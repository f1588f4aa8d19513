"""Refuse a scenario that no world could carry out, before there is one."""

from collections.abc import Mapping
from typing import Any, Literal

import botocore.session

from harness.equivalence.scenarios import (
    Phase,
    Scenario,
    ScenarioError,
    Setup,
    Step,
    Trouble,
    from_document,
)
from harness.equivalence.stage import PACES
from harness.equivalence.trouble_draws import OPERATIONS
from harness.equivalence.troubles import (
    INVOKE,
    UnknownTroubleError,
    require_known,
)
from harness.equivalence.typed_values import fits, wording

_Action = Literal[
    "begin", "update_wave_status", "store_task_token", "resume_wave"
]
_VALUES: Mapping[str, Any] = {
    "go on": int | None,
    "repeat": int | None,
    "stale": tuple[_Action, int],
    "out of turn": _Action,
    "wait": int,
    "limit wait": int,
    "add key": str,
    "cancel": None,
    "pause": None,
    "add server": dict,
    "fail server": tuple[int, Phase],
    "untag server": int,
    "remove server": int,
    "put group": dict,
    "delete group": int,
}
# Those that an orchestration calls; its code may make calls that no search
# lets go wrong.
_SERVICES = ("drs", "dynamodb", "ec2", "lambda", "sts")


def check(scenario: Scenario) -> None:
    """Check what the types of a scenario leave open.

    Raises:
        ScenarioError: No world could carry it out; says where and why.
    """
    _check_pace(scenario.setup)
    for index, step in enumerate(scenario.steps):
        pointer = f"/steps/{index}"
        _check_value(step, pointer)
        _check_troubles(step, pointer)


def _check_pace(setup: Setup) -> None:
    if setup.pace not in PACES:
        known = ", ".join(PACES)
        raise ScenarioError(f"/setup/pace: unknown, known: {known}")


def _check_value(step: Step, pointer: str) -> None:
    if step.do not in _VALUES:
        known = ", ".join(_VALUES)
        raise ScenarioError(f"{pointer}/do: unknown, known: {known}")
    hint = _VALUES[step.do]
    if not fits(step.value, hint):
        expected = wording(hint)
        raise ScenarioError(f"{pointer}/value: {expected} is expected")
    if step.do == "add server":
        _check_part("servers", step.value, f"{pointer}/value")
    if step.do == "put group":
        group = step.value.get("group")
        _check_part("groups", group, f"{pointer}/value/group")
        if not fits(step.value.get("index"), int):
            place = f"{pointer}/value/index"
            raise ScenarioError(f"{place}: an integer is expected")


def _check_part(name: str, value: Any, pointer: str) -> None:
    """Read a part as a setup's, and say where it really stands."""
    try:
        from_document({"setup": {name: [value]}})
    except ScenarioError as error:
        reason = str(error).removeprefix(f"/setup/{name}/0")
        raise ScenarioError(f"{pointer}{reason}") from None


def _check_troubles(step: Step, pointer: str) -> None:
    for index, trouble in enumerate(step.troubles):
        _check_trouble(trouble, f"{pointer}/troubles/{index}")


def _check_trouble(trouble: Trouble, pointer: str) -> None:
    if not _is_operation(trouble.operation):
        services = ", ".join(_SERVICES)
        usual = ", ".join((*OPERATIONS, INVOKE))
        raise ScenarioError(
            f"{pointer}/operation: unknown to {services}; usual: {usual}"
        )
    if trouble.nth < 0:
        raise ScenarioError(
            f"{pointer}/nth: a number from 1 is expected, or 0 for every call"
        )
    try:
        require_known([trouble])
    except UnknownTroubleError as error:
        raise ScenarioError(f"{pointer}/kind: {error}") from None


def _is_operation(name: str) -> bool:
    """Tell whether a side may make a call of that name."""
    if name in OPERATIONS or name == INVOKE:
        return True
    session = botocore.session.get_session()
    return any(
        name in session.get_service_model(service).operation_names
        for service in _SERVICES
    )
