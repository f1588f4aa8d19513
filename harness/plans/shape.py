"""Check a plan file's shape against its JSON Schema, in plain words."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from harness import drs
from harness.plans.problems import Problem
from harness.plans.source import PlanSource, step

SCHEMA_FILE = Path(__file__).with_name("plan.schema.json")

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}

_Finding = tuple[str, str]


@dataclass(frozen=True)
class _Violation:
    """What a rule of the schema found, without jsonschema's optional types."""

    wanted: Any
    schema: Any
    instance: Any


def check(source: PlanSource) -> list[Problem]:
    """List everything whose shape is not that of a plan file."""
    return [
        source.problem(_pointer(error) + suffix, message)
        for error in _validator().iter_errors(source.document)
        for suffix, message in _findings(error)
    ]


def nearest(word: str, known: list[str]) -> str:
    """Suggest what may have been meant, as the end of a message."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    listed = ", ".join(dict.fromkeys(known))
    return f"; known: {listed}" if listed else ""


@cache
def _validator() -> Any:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    # The emulator knows its options; the file only says that there are some.
    schema["properties"]["drs"] |= drs.schema_of(drs.EmulatorOptions)
    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"number": _is_number, "integer": _is_integer}
    )
    validator = validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, type_checker=types
    )
    return validator(schema)


def _is_number(_: object, value: Any) -> bool:
    # YAML, unlike JSON, knows infinity and not-a-number.
    is_real = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def _is_integer(_: object, value: Any) -> bool:
    # What is said to be whole is used as such: 1.0 is no page size.
    return isinstance(value, int) and not isinstance(value, bool)


def _pointer(error: ValidationError) -> str:
    pointer = ""
    for part in error.absolute_path:
        pointer = step(pointer, part)
    return pointer


def _findings(error: ValidationError) -> Iterator[_Finding]:
    explain = _EXPLANATIONS.get(str(error.validator))
    if explain is None:
        yield "", error.message
        return
    yield from explain(
        _Violation(error.validator_value, error.schema, error.instance)
    )


def _unknown_keys(found: _Violation) -> Iterator[_Finding]:
    known = list(found.schema.get("properties", {}))
    for key in found.instance:
        if key not in known:
            hint = nearest(str(key), known)
            yield step("", key), f'unknown key "{key}"{hint}'


def _missing_keys(found: _Violation) -> Iterator[_Finding]:
    for key in found.wanted:
        if key not in found.instance:
            meaning = found.schema["properties"][key].get("description")
            hint = f": {_as_clause(meaning)}" if meaning else ""
            yield "", f'"{key}" is missing{hint}'


def _missing_companions(found: _Violation) -> Iterator[_Finding]:
    for key, companions in found.wanted.items():
        for companion in companions:
            if key in found.instance and companion not in found.instance:
                yield "", f'"{key}" needs "{companion}" beside it'


def _wrong_type(found: _Violation) -> Iterator[_Finding]:
    kinds = found.wanted if isinstance(found.wanted, list) else [found.wanted]
    expected = " or ".join(_TYPES[kind] for kind in kinds)
    message = f"expected {expected}, found {_shown(found.instance)}"
    if "string" in kinds and isinstance(found.instance, (bool, int, float)):
        message += "; put it in quotes"
    yield "", message


def _not_one_of(found: _Violation) -> Iterator[_Finding]:
    choices = list(found.wanted)
    hint = nearest(str(found.instance), choices)
    yield "", f"{_shown(found.instance)} is not allowed here{hint}"


def _not_like(found: _Violation) -> Iterator[_Finding]:
    yield "", f"{_shown(found.instance)} is not {found.schema['title']}"


def _too_much(found: _Violation) -> Iterator[_Finding]:
    yield "", f"{found.instance} is too much; at most {found.wanted}"


def _too_little(found: _Violation) -> Iterator[_Finding]:
    yield "", f"{found.instance} is too little; at least {found.wanted}"


def _empty(found: _Violation) -> Iterator[_Finding]:
    yield "", "must not be empty"


def _as_clause(meaning: str) -> str:
    return meaning[0].lower() + meaning[1:].rstrip(".")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


_EXPLANATIONS: dict[str, Callable[[_Violation], Iterator[_Finding]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "dependentRequired": _missing_companions,
    "type": _wrong_type,
    "enum": _not_one_of,
    "pattern": _not_like,
    "maximum": _too_much,
    "minimum": _too_little,
    "minLength": _empty,
    "minItems": _empty,
}
