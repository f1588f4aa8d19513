"""Documents made of another one by single edits, many in one file.

``examples/{valid,invalid}/<schema>-edits.json`` holds a list. Each entry has a
``base``: the name of a file in ``examples/valid/`` beside it, or a document;
and ``edits``, each with a ``name``, a ``patch`` (RFC 6902: add, remove,
replace) and, for an invalid one, its ``violation``; or ``violations``, where
what is shown is that none hides another.
"""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.contracts import strict_json

SUFFIX = "-edits"


class PatchError(Exception):
    """A patch cannot be applied to its document."""

    def __init__(self, operation: dict[str, Any]) -> None:
        super().__init__(f"cannot be applied: {json.dumps(operation)}")
        self.operation = operation


@dataclass(frozen=True)
class Edit:
    """A document, what was done to make it, and what is wrong with it.

    Attributes:
        name: What the edit shows.
        document: The base with the patch applied.
        violations: Each with ``pointer`` and ``rule``; none when it stays
            valid.
    """

    name: str
    document: Any
    violations: list[dict[str, str]]


def read(path: Path) -> list[Edit]:
    """Read a file of edits and apply each to its own copy of the base.

    Raises:
        PatchError: A patch does not fit its base.
        KeyError: An edit lacks its name or patch.
        ValueError: The file, or its base, is no JSON.
    """
    return [
        Edit(
            edit["name"],
            apply(_base(entry["base"], path), edit["patch"]),
            _violations(edit),
        )
        for entry in strict_json.parse(path.read_text(encoding="utf-8"))
        for edit in entry["edits"]
    ]


def apply(document: Any, patch: list[dict[str, Any]]) -> Any:
    """Return a copy of a document with a patch applied.

    Args:
        document: As `json.loads` gives it.
        patch: Operations add, remove and replace of RFC 6902.

    Raises:
        PatchError: An operation names no place in the document, or is
            another one.
    """
    # A holder makes the whole document a place like any other.
    holder = {"": copy.deepcopy(document)}
    for operation in patch:
        try:
            _apply(holder, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise PatchError(operation) from error
    return holder[""]


def _violations(edit: dict[str, Any]) -> list[dict[str, str]]:
    one = [edit["violation"]] if "violation" in edit else []
    return [*one, *edit.get("violations", [])]


def _base(base: Any, path: Path) -> Any:
    if not (isinstance(base, str) and base.endswith(".json")):
        return base
    file = path.parents[1] / "valid" / base
    return strict_json.parse(file.read_text(encoding="utf-8"))


def _apply(holder: dict[str, Any], operation: dict[str, Any]) -> None:
    steps = [
        step.replace("~1", "/").replace("~0", "~")
        for step in operation["path"].split("/")
    ]
    target: Any = holder
    for step in steps[:-1]:
        target = target[_key(target, step)]
    key = _key(target, steps[-1])
    if operation["op"] == "add" and isinstance(target, list):
        target.insert(key, copy.deepcopy(operation["value"]))
    elif operation["op"] == "add":
        target[key] = copy.deepcopy(operation["value"])
    elif operation["op"] == "remove":
        del target[key]
    elif operation["op"] == "replace" and _differ(target[key], operation):
        target[key] = copy.deepcopy(operation["value"])
    else:
        raise ValueError(operation["op"])


def _key(target: Any, step: str) -> Any:
    if not isinstance(target, list):
        return step
    return len(target) if step == "-" else int(step)


def _differ(old: Any, operation: dict[str, Any]) -> bool:
    # As JSON: for Python, False is 0 and 1 is 1.0.
    return json.dumps(old) != json.dumps(operation["value"])
