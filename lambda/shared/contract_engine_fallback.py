"""Judge documents with ``jsonschema``, as ``jsonschema_rs`` does.

Where the two differ on what is no JSON, the types here follow the fast one.
"""

import math
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from shared import contract_files
from shared.contract_documents import is_unicode
from shared.contract_engines import Finding
from shared.contract_files import Schema


def is_valid(schema: str, document: Any) -> bool:
    """Tell whether a document keeps every rule of a schema."""
    return _validator(schema).is_valid(document)


def findings(schema: str, document: Any) -> Iterator[Finding]:
    """Yield all rules that a document breaks.

    Args:
        schema: Name in ``contract_files``.
        document: Plain JSON.
    """
    return map(_finding, _validator(schema).iter_errors(document))


def first_finding(schema: str, document: Any) -> list[Finding]:
    """Return one of them, none if there is none."""
    return list(islice(findings(schema, document), 1))


def _finding(error: ValidationError) -> Finding:
    rule = str(error.validator)
    expected: Any = error.validator_value
    if rule == "required":
        expected = error.message
    elif rule == "type":
        expected = [expected] if isinstance(expected, str) else expected
    return Finding(tuple(error.absolute_path), rule, expected)


def _required(
    _: Validator, names: list[str], document: Any, __: Any
) -> Iterator[ValidationError]:
    """Name what is missing, as the message and nothing else."""
    if isinstance(document, dict):
        missing = (name for name in names if name not in document)
        yield from map(ValidationError, missing)


def _is_object(_: object, value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_unicode(value)


def _is_number(_: object, value: Any) -> bool:
    return _is_numeric(value) and math.isfinite(value)


def _is_numeric(value: object) -> bool:
    is_truth = isinstance(value, bool)
    return isinstance(value, (int, float, Decimal)) and not is_truth


def _is_integer(_: object, value: Any) -> bool:
    return _is_number(_, value) and value == int(value)


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "object": _is_object,
        "array": lambda _, value: isinstance(value, (list, tuple)),
        "number": _is_number,
        "integer": _is_integer,
    }
)
_Engine = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"required": _required}, type_checker=_TYPES
)


@cache
def _validator(schema: str) -> Validator:
    document = _undeclared(contract_files.schemas()[schema])
    validator: Validator = _Engine(document, registry=_registry())
    return validator


@cache
def _registry() -> Registry[Any]:
    schemas = contract_files.schemas().values()
    return Registry[Any]().with_resources(
        (schema["$id"], DRAFT202012.create_resource(_undeclared(schema)))
        for schema in schemas
    )


def _undeclared(schema: Schema) -> Schema:
    """Leave out `$schema`, at which jsonschema would leave our engine."""
    return {key: part for key, part in schema.items() if key != "$schema"}
